import type { QueryKey } from '@tanstack/react-query'
import { useAction } from '../use-action.ts'
import type { Kind } from './kind.ts'
import { useLostRace } from './lost-race.ts'

interface LifeAction<Output> {
  kind: Kind
  /** Of the query of the one; that of its timeline begins with it. */
  queryKey: QueryKey
  run(): Promise<Output>
  /** The state that it is shown in at once. */
  become?: string | undefined
  done(output: Output): string
  /** Read again as well. */
  touches?: QueryKey[]
  onDone?: () => void
}

/** Something that is done to one of them: seen at once, rolled back where it is refused; who came first is told. */
export const useLifeAction = <Output>(o: LifeAction<Output>) => {
  const { become } = o
  return useAction<void, Output>({
    run: () => o.run(),
    ...(become !== undefined && {
      optimistic: () => [
        {
          // The timeline has a longer key, and another shape.
          key: o.queryKey,
          update: (before: { state: string } | { items: unknown }) =>
            'items' in before ? before : { ...before, state: become },
        },
      ],
    }),
    touches: [o.queryKey, ['overview'], ...(o.touches ?? [])],
    done: (output) => o.done(output),
    refused: useLostRace(o.kind),
    ...(o.onDone !== undefined && { onDone: o.onDone }),
  })
}
