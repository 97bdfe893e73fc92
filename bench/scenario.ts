import { median } from './figures.ts'
import type { WithBench } from './kit.ts'

export interface Options {
  /** Tiny sizes: whether it works, not how fast it is. */
  smoke: boolean
  /** How often what is compared is measured, in turns. */
  rounds: number
  soakMinutes: number
  /** Hands over a server of PostgreSQL: one of the scenario's own, unless it is a smoke run. */
  withBench: WithBench
  say(text: string): void
}

export type Values = Readonly<Record<string, number>>

export interface Bound {
  text: string
  isMet(value: number, all: Values): boolean
}

/** One figure that a scenario yields. Most have no bound: they stand there to be compared with. */
export interface Goal {
  what: string
  unit: string
  bound?: Bound
}

export interface Row {
  id: string
  what: string
  value: number
  unit: string
  /** The figure of each round, where it was measured more than once; `value` is their median. */
  rounds: number[] | null
  goal: string | null
  met: boolean | null
}

export interface Table {
  title: string
  head: string[]
  cells: (string | number)[][]
}

/** Plain data: it is kept as JSON. */
export interface Result {
  rows: Row[]
  tables: Table[]
}

export interface Scenario {
  name: string
  title: string
  /** What is measured and how, as Markdown. */
  about: string
  goals: Readonly<Record<string, Goal>>
  run(options: Options): Promise<Result>
}

export const atMost = (limit: number, unit: string): Bound => ({
  text: `≤ ${limit} ${unit}`,
  isMet: (value) => value <= limit,
})

export const atLeast = (limit: number, unit: string): Bound => ({
  text: `≥ ${limit.toLocaleString('en')} ${unit}`,
  isMet: (value) => value >= limit,
})

export const NONE: Bound = { text: '0', isMet: (value) => value === 0 }

/** Joins what was measured with what was to be reached. An array is one figure a round. Throws unless each is a number. */
export const rowsOf = <Id extends string>(
  goals: Readonly<Record<Id, Goal>>,
  figures: Readonly<Record<Id, number | readonly number[]>>,
): Row[] => {
  const ids = Object.keys(goals) as Id[]
  const values = Object.fromEntries(
    ids.map((id) => {
      const figure = figures[id]
      return [id, typeof figure === 'number' ? figure : median(figure)]
    }),
  ) as Record<Id, number>
  return ids.map((id) => {
    const { what, unit, bound }: Goal = goals[id]
    const figure = figures[id]
    const value = values[id]
    if (!Number.isFinite(value)) throw new Error(`no figure for "${what}"`)
    return {
      id,
      what,
      value: rounded(value),
      unit,
      rounds: typeof figure === 'number' || figure.length === 1 ? null : figure.map(rounded),
      goal: bound?.text ?? null,
      met: bound?.isMet(value, values) ?? null,
    }
  })
}

/** Three digits, or whole: the rest is noise. */
const rounded = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))
