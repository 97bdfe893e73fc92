import type { TestDatabase } from './database.ts'
import type { Received } from './receiver.ts'

export interface AttemptRow {
  id: string
  number: number
  outcome: string
  dueAt: Date
  startedAt: Date
  finishedAt: Date
  lateMs: number
  error: { code: string } | null
}

export interface Stock {
  /** How many notifications are in each stored state. */
  states: Record<string, number>
  /** Ids that have no final state. */
  open: string[]
  /** Attempts that the far side has seen more than once, as `id/number`. */
  doubles: string[]
  /** Attempts that began before they were due, by the database's clock. */
  early: string[]
  /** Attempts that the far side has seen, and of which nothing is on record. */
  unrecorded: string[]
  /** Timers and jobs that are left. */
  waits: number
}

export const attemptsOf = (database: TestDatabase, id?: string): Promise<AttemptRow[]> =>
  database.query<AttemptRow & Record<string, unknown>>(
    `select subject_id as id, number, outcome, due_at as "dueAt", started_at as "startedAt",
            finished_at as "finishedAt", late_ms as "lateMs", error
     from yeyak.attempts where $1::uuid is null or subject_id = $1 order by subject_id, number, started_at`,
    [id ?? null],
  )

const key = ({ id, number }: { id: string; number: number }) => `${id}/${number}`

/** Everything that must hold of a whole run, read from the database and from what the far side has seen. */
export const takeStock = async (database: TestDatabase, received: readonly Received[]): Promise<Stock> => {
  const rows = await database.query<{ id: string; state: string; final: boolean }>(
    `select id, state, finished_at is not null as final from yeyak.notifications`,
  )
  const attempts = await attemptsOf(database)
  const [left] = await database.query<{ n: number }>(
    `select (select count(*) from yeyak.timers)::int
          + (select count(*) from yeyak_queue.job_common where state <= 'active')::int as n`,
  )
  const recorded = new Set(attempts.map(key))
  const seen = received.map(({ id, attempt }) => key({ id, number: attempt }))
  const states = Map.groupBy(rows, (row) => row.state)
  return {
    states: Object.fromEntries([...states].map(([state, group]) => [state, group.length])),
    open: rows.filter((row) => !row.final).map((row) => row.id),
    doubles: seen.filter((one, i) => seen.indexOf(one) !== i),
    early: attempts.filter((attempt) => attempt.startedAt < attempt.dueAt).map(key),
    unrecorded: seen.filter((one) => !recorded.has(one)),
    waits: left?.n ?? 0,
  }
}

/** What the stock of a run is in which everything was delivered, and nothing twice. */
export const allDelivered = (count: number): Stock => ({
  states: { delivered: count },
  open: [],
  doubles: [],
  early: [],
  unrecorded: [],
  waits: 0,
})
