import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { COMPILE_CACHE } from './compile-cache.ts'
import { eventually } from './poll.ts'

export interface LogRecord {
  level: number
  msg: string
  [field: string]: unknown
}

export interface YeyakProcess {
  pid: number
  /** Where its API listens; null without one. */
  url: string | null
  /** Every record that it has logged. */
  records: readonly LogRecord[]
  /** What it has written to standard error: warnings of Node's own, and what ended it. */
  readonly errors: string
  /** Resolves with the first record, past or to come, whose `msg` contains `text`. */
  logged(text: string, timeoutMs?: number): Promise<LogRecord>
  kill(signal: NodeJS.Signals): void
  readonly hasEnded: boolean
  /** Resolves with the exit code, or null where a signal ended it. */
  exited: Promise<number | null>
  /** Ends it, by force if need be, and waits. */
  end(): Promise<void>
}

const PROGRAMS = {
  probe: fileURLToPath(new URL('yeyak-process.ts', import.meta.url)),
  cli: fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)),
}

export interface ProcessOptions {
  role: 'start' | 'api' | 'worker'
  env: Readonly<Record<string, string>>
  /** Wait until it is up; true unless told. */
  wait?: boolean
  /** `probe`, unless told: with channel `probe`. `cli`: the program as it is shipped, which says when it is up its own way. */
  program?: keyof typeof PROGRAMS
  /** The working directory, whose configuration file the program reads; that of the tests unless told. */
  cwd?: string
  /** Arguments of Node's own, before the program. */
  nodeArgs?: readonly string[]
}

/** A real process of Yeyak with channel `probe`, on its own port, logging JSON. */
export const startProcess = async (o: ProcessOptions): Promise<YeyakProcess> => {
  const child: ChildProcess = spawn(
    process.execPath,
    [...(o.nodeArgs ?? []), PROGRAMS[o.program ?? 'probe'], o.role],
    {
      env: { PATH: process.env['PATH'], PORT: '0', YEYAK_LOG_FORMAT: 'json', ...COMPILE_CACHE, ...o.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(o.cwd !== undefined && { cwd: o.cwd }),
    },
  )
  const records: LogRecord[] = []
  if (child.stdout === null || child.stderr === null || child.pid === undefined) throw new Error('no process')
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) records.push(JSON.parse(line) as LogRecord)
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8')
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  let ended = false
  child.on('exit', () => {
    ended = true
  })
  const isUp = () => records.some((record) => record.msg.includes('test: up'))
  const logged = (text: string, timeoutMs = 20_000) =>
    eventually(
      `the log line "${text}"; stderr: ${errors}`,
      () => {
        const found = records.find((record) => record.msg.includes(text))
        if (found === undefined && ended)
          throw new Error(
            `it ended before it logged "${text}": ${errors}${JSON.stringify(records.slice(-5))}`,
          )
        return found
      },
      timeoutMs,
    )
  // One that does not come up is nobody's to end.
  const up = o.wait === false ? null : await logged('test: up').finally(() => isUp() || child.kill('SIGKILL'))
  return {
    pid: child.pid,
    url: typeof up?.['url'] === 'string' ? up['url'].replace('localhost', '127.0.0.1') : null,
    records,
    get errors() {
      return errors
    },
    logged,
    kill: (signal) => child.kill(signal),
    get hasEnded() {
      return ended
    },
    exited,
    async end() {
      if (ended) return
      child.kill('SIGKILL')
      await exited
    },
  }
}
