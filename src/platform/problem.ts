import type { Text } from './errors.ts'

/** One kind of refusal, as documented in `docs/errors.md`. */
export interface Problem {
  readonly status: number
  readonly title: Text
  /** Used where the case itself has nothing more exact to say. Names the mend where there is a general one. */
  readonly detail: Text
  /** Members that the answer has beside the standard ones. */
  readonly members?: readonly string[]
  /** Headers that the answer bears. */
  readonly headers?: readonly string[]
}

type Pair = readonly [en: string, ko: string]

export function problem(
  status: number,
  title: Pair,
  detail: Pair,
  more: Pick<Problem, 'members' | 'headers'> = {},
): Problem {
  const text = ([en, ko]: Pair): Text => Object.freeze({ en, ko })
  return Object.freeze({ status, title: text(title), detail: text(detail), ...more })
}
