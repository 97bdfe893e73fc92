import type { Database } from '../platform/database.ts'
import { isId, newId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import type { ClaimedJob, Job, Queue } from '../queue/index.ts'
import type { Admission } from './admission.ts'
import { type Insist, LOCKED_RETRY_MS, pause } from './insist.ts'
import {
  readStanding,
  readStarted,
  replant,
  type Standing,
  startAttempts,
  type Started,
  type Subject,
} from './repository.ts'

export interface BeginOptions {
  db: Database
  tables: Tables
  queue: Queue
  lane: string
  subject: Subject
  insist: Insist
  admission?: Admission | undefined
  onPlanted(dueMs: number): void
  /** From then on, what has not begun goes back. */
  isStopping(): boolean
  /** Takes over what has begun. */
  onBegun(job: Job, started: Started): void
  /** Nothing more is to be done about this job. */
  release(job: ClaimedJob): void
}

interface Began {
  begun: readonly Started[]
  /** What may not begin yet: it comes back by a timer of its own. */
  aside: readonly Job[]
  /** A timer was planted, due at this instant. */
  calledMs: number | null
}

const isWaiting = (s: Standing | undefined, job: Job): boolean =>
  s !== undefined &&
  (((s.state === 'scheduled' || s.state === 'retrying') && s.generation === job.data.g) ||
    (s.state === 'sending' && s.attemptJob === job.id && (s.attemptTry ?? 0) < job.retryCount))

const isSending = (s: Standing | undefined, job: Job): boolean =>
  s?.state === 'sending' && s.attemptJob === job.id && s.attemptTry === job.retryCount

const subjectsOf = (jobs: readonly Job[]): string[] => jobs.map((job) => job.data.s)

/** The last instant that a `Date` can hold. */
const MAX_INSTANT_MS = 8.64e15

/**
 * One job a subject: of several the one of the latest generation, the others are no-ops. So are jobs that bear no
 * subject at all, put there by somebody else.
 */
const newestOfEach = (jobs: readonly Job[]): { wanted: Job[]; stale: Job[] } => {
  const newest = new Map<string, Job>()
  for (const job of jobs) {
    const { s, g, h } = { ...job.data }
    // What PostgreSQL cannot read would fail the statement for good, and all of its batch with it.
    if (typeof s !== 'string' || !isId(s) || (g | 0) !== g || !(h >= 0 && h <= MAX_INSTANT_MS)) continue
    if (g > (newest.get(s)?.data.g ?? Number.NEGATIVE_INFINITY)) newest.set(s, job)
  }
  const wanted = [...newest.values()]
  const kept = new Set(wanted)
  return { wanted, stale: jobs.filter((job) => !kept.has(job)) }
}

/** Begins the attempts of claimed jobs. Each job ends in `onBegun` or in `release`, whatever becomes of the others. */
export const createBegin = (o: BeginOptions): ((jobs: readonly Job[]) => Promise<void>) => {
  /** Of this batch alone: who comes with another one is another claimant, whatever his claim says. */
  const token = newId()

  const drop = async (jobs: readonly Job[]): Promise<void> => {
    if (jobs.length === 0) return
    await o.insist('removing jobs that are no longer wanted', () => o.queue.remove(o.db, o.lane, jobs))
    for (const job of jobs) o.release(job)
  }

  const giveBack = async (jobs: readonly Job[]): Promise<void> => {
    await o.insist('putting jobs back', () =>
      o.db.transaction().execute(async (tx) => {
        const planted = new Set(await replant(tx, o.tables, o.subject, jobs))
        const back = jobs.filter((job) => planted.has(job.data.s))
        // The claims on the others lapse by themselves, and their next holder sees what they are.
        await o.queue.remove(tx, o.lane, back)
      }),
    )
    // Others may have room for them at once.
    o.onPlanted(0)
    for (const job of jobs) o.release(job)
  }

  /** In one transaction, so that what is begun has its slot, and what is put aside no job. */
  const startWithin = (admission: Admission, jobs: readonly Job[]): Promise<Began> =>
    o.db.transaction().execute(async (tx) => {
      const decided = await admission.admit(tx, jobs)
      const [mayBegin, mustWait] = [new Set(decided.admitted), new Set(decided.aside)]
      const admitted = jobs.filter((job) => mayBegin.has(job.data.s))
      const aside = jobs.filter((job) => mustWait.has(job.data.s))
      const begun = admitted.length === 0 ? [] : await startAttempts(tx, o.tables, o.subject, admitted, token)
      const calledMs = await admission.settle(tx, subjectsOf(admitted), begun)
      await o.queue.remove(tx, o.lane, aside)
      return { begun, aside, calledMs }
    })

  const start = async (jobs: readonly Job[]): Promise<Began> =>
    o.admission === undefined
      ? { begun: await startAttempts(o.db, o.tables, o.subject, jobs, token), aside: [], calledMs: null }
      : startWithin(o.admission, jobs)

  /** What was decided without a send (expired, canceled, a third lost worker) needs only its job removed. */
  const handOn = (begun: readonly Started[], jobs: readonly Job[]): Promise<void> => {
    const bySubject = new Map(begun.map((started) => [started.id, started]))
    const over: Job[] = []
    for (const job of jobs) {
      const started = bySubject.get(job.data.s)
      if (started?.state === 'sending') o.onBegun(job, started)
      else if (started !== undefined) over.push(job)
    }
    return drop(over)
  }

  /** Of jobs that did not begin: those that somebody holds are returned, to be tried again. */
  const sortOut = async (jobs: readonly Job[]): Promise<readonly Job[]> => {
    const rows = await o.insist('reading subjects', () => readStanding(o.db, o.subject, subjectsOf(jobs)))
    if (rows === null) return jobs
    const bySubject = new Map(rows.map((row) => [row.id, row]))
    const waiting = jobs.filter((job) => isWaiting(bySubject.get(job.data.s), job))
    const sending = jobs.filter((job) => isSending(bySubject.get(job.data.s), job))
    const isMine = (job: Job) => bySubject.get(job.data.s)?.attemptToken === token
    // Begun after all: the commit went through, and its answer was lost.
    const begun = sending.filter(isMine)
    // Begun by somebody with the same claim, which a crash of the server had forgotten: his to finish, and to keep alive.
    for (const job of sending) if (!isMine(job)) o.release(job)
    const settled = new Set([...waiting, ...sending])
    await drop(jobs.filter((job) => !settled.has(job)))
    if (begun.length === 0) return waiting
    const started = await o.insist('reading begun attempts', () =>
      readStarted(o.db, o.subject, subjectsOf(begun), token),
    )
    await handOn(started ?? [], begun)
    const handedOn = new Set(started?.map(({ id }) => id))
    return [...waiting, ...begun.filter((job) => !handedOn.has(job.data.s))]
  }

  return async (jobs) => {
    const { wanted, stale } = newestOfEach(jobs)
    const dropping = drop(stale)
    let left: readonly Job[] = wanted
    while (left.length > 0) {
      const current = left
      const began = o.isStopping() ? null : await o.insist('beginning attempts', () => start(current))
      if (began === null) {
        await giveBack(current)
        break
      }
      const { begun, aside, calledMs } = began
      if (calledMs !== null) o.onPlanted(calledMs)
      for (const job of aside) o.release(job)
      await handOn(begun, current)
      const done = new Set([...begun.map(({ id }) => id), ...subjectsOf(aside)])
      const missing = current.filter((job) => !done.has(job.data.s))
      left = missing.length === 0 ? [] : await sortOut(missing)
      if (left.length > 0) await pause(LOCKED_RETRY_MS)
    }
    await dropping
  }
}
