import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { Problem } from '../api/problem.ts'
import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import { useProblemText } from './problem-text.tsx'
import { useSay } from './toasts.tsx'

interface Action<Input, Output> {
  run(input: Input): Promise<Output>
  /** What is shown at once, as if it were done; put back where it was refused. */
  optimistic?: (input: Input) => { key: QueryKey; update: (before: never) => unknown }[]
  /** Read again afterwards, whatever came of it. */
  touches: QueryKey[]
  /** What is said where it was done. */
  done?: (output: Output, input: Input) => string
  /** Where it was refused, in the place of what the server says. */
  refused?: (problem: unknown, input: Input) => string | null
  onDone?: (output: Output, input: Input) => void
  /** The refusal is shown where it was asked for, and said nowhere else: a message would lie over the buttons of a dialog. */
  isShownThere?: boolean | ((problem: unknown) => boolean)
}

/** Something that is done to the server: seen at once, rolled back where it is refused, and told either way. */
export const useAction = <Input = void, Output = unknown>(action: Action<Input, Output>) => {
  const client = useQueryClient()
  const t = useTexts(texts)
  const say = useSay()
  const problemText = useProblemText()
  /** Of the try that is made again: to the version that was meant then, not over what others have changed since. */
  const again = useRef<typeof action.run>(null)
  const mutation = useMutation({
    mutationFn: (input: Input) => {
      const run = again.current ?? action.run
      again.current = null
      return run(input)
    },
    onMutate: async (input) => {
      const run = again.current ?? action.run
      const changes = action.optimistic?.(input) ?? []
      const before = await Promise.all(
        changes.map(async ({ key, update }) => {
          await client.cancelQueries({ queryKey: key })
          const found = client.getQueriesData({ queryKey: key })
          client.setQueriesData({ queryKey: key }, (data: unknown) =>
            data === undefined ? undefined : update(data as never),
          )
          return found
        }),
      )
      return { run, before: before.flat() }
    },
    onError: (problem, input, tried) => {
      for (const [key, data] of tried?.before ?? []) client.setQueryData(key, data)
      const text = action.refused?.(problem, input) ?? problemText(problem)
      const { isShownThere = false } = action
      if (typeof isShownThere === 'boolean' ? isShownThere : isShownThere(problem)) return
      const mayHelp = problem instanceof Problem && problem.isPassing
      const repeat = () => {
        again.current = tried?.run ?? null
        mutation.mutate(input)
      }
      say({ tone: 'bad', text, ...(mayHelp && { action: { label: t.again, run: repeat } }) })
    },
    onSuccess: (output, input) => {
      if (action.done !== undefined) say({ tone: 'good', text: action.done(output, input) })
      action.onDone?.(output, input)
    },
    onSettled: () => Promise.all(action.touches.map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
  return mutation
}

const texts = defineTexts({ again: 'Try again' }, { again: '다시 시도' })
