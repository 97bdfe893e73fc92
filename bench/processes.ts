import type { Begun } from './channel.ts'
import { startChild } from './child.ts'
import type { Load, LoadOptions } from './load-process.ts'
import type { PlantOptions } from './plant.ts'

/** What notes how late things began. */
export interface Measured {
  /** How late each measured send began since the last call, in milliseconds. */
  take(): Promise<number[]>
  /** How many measured sends began since the start. */
  count(): Promise<number>
}

export interface Memory {
  /** Resident now, in bytes. */
  rss: number
  /** The most that ever was, in bytes. */
  peak: number
}

export interface Worker extends Measured {
  url: string | null
  /** The resident memory of the process, in bytes. */
  memory(): Promise<number>
  peakMemory(): Promise<number>
  /** How long the event loop was held up at most since the last call, in milliseconds. */
  longestBlock(): Promise<number>
  /** The sends that are not measured, since the start. */
  begun(): Promise<Begun[]>
  stop(): Promise<void>
  kill(): void
}

/** A real process of Yeyak, with the V8 limits of `npm start`. */
export const startWorker = async (
  databaseUrl: string,
  role: 'start' | 'api' | 'worker' = 'start',
  env: Readonly<Record<string, string>> = {},
): Promise<Worker> => {
  const child = await startChild('yeyak-process.ts', {
    args: [role],
    env: { DATABASE_URL: databaseUrl, PORT: '0', ...env },
    isServer: true,
  })
  const memory = () => child.ask<Memory>('memory')
  return {
    url: typeof child.ready === 'string' ? child.ready.replace('localhost', '127.0.0.1') : null,
    memory: async () => (await memory()).rss,
    peakMemory: async () => (await memory()).peak,
    take: () => child.ask('take'),
    count: () => child.ask('count'),
    longestBlock: () => child.ask('longestBlock'),
    begun: () => child.ask('begun'),
    stop: () => child.stop(),
    kill: () => child.kill(),
  }
}

export interface PlainPgBoss extends Measured {
  /** Returns when the last one is due. */
  plant(o: PlantOptions): Promise<number>
  /** Fetches and completes so many jobs; returns how many milliseconds that took. */
  drain(count: number): Promise<number>
  stop(): Promise<void>
}

export const startPgBoss = async (databaseUrl: string): Promise<PlainPgBoss> => {
  const child = await startChild('pgboss-process.ts', { env: { DATABASE_URL: databaseUrl }, isServer: true })
  return {
    plant: (o) => child.ask('plant', o),
    drain: (count) => child.ask('drain', count),
    take: () => child.ask('take'),
    count: () => child.ask('count'),
    stop: () => child.stop(),
  }
}

export interface Route {
  url: string
  /** What the empty route answers. */
  setResource(resource: unknown): Promise<void>
  stop(): Promise<void>
}

export const startRoute = async (kind: 'empty' | 'pg-boss', databaseUrl = ''): Promise<Route> => {
  const child = await startChild('route-process.ts', {
    args: [kind],
    env: { DATABASE_URL: databaseUrl },
    isServer: true,
  })
  return {
    url: String(child.ready),
    setResource: (resource) => child.ask('resource', resource),
    stop: () => child.stop(),
  }
}

export interface LoadMaker {
  run(o: LoadOptions): Promise<Load>
  stop(): Promise<void>
}

/** Whose figures are worth nothing: as much load as there can be would take both cores from everything beside it. */
const SMOKE_PER_SECOND = 200
/** Within a second a busy machine may answer none of them, and then there is no figure. */
const SMOKE_AMOUNT = 200

export const startLoadMaker = async (smoke: boolean): Promise<LoadMaker> => {
  const child = await startChild('load-process.ts', { isServer: false })
  const rate = smoke ? { perSecond: SMOKE_PER_SECOND, amount: SMOKE_AMOUNT } : {}
  return { run: (o) => child.ask('run', { ...o, ...rate }), stop: () => child.stop() }
}
