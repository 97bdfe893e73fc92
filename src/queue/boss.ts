import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { fromKysely, PgBoss } from 'pg-boss'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'

/** A claimed job: `retryCount` names the claim, so that whoever lost it cannot settle a later one. */
export interface Job<Data = JobData> {
  id: string
  data: Data
  retryCount: number
}

/** What a hand-over carries: identity only. What to do is read from the subject when it begins. */
export interface JobData {
  /** The subject's id. */
  s: string
  /** Its generation when the timer was planted. */
  g: number
  /** When it was handed over, in milliseconds since 1970 by the database's clock. */
  h: number
}

/** The one door to pg-boss. Everything here speaks of queues and jobs, and knows nothing of what they are for. */
export interface Queue {
  /** Throws where a later pg-boss has migrated the tables. */
  assertNotNewer(): Promise<void>
  /** The version of its tables, null where there are none, and the one that this program makes. */
  versions(): Promise<{ found: number | null; known: number }>
  /** Installs or migrates pg-boss's tables. */
  migrate(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
  ensureQueue(name: string, kind: 'lane' | 'intake'): Promise<void>
  /**
   * A part of a statement: puts jobs into a queue that was ensured, and returns their ids. `jobs` is a text of JSON, an
   * array of `{data, priority}`. pg-boss gives each a fresh id: with a subject's own, it would skip a second hand-over.
   */
  insertion(name: string, jobs: RawBuilder<unknown>): RawBuilder<unknown>
  /**
   * Claims up to `limit` jobs. With `maxAgeSeconds`, none that was put in longer ago is looked for: while somebody's old
   * snapshot keeps dead rows, each fetch would walk all of them.
   */
  fetch<Data>(name: string, limit: number, maxAgeSeconds?: number | null): Promise<Job<Data>[]>
  /** Keeps claims alive; one that is not renewed for `HEARTBEAT_SECONDS` is given to another worker. */
  touch(name: string, jobs: readonly ClaimedJob[]): Promise<void>
  /** Removes settled jobs inside the caller's transaction. Returns how many of these claims still stood. */
  remove(tx: Database, name: string, jobs: readonly ClaimedJob[]): Promise<number>
  /** Marks intake jobs completed inside the caller's transaction. Returns how many of these claims still stood. */
  complete(tx: Database, name: string, jobs: readonly ClaimedJob[]): Promise<number>
  /** Gives the claims of lost workers to the living. */
  rescue(name: string): Promise<void>
  readonly jobsTable: RawBuilder<unknown>
  /** The channel on which pg-boss tells of jobs put into an intake queue by other programs. */
  readonly notifyChannel: string
}

export type ClaimedJob = Pick<Job, 'id' | 'retryCount'>

/** pg-boss's minimum. A lost worker's sends are taken over within this, one safety tick and a rescue pass. */
export const HEARTBEAT_SECONDS = 10
export const TOUCH_INTERVAL_MS = 3_000

const DECADE_SECONDS = 10 * 365 * 86_400
const DAY_SECONDS = 86_400

/**
 * Retries, delays and dead letters of pg-boss are not used: retries are timers, dead letters are failed subjects.
 * Its retry count only numbers the claims of lost workers, hence a limit that is never reached, and no delay.
 * Its default retention deletes jobs unseen 14 days after they fell due.
 */
const QUEUE_OPTIONS = {
  retryLimit: 1000,
  retryDelay: 0,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // pg-boss's most: heartbeats tell who is lost, and a task may take hours.
  expireInSeconds: DAY_SECONDS,
  retentionSeconds: DECADE_SECONDS,
}

/**
 * With this option pg-boss fetches by `id = ANY(ARRAY(SELECT …))`. Its plain form is planned as a nested loop over the
 * whole table once that was analysed while empty: 300–870 ms for 200 jobs instead of 2 ms. No job of ours has a group.
 */
const PLAN_PROOF = { groupConcurrency: 1_000_000 }

/** pg-boss names the version of its tables in its package file only. */
const packageOf: (id: string) => { pgboss: { schema: number } } = createRequire(import.meta.url)

/** pg-boss answers a settle with `{ jobs, requested, affected }`, but its published type is empty. */
const affectedBy = (response: object): number => ('affected' in response ? Number(response.affected) : 0)

interface Insertion {
  before: string
  after: string
}

const JOBS_PARAMETER = '$1'

/** What pg-boss would run: handed to it is a database that notes the statement and runs nothing. */
const capture = async (run: (db: ReturnType<typeof fromKysely>) => Promise<unknown>): Promise<string> => {
  let text = ''
  const executeSql = async (statement: string) => {
    text = statement
    return { rows: [] }
  }
  await run({ executeSql })
  return text
}

const cutOnce = (text: string, mark: string, what: string): [before: string, after: string] => {
  const [before, after, ...more] = text.split(mark)
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`this version of pg-boss ${what} jobs by a statement of another shape`)
  }
  return [before, after]
}

/**
 * pg-boss's own statement for putting jobs in, cut where its parameter stands. As a part of ours it makes the whole
 * hand-over one round trip instead of four: half of what lay between due and send.
 */
const captureInsertion = async (boss: PgBoss, name: string): Promise<Insertion> => {
  const text = await capture((db) => boss.insert(name, [], { db, returnId: true }))
  const [before, after] = cutOnce(text, JOBS_PARAMETER, 'puts in')
  return { before, after }
}

/** Where pg-boss's fetch ends its conditions: those of its index, `(name, priority desc, created_on, …)`. */
const FETCH_ORDER = 'ORDER BY j.priority desc, j.created_on'

/**
 * pg-boss's own statement for fetching, with a floor. At 150,000 jobs since the oldest snapshot it takes 27 ms without
 * one and 0.6 ms with it.
 */
const withFloor = (text: string, parameter: number): string => {
  const [before, after] = cutOnce(text, FETCH_ORDER, 'fetches')
  return `${before} and j.created_on >= now() - make_interval(secs => $${parameter}::float8) ${FETCH_ORDER}${after}`
}

export const createQueue = (o: { db: Database; schema: string; log: Logger }): Queue => {
  const executor = fromKysely(o.db)
  const create = (migrate: boolean) => {
    const boss = new PgBoss({
      db: executor,
      schema: o.schema,
      migrate,
      supervise: false,
      schedule: false,
      // A rescue pass is skipped if one ran within this time; every pass of ours has found a lost claim before.
      monitorIntervalSeconds: 1,
    })
    boss.on('error', (err) => o.log.warn({ err }, 'queue: pg-boss reported an error'))
    boss.on('warning', (warning) => o.log.warn({ warning: warning.message }, 'queue: pg-boss warns'))
    return boss
  }
  const boss = create(false)
  const insertions = new Map<string, Insertion>()
  const jobsTable = sql.id(o.schema, 'job_common')
  const versions = async () => ({
    found: (await boss.isInstalled()) ? await boss.schemaVersion() : null,
    known: packageOf('pg-boss/package.json').pgboss.schema,
  })

  return {
    jobsTable,
    versions,
    async assertNotNewer() {
      const { found, known } = await versions()
      if (found === null || found <= known) return
      throw new Error(
        `the queue's schema "${o.schema}" is at version ${found}, this program knows versions up to ${known}`,
      )
    },
    async migrate() {
      const installer = create(true)
      try {
        await installer.start()
      } finally {
        await installer.stop({ graceful: false })
      }
    },
    async start() {
      await boss.start()
    },
    stop: () => boss.stop({ graceful: false }),
    async ensureQueue(name, kind) {
      const options = {
        ...QUEUE_OPTIONS,
        ...(kind === 'intake' && { notify: true, deleteAfterSeconds: DAY_SECONDS }),
      }
      await boss.createQueue(name, options)
      await boss.updateQueue(name, options)
      insertions.set(name, await captureInsertion(boss, name))
      // Found out now, not at the first fetch.
      withFloor(await capture((db) => boss.fetch(name, { ...PLAN_PROOF, db })), 1)
    },
    insertion(name, jobs) {
      const parts = insertions.get(name)
      if (parts === undefined) throw new Error(`queue ${name} was not ensured`)
      return sql`${sql.raw(parts.before)}${jobs}${sql.raw(parts.after)}`
    },
    fetch: <Data>(name: string, limit: number, maxAgeSeconds: number | null = null) => {
      const floored: ReturnType<typeof fromKysely> = {
        executeSql: (text, values = []) =>
          executor.executeSql(withFloor(text, values.length + 1), [...values, maxAgeSeconds]),
      }
      const options = { batchSize: limit, ...PLAN_PROOF, ...(maxAgeSeconds !== null && { db: floored }) }
      return boss.fetch<Data>(name, options) as Promise<Job<Data>[]>
    },
    async touch(name, jobs) {
      if (jobs.length > 0) await boss.touch(name, [...jobs])
    },
    async remove(tx, name, jobs) {
      if (jobs.length === 0) return 0
      return affectedBy(await boss.deleteJob(name, [...jobs], { db: fromKysely(tx) }))
    },
    async complete(tx, name, jobs) {
      return affectedBy(await boss.complete(name, [...jobs], null, { db: fromKysely(tx) }))
    },
    rescue: (name) => boss.supervise(name),
    notifyChannel: `pgboss_${createHash('sha224').update(o.schema).digest('hex').slice(0, 24)}`,
  }
}
