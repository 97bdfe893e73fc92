import type { Pool, PoolClient, PoolConfig } from 'pg'
import type { ContentType, ExternalContext, ExternalModel, Mapping } from '../publishing/index.ts'
import type { TaskDefinition, TaskRun } from '../tasks/index.ts'

/** The client where none is given. */
export type DefaultClient = Pool

/** A time: an instant, a delay from now, or a wall clock with its zone. As in the HTTP API, and a `Date`. */
export type When =
  | string
  | Date
  | { delay: string | number }
  | { local: string; timeZone: string; disambiguation?: 'reject' | 'earlier' | 'later' }

/** The type of an open transaction of the caller's own client, which is told apart by its shape. */
export type TxOf<C> = C extends {
  $transaction: (run: (tx: infer X) => Promise<any>, ...o: any[]) => any
}
  ? X
  : C extends {
        readonly isTransaction: boolean
        transaction(): { execute(run: (tx: infer X) => Promise<any>): any }
      }
    ? X
    : C extends { raw: any; transaction: (run: (tx: infer X) => any, ...o: any[]) => any }
      ? X
      : C extends { execute: any; transaction: (run: (tx: infer X) => Promise<any>, ...o: any[]) => any }
        ? X
        : C extends Pool
          ? PoolClient
          : never

export interface Retry {
  /** Tries after the first. */
  limit?: number
  delaySeconds?: number
  backoff?: 'fixed' | 'exponential'
  maxDelaySeconds?: number
}

/** What a model's callbacks get: the caller's own transaction, and what is to happen in it. */
export type Context<X> = ExternalContext<X>

/** The columns of a table of the caller's own. What is left out is not written. */
export type Columns = Mapping

/** Rows of the caller's own that go live by Yeyak: by columns, or by code of his own. */
export type Model<X> = ExternalModel<X>

export type { ContentType, TaskRun }

/** Background work of the application's own; `defineTask` gives `data` the type of its schema. */
export type Task<Data = any> = TaskDefinition<Data>

export interface Config<C, M extends string, K extends string = string> {
  /** What the application has: a Prisma client, a Drizzle, Kysely or Knex database, or a pg Pool. A pool on `database` where left out. */
  client?: C
  /** Where Yeyak's own connections go: `DATABASE_URL` or `DB_*` where left out, or where `client` is a pg Pool, where that goes. */
  database?: string | PoolConfig
  /** The schema of Yeyak's tables: `yeyak`. */
  schema?: string
  /** The project's name: `default`. */
  project?: string
  /** Rows of the caller's own tables that go live by Yeyak, by a name. */
  models?: Record<M, Model<TxOf<C>>>
  /** Types of the content that Yeyak holds itself, for its workers and its API. */
  content?: readonly ContentType[]
  /** Recurring schedules, by their names: workers see to it that they are there, and say the same. */
  schedules?: Readonly<Record<string, ScheduleDeclaration>>
  /** Background tasks by their names, or a list of those that say theirs. */
  tasks?: Readonly<Record<K, Task>> | readonly (Task & { name: K })[]
  /** A pino logger; silent where left out. */
  logger?: object
  /** Told of what fails in the background. */
  onError?(error: Error): void
}

/** A time as JSON has it. */
type PlainWhen = Exclude<When, Date>

/** A recurring schedule, as `PUT /v1/schedules/{name}` takes it. */
export type ScheduleDeclaration = {
  /** Exactly one of `cron` and `rrule`. */
  cron?: string
  rrule?: string
  timeZone?: string
  startsAt?: PlainWhen
  endsAt?: PlainWhen
  exclude?: string[]
  jitterSeconds?: number
  missed?: 'skip' | 'once' | 'all'
  missedWithinSeconds?: number
  concurrent?: 'allow' | 'skip'
  dstGap?: 'next' | 'skip'
  dstOverlap?: 'first' | 'both'
  /** Exactly one of these: what each run starts. */
  notification?: { channel?: string; to?: unknown; [member: string]: unknown }
  publish?: { type: string; id: string; locale?: string }
  unpublish?: { type: string; id: string; locale?: string }
  task?: { name: string; data?: object; [member: string]: unknown }
}

export interface In<C> {
  /** An open transaction of the caller's own client: everything is written in it, and in nothing else. */
  tx?: TxOf<C>
}

export interface Common {
  expiresAt?: When
  priority?: number
  dedupeKey?: string
  onDuplicate?: 'ignore' | 'replace' | 'reject'
  groupKey?: string
  retry?: Retry
  tags?: string[]
}

export interface Item {
  id: string
  state: string
  dueAt: Date
  /** One with its `dedupeKey` was pending: this is that one. */
  deduplicated?: true
}

export interface Cancel {
  /** `canceled` means that it will not begin; `canceling`, of a run of a task that runs, that it is told to stop. */
  outcome: 'canceled' | 'canceling' | 'too_late' | 'already_final'
  state: string
}

/** A row of a model, and when it goes live, ceases to be, or both. */
export interface Publication<M extends string> {
  model: M
  /** As text, whatever the type of the table's key. */
  id: string
  publishAt?: When
  unpublishAt?: When
  locale?: string
  /** Later than this it is not published any more, but missed. */
  maxLateSeconds?: number
}

export interface Resource<M extends string> {
  model: M
  id: string
  locale?: string
}

export interface Yeyak<C, M extends string = never, K extends string = never> extends AsyncDisposable {
  notifications: {
    schedule(
      notification: Common & { channel?: string; to?: unknown; sendAt?: When; [content: string]: unknown },
      options?: In<C>,
    ): Promise<Item>
    cancel(id: string, options?: In<C>): Promise<Cancel>
  }
  tasks: {
    schedule(
      run: Common & { name: K; data?: unknown; runAt?: When; timeoutSeconds?: number; metadata?: object },
      options?: In<C>,
    ): Promise<Item>
    cancel(id: string, options?: In<C>): Promise<Cancel>
  }
  publishing: {
    /** Replaces what is pending for the row. */
    schedule(publication: Publication<M>, options?: In<C>): Promise<Item[]>
    cancel(resource: Resource<M>, options?: In<C>): Promise<Cancel>
    /** Now; nothing stays pending. */
    publish(resource: Resource<M>, options?: In<C>): Promise<Item>
  }
  /** Brings the tables to this version. */
  migrate(): Promise<void>
  /** Delivers and publishes in this process, from now on. */
  startWorker(options?: { concurrency?: number; migrate?: boolean }): Promise<void>
  /**
   * For tests: hands over and finishes everything that is due by then, in order, in this process. Time is the database's, and
   * is not moved: what is due later than now is made due now, one instant after the other.
   */
  runDue(options: { until: Date | string }): Promise<void>
  /** Takes no new work, waits for what runs, puts back the rest, and closes what Yeyak opened. Safe to repeat. */
  stop(options?: { timeoutSeconds?: number }): Promise<void>
}
