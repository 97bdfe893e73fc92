import { type Image, openImage } from './image.ts'
import type { Input } from './input.ts'
import type { Answer, Question } from './process-messages.ts'
import { ImageError, type Trouble } from './trouble.ts'

const NOT_OPEN: Trouble = { code: 'image-process-lost', message: 'no image is open', isFinal: false }

/** Answers the questions of the program one after another: an image has the process for itself. */
export const answerWith = (send: (answer: Answer) => void, input: Pick<Input, 'take'>) => {
  let image: Image | null = null
  let last = Promise.resolve()

  const answer = async (question: Question): Promise<Answer> => {
    const { id } = question
    if (question.ask === 'open') {
      image = null
      image = await openImage(await input.take(question.length), question.limits)
      return { id, header: image.header }
    }
    if (image === null) return { id, trouble: NOT_OPEN }
    return { id, bytes: await image.make(question.recipe, question.widths) }
  }

  return (message: unknown): void => {
    const question = message as Question
    last = last.then(async () => {
      try {
        send(await answer(question))
      } catch (error) {
        const trouble =
          error instanceof ImageError
            ? error.trouble
            : { code: 'image-failed', message: 'the image could not be worked on', isFinal: false }
        send({ id: question.id, trouble })
      }
    })
  }
}
