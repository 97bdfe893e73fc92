import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import {
  countOf,
  endpointsOf,
  type Found,
  NOTHING,
  type Person,
  scanNotifications,
  stillSending,
} from './repository-forget.ts'
import { byProject, createProof, eraseNotifications, type Proof } from './repository-forget-erase.ts'
import { eraseFromRuns, runsUnderWay } from './repository-forget-runs.ts'
import { eraseFromSchedules } from './repository-forget-schedules.ts'
import {
  eraseFromEvents,
  eraseFromGroups,
  eraseFromOperations,
  eraseFromQueue,
  type ErasedEvents,
  type EventPlace,
} from './repository-forget-traces.ts'

export interface ForgetOptions {
  db: Database
  tables: Tables
  queueSchema: string
  person: Person
  /** Where mails are captured instead of sent; null where they are not. */
  mailDirectory: string | null
}

export interface Report extends Found {
  /** Schedules, events of other kinds, bulk changes, runs of tasks, groups and jobs that mention the address. */
  traces: number
  /** Runs of tasks that mention it and run at this moment. */
  running: number
}

export interface Forgotten extends Report {
  proof: Proof | null
  /** What is still being sent, or runs: it is done by running the command again. */
  left: number
}

/** Rows in one transaction. */
const CHUNK = 200
/** How long a send under way is waited for. */
const WAIT_MS = 30_000
const POLL_MS = 200

const add = (a: Found, b: Found): Found => ({
  notifications: a.notifications + b.notifications,
  waiting: a.waiting + b.waiting,
  sending: a.sending + b.sending,
  attempts: a.attempts + b.attempts,
  events: a.events + b.events,
})

const chunks = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, i) => ids.slice(i * CHUNK, (i + 1) * CHUNK))

/** Calls `each` with the ids of all that go to the person, a few at a time. */
const walk = async (o: ForgetOptions, each: (ids: readonly string[]) => Promise<void>): Promise<void> => {
  let after: string | null = null
  do {
    const { ids, last } = await scanNotifications(o.db, o.tables, o.person, after)
    for (const chunk of chunks(ids)) await each(chunk)
    after = last
  } while (after !== null)
}

const traces = async (
  { db, tables, person, queueSchema }: ForgetOptions,
  endpoints: readonly string[],
  isDryRun: boolean,
): Promise<number> => {
  let total = 0
  let after: EventPlace | null = { xid: '0', id: '0' }
  while (after !== null) {
    const part: ErasedEvents = await eraseFromEvents(db, tables, person, { after, endpoints, isDryRun })
    total += part.found
    after = part.last
  }
  for (const erase of [
    () => eraseFromOperations(db, tables, person, isDryRun),
    () => eraseFromRuns(db, tables, person, isDryRun),
    () => eraseFromGroups(db, tables, person, isDryRun),
    () => eraseFromQueue(db, queueSchema, person, isDryRun),
  ]) {
    let found: number
    do {
      found = await erase()
      total += found
    } while (found > 0 && !isDryRun)
  }
  return total
}

/** What there is of the person. Changes nothing. */
export const previewForget = async (o: ForgetOptions): Promise<Report> => {
  let found = NOTHING
  await walk(o, async (ids) => {
    found = add(found, await countOf(o.db, o.tables, ids))
  })
  const schedules = await eraseFromSchedules(o.db, o.tables, o.person, true)
  const others = schedules + (await traces(o, [], true))
  return { ...found, traces: others, running: await runsUnderWay(o.db, o.tables, o.person) }
}

/** Removes it, in transactions of a few rows each: where it is interrupted, running it again goes on. */
export const forget = async (o: ForgetOptions): Promise<Forgotten> => {
  const proof = createProof(o.person)
  const erase = { db: o.db, tables: o.tables, proof, endpoints: await endpointsOf(o.db, o.tables) }
  let schedules = 0
  for (let part = -1; part !== 0; schedules += part)
    part = await eraseFromSchedules(o.db, o.tables, o.person, false)
  let found = NOTHING
  let sending: string[] = []
  const eraseAll = async (ids: readonly string[]): Promise<string[]> => {
    // Before the rows: those that are empty would not be found again.
    if (o.mailDirectory !== null)
      for (const id of ids) await rm(path.join(o.mailDirectory, `${id}.eml`), { force: true })
    const left: string[] = []
    for (const [projectId, own] of await byProject(o.db, o.tables, ids))
      left.push(...(await eraseNotifications(erase, projectId, own)))
    return left
  }
  await walk(o, async (ids) => {
    found = add(found, await countOf(o.db, o.tables, ids))
    sending.push(...(await eraseAll(ids)))
  })
  const deadlineMs = performance.now() + WAIT_MS
  while (sending.length > 0 && performance.now() < deadlineMs) {
    await sleep(POLL_MS)
    const busy = await stillSending(o.db, o.tables, sending)
    const ended = sending.filter((id) => !busy.includes(id))
    sending = busy
    for (const chunk of chunks(ended)) sending.push(...(await eraseAll(chunk)))
  }
  const others = schedules + (await traces(o, erase.endpoints, false))
  const running = await runsUnderWay(o.db, o.tables, o.person)
  const left = sending.length + running
  return { ...found, traces: others, running, left, proof: found.notifications > 0 ? proof : null }
}
