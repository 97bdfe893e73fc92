import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Answer, READY } from './serve.ts'

/** The limits that `npm start` sets, for every server that is compared. */
const V8_LIMITS = ['--max-old-space-size=160', '--max-semi-space-size=16', '--no-allocation-site-pretenuring']
/** Of a smoke run, which starts some fifty of them. */
const { NODE_COMPILE_CACHE } = process.env
const COMPILED = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 30_000

/** A process of the benchmark's own. It ends with this one. */
export interface Child {
  /** What it said when it was up. */
  ready: unknown
  /** Rejects where the process says so, or ends. */
  ask<Value>(question: string, input?: unknown): Promise<Value>
  /** Asks it to stop, waits for its end, and ends it where that takes too long. */
  stop(): Promise<void>
  kill(): void
}

const living = new Set<ChildProcess>()

/** Ends whatever a scenario that failed has left, so that it does not disturb the next one. */
export const killChildren = (): void => {
  for (const child of living) child.kill('SIGKILL')
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

export const startChild = async (
  program: `${string}.ts`,
  o: { args?: readonly string[]; env?: Readonly<Record<string, string>>; isServer: boolean },
): Promise<Child> => {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), o.args ?? [], {
    execArgv: o.isServer ? V8_LIMITS : [],
    env: { PATH: process.env['PATH'], ...COMPILED, ...o.env },
    // A folder without an .env file. Standard output is the benchmark's own.
    cwd: tmpdir(),
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const exited = once(child, 'exit')
  living.add(child)
  const waiting = new Map<number, Waiting>()
  let ended = false
  let lastId = READY

  const ask = (id: number, send: () => void) =>
    new Promise<unknown>((resolve, reject) => {
      if (ended) return reject(new Error(`${program} has ended`))
      waiting.set(id, { resolve, reject })
      send()
    })
  child.on('message', (message) => {
    const answer = message as Answer
    const asker = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) asker?.reject(new Error(`${program}: ${answer.error}`))
    else asker?.resolve(answer.value)
  })
  child.on('exit', (code, signal) => {
    ended = true
    living.delete(child)
    for (const asker of waiting.values())
      asker.reject(new Error(`${program} has ended: ${signal ?? `exit code ${code}`}`))
    waiting.clear()
  })

  const isUp = ask(READY, () => undefined)
  const tooLong = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS)
  const ready = await isUp.finally(() => clearTimeout(tooLong))
  return {
    ready,
    async ask<Value>(question: string, input: unknown = null) {
      const id = (lastId += 1)
      return (await ask(id, () => child.send({ id, ask: question, input }))) as Value
    },
    async stop() {
      if (ended) return
      const tooSlow = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
      child.send({ id: (lastId += 1), ask: 'stop', input: null })
      await exited
      clearTimeout(tooSlow)
    },
    kill: () => child.kill('SIGKILL'),
  }
}
