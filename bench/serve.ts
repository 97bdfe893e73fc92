/** What the benchmark asks of a process that it started, and what that answers. */
export interface Question {
  id: number
  ask: string
  input: unknown
}

export type Answer = { id: number; value: unknown } | { id: number; error: string }

/** `id` of what a process says by itself once it is up. */
export const READY = 0

/**
 * Answers the questions of the parent, and says that this process is up. It ends with its parent, however that ends:
 * then the channel between them closes.
 */
export const serve = (
  handlers: Readonly<Record<string, (input: unknown) => unknown>>,
  ready: unknown = null,
) => {
  const reply = (answer: Answer) => process.send?.(answer)
  const answer = async ({ id, ask, input }: Question): Promise<void> => {
    try {
      const handler = handlers[ask]
      if (handler === undefined) throw new Error(`nobody answers "${ask}"`)
      reply({ id, value: await handler(input) })
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  }
  process.on('message', (question) => void answer(question as Question))
  reply({ id: READY, value: ready })
}

/** To be called first, so that nothing is left behind by a parent that ends while this process starts. */
export const endWithParent = (): void => {
  process.on('disconnect', () => process.exit(1))
}
