import { compileBody } from '../http/index.ts'
import { DEFAULT_RETRY, type RetryPolicy } from '../delivery/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { readBelow } from '../platform/faults-below.ts'
import { suggest } from '../platform/suggest.ts'
import type { DeclaredTask } from './declared.ts'
import type { TaskRetry, TaskUpload } from './define.ts'

/** What its task gives to a run beside its data. */
export interface TaskSettings {
  readonly retry: RetryPolicy
  readonly timeoutSeconds: number
  /** The field of `data` that names what runs one at a time. */
  readonly concurrencyKey: string | null
}

/** A task whose schema was compiled, with everything that was left out. */
export interface Task extends TaskSettings {
  readonly name: string
  readonly lane: string
  readonly description: string | null
  readonly schema: object | null
  /** Over all workers; null: no limit. */
  readonly concurrency: number | null
  /** In one worker; null: as many as it has room for. */
  readonly concurrencyOfWorker: number | null
  readonly thread: boolean
  readonly threadMemoryMb: number
  readonly upload: TaskUpload | null
  /** Throws `invalid-request` with every fault by its path below `data`. */
  validate(data: unknown): void
  /** The same for what was sent without a file. */
  validateWithout(data: Readonly<Record<string, unknown>>): void
  handler: DeclaredTask['handler']
  prune: (() => Promise<void>) | undefined
  close: (() => Promise<void>) | undefined
}

export interface Tasks {
  readonly names: readonly string[]
  readonly all: readonly Task[]
  get(name: string): Task | undefined
  /** Throws `unknown-task`. */
  require(name: string): Task
}

/** A lane of its own for each task: a worker takes those that it knows. */
export const laneOfTask = (name: string): string => `tasks.${name}`

const NAME = /^[a-z][a-z0-9._-]{0,99}$/u
export const LONGEST_TIMEOUT_SECONDS = 43_200
const MOST_AT_ONCE = 10_000
const MOST_TRIES = 100
const LONGEST_DELAY_SECONDS = 86_400
const LONGEST_MAX_DELAY_SECONDS = 604_800
const THREAD_MEMORY_MB = 256

/** Of a task that says nothing. */
export const DEFAULT_SETTINGS: TaskSettings = {
  ...{ retry: DEFAULT_RETRY, timeoutSeconds: 60, concurrencyKey: null },
}

export const unknownTask = (name: string, known: readonly string[] = []): YeyakError => {
  const shown = name.slice(0, 100).toWellFormed()
  const suggestion = suggest(name, known)
  const message = { en: `Unknown task: ${shown}`, ko: `알 수 없는 작업입니다: ${shown}` }
  return new YeyakError('unknown-task', {
    detail: message,
    errors: suggestion === undefined ? [] : [{ path: 'name', message, suggestion }],
  })
}

const within = (task: string, name: string, value: unknown, least: number, most: number): void => {
  if (value === undefined) return
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw new Error(`task "${task}": ${name} must be a number from ${least} to ${most}`)
}

const whole = (task: string, name: string, value: unknown, least: number, most: number): void => {
  within(task, name, value, least, most)
  if (value !== undefined && !Number.isInteger(value))
    throw new Error(`task "${task}": ${name} must be a whole number`)
}

const checkRetry = (task: string, retry: TaskRetry): void => {
  whole(task, 'retry.limit', retry.limit, 0, MOST_TRIES)
  within(task, 'retry.delaySeconds', retry.delaySeconds, 0, LONGEST_DELAY_SECONDS)
  within(task, 'retry.maxDelaySeconds', retry.maxDelaySeconds, 0, LONGEST_MAX_DELAY_SECONDS)
  if (retry.backoff !== undefined && retry.backoff !== 'fixed' && retry.backoff !== 'exponential')
    throw new Error(`task "${task}": retry.backoff must be "fixed" or "exponential"`)
}

const KNOWN = new Set([
  ...['name', 'description', 'schema', 'retry', 'concurrency', 'concurrencyKey', 'timeoutSeconds'],
  ...['thread', 'threadMemoryMb', 'upload', 'check', 'concurrencyOfWorker', 'handler', 'prune', 'close'],
])

const checkMembers = (name: string, task: object): void => {
  for (const member of Object.keys(task)) {
    if (KNOWN.has(member)) continue
    const suggestion = suggest(member, [...KNOWN])
    throw new Error(
      `task "${name}": there is no option ${member}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
    )
  }
}

/** Everything that could be refused about a declaration is refused at the start, by name. */
const compile = (task: DeclaredTask): Task => {
  const { name } = task
  if (!NAME.test(name))
    throw new Error(`"${name}" is no name for a task: 1 to 100 of a-z 0-9 . _ - are, beginning with a letter`)
  checkMembers(name, task)
  if (typeof task.handler !== 'function') throw new Error(`task "${name}" has no handler`)
  whole(name, 'concurrency', task.concurrency, 1, MOST_AT_ONCE)
  within(name, 'timeoutSeconds', task.timeoutSeconds, 1, LONGEST_TIMEOUT_SECONDS)
  whole(name, 'threadMemoryMb', task.threadMemoryMb, 16, 16_384)
  checkRetry(name, task.retry ?? {})
  const { schema = null, concurrencyKey = null } = task
  const check = schema === null ? null : compileSchema(name, schema)
  const validate = (data: unknown, more?: () => void): void =>
    readBelow('data', () => {
      check?.(data)
      task.check?.(data)
      more?.()
    })
  return {
    ...{ name, schema, concurrencyKey, lane: laneOfTask(name), description: task.description ?? null },
    retry: { ...DEFAULT_RETRY, ...task.retry },
    concurrency: task.concurrency ?? null,
    concurrencyOfWorker: task.concurrencyOfWorker ?? null,
    timeoutSeconds: task.timeoutSeconds ?? DEFAULT_SETTINGS.timeoutSeconds,
    thread: task.thread ?? false,
    threadMemoryMb: task.threadMemoryMb ?? THREAD_MEMORY_MB,
    upload: task.upload ?? null,
    validate: (data) => validate(data),
    validateWithout: (data) => validate(data, () => task.upload?.checkWithout(data)),
    handler: (run) => task.handler(run),
    prune: task.prune?.bind(task),
    close: task.close?.bind(task),
  }
}

const compileSchema = (name: string, schema: object): ((body: unknown) => void) => {
  try {
    // Through JSON: a schema of TypeBox has symbols of its own, and nobody may change it under the compiled one.
    const plain = JSON.parse(JSON.stringify(schema)) as { type?: unknown }
    if (plain.type !== undefined && plain.type !== 'object')
      throw new Error('data is an object, so its type must be "object"')
    // By itself and not as a member of something, so that its own references lead where they say.
    return compileBody({ ...plain, type: 'object' })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`task "${name}": its schema is none: ${why}`, { cause })
  }
}

/** Compiles the tasks. Throws where two share a name, or a declaration is none. */
export const createTasks = (declared: readonly DeclaredTask[]): Tasks => {
  const tasks = new Map(declared.map((task) => [task.name, compile(task)]))
  const names = [...tasks.keys()].toSorted()
  if (names.length !== declared.length) {
    const twice = declared.find(({ name }, i) => declared.findIndex((other) => other.name === name) !== i)
    throw new Error(`two tasks have the name "${twice?.name ?? ''}"`)
  }
  return {
    names,
    all: [...tasks.values()],
    get: (name) => tasks.get(name),
    require(name) {
      const task = tasks.get(name)
      if (task === undefined) throw unknownTask(name, names)
      return task
    },
  }
}
