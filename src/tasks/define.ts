import type { XStatic } from 'typebox/schema'
import type { Database } from '../platform/database.ts'

/** What a handler gets: one attempt at one run. */
export interface TaskRun<Data = unknown> {
  /** The run's: the same in every attempt, so that what is done elsewhere can be done once. */
  id: string
  data: Data
  /** 1 for the first. */
  attempt: number
  /**
   * Aborted when the run is canceled, has had its time, or is cut off by a shutdown. A handler that goes on regardless is
   * left behind: what it returns later counts for nothing.
   */
  signal: AbortSignal
  /** How far it is, 0 to 100; as often as it likes, written now and then. */
  progress(percent: number): void
}

export interface TaskRetry {
  /** Tries after the first. */
  limit?: number
  delaySeconds?: number
  backoff?: 'fixed' | 'exponential'
  maxDelaySeconds?: number
}

interface Common {
  /** Tries after a failure, where the run does not say otherwise. */
  retry?: TaskRetry
  /** Runs of it at a time, over all workers; as many as the workers have room for where left out. */
  concurrency?: number
  /** Of one attempt, 1 to 43,200; 60 where left out. */
  timeoutSeconds?: number
}

/** Work of the application's own, as it is declared in `yeyak.config.ts`. */
export interface TaskDefinition<Data = unknown> extends Common {
  /** 1 to 100 of `a-z0-9._-`, beginning with a letter; the name that it is registered by where left out. */
  name?: string
  /** JSON Schema of `data`, or a type of TypeBox: held against it when it is scheduled, and again when it runs. */
  schema?: object
  /** Runs of it at a time that have the same `data` in this field (a text or a number), over all workers: one. */
  concurrencyKey?: string
  /**
   * In a worker thread: a handler that never ends, fills the memory or ends its process costs its own run alone. The thread
   * loads the configuration file anew, and finds the task in it by its name.
   */
  thread?: boolean
  /** Megabytes that a thread may fill: 256 where left out. */
  threadMemoryMb?: number
  /**
   * What it returns is kept as the run's `result`, at most 256 kB of JSON. What it throws is a failure that is tried again; a
   * `YeyakError` with the code `rejected` is one for good.
   */
  handler(run: TaskRun<Data>): unknown
}

/** What a built-in task gets beside that. */
export interface BuiltInRun<Data = unknown> extends TaskRun<Data> {
  projectId: number
  /** The `result` that an earlier attempt left behind, by `TaskFailure` say; null at first. */
  previous: unknown
}

/** A file that came with the request in `multipart/form-data`, whole. */
export interface UploadedFile {
  bytes: Buffer
  /** As the caller names it; no path, and nothing that may be trusted. */
  filename: string
  contentType: string
}

/** A task with an upload takes `multipart/form-data`, with the file and the fields of the JSON body for parts, beside a JSON body. */
export interface TaskUpload {
  /** Larger files are 413 `too-large`. */
  maxBytes: number
  /**
   * Before anything is written. Returns what `data` is then, which is held against the schema.
   * @throws YeyakError `invalid-request`, with `file` for a path
   */
  check(file: UploadedFile, data: Record<string, unknown>): Promise<Record<string, unknown>>
  /**
   * Of `data` that came without a file: what only `check` may put into it is refused.
   * @throws YeyakError whose paths are below `data`
   */
  checkWithout(data: Readonly<Record<string, unknown>>): void
  /** Keeps the bytes, in the transaction that makes the run or rewrites it: rolled back, nothing stays. */
  keep(tx: Database, run: { id: string; projectId: number }, file: UploadedFile): Promise<void>
}

/**
 * A task of the program's own, made by a factory that is handed what it needs (database, settings) and registered in
 * `roles/shared.ts`. Its handler runs in the worker's thread: what is heavy belongs to threads of a library's own.
 */
export interface BuiltInTask<Data = unknown> extends Common {
  name: string
  schema: object
  /** In the list of tasks. */
  description: string
  upload?: TaskUpload
  /** Runs of it at a time in one worker, where more would only wait there with their time running. */
  concurrencyOfWorker?: number
  /**
   * What a schema cannot say of `data`, asked when it is scheduled and again when it runs. Quick, and without a look-up.
   * @throws YeyakError whose paths are below `data`
   */
  check?(data: Data): void
  handler(run: BuiltInRun<Data>): Promise<unknown>
  /** Now and then, in a worker: removes what no run needs any more. */
  prune?(): Promise<void>
  close?(): Promise<void>
}

/** A failure of which the handler knows more than that it is one. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure'
  /** Kebab-case; shown as `attempts[].error.code`. */
  readonly code: string
  /** Not tried again. */
  readonly isFinal: boolean
  /** Not tried again sooner than this, within the run's own `maxDelaySeconds`. */
  readonly afterMs: number | undefined
  /** Kept as the run's `result` although it failed, and given to the next attempt as `previous`. */
  readonly result: unknown

  constructor(
    message: string,
    o: { code: string; isFinal?: boolean; afterMs?: number; result?: unknown; cause?: unknown },
  ) {
    super(message, o.cause === undefined ? undefined : { cause: o.cause })
    this.code = o.code
    this.isFinal = o.isFinal ?? false
    this.afterMs = o.afterMs
    this.result = o.result
  }
}

/** What `data` is, by its schema: one of TypeBox, or JSON Schema written in place. */
export type DataOf<Schema extends object> = XStatic<Schema>

/** For `yeyak.config.ts`: `data` has the type that the schema says. Returns what it is given. */
export const defineTask = <const Schema extends object = object, const Name extends string = never>(
  task: Omit<TaskDefinition<DataOf<Schema>>, 'schema' | 'name'> & { schema?: Schema; name?: Name },
): TaskDefinition<DataOf<Schema>> & ([Name] extends [never] ? unknown : { name: Name }) =>
  task as TaskDefinition<DataOf<Schema>> & ([Name] extends [never] ? unknown : { name: Name })

/** The same for a built-in one. */
export const defineBuiltIn = <const Schema extends object>(
  task: Omit<BuiltInTask<DataOf<Schema>>, 'schema'> & { schema: Schema },
): BuiltInTask<DataOf<Schema>> => task
