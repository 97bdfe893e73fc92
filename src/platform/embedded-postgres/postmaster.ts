import { readFile, readlink, realpath, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { programPath } from './binaries.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { inspectProcess, pollUntil, run } from './processes.ts'

/** A server's entry in its data directory, `postmaster.pid`. */
export interface Postmaster {
  pid: number
  /** Null while the server has not got that far. */
  port: number | null
  /** It accepts connections. */
  ready: boolean
}

const FAST_MS = 20_000
const IMMEDIATE_MS = 5_000
const KILL_MS = 5_000

export async function readPostmasterFile(clusterDir: string): Promise<Postmaster | null> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  const port = Number.parseInt(lines[3] ?? '', 10)
  if (!(pid > 0)) return null
  return { pid, port: port > 0 ? port : null, ready: lines[7]?.trim() === 'ready' }
}

/**
 * The server that runs on a cluster, or null. An entry of a process that is gone is left for PostgreSQL, which sees to
 * it by itself. One of a zombie, or of another program that got the pid, would hold PostgreSQL up for as long as that
 * process stands (in a container whose first process reaps nobody, for ever), and is cleared away here.
 */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | null> {
  const entry = await readPostmasterFile(clusterDir)
  if (entry === null) {
    await clearEmptyEntry(clusterDir)
    return null
  }
  const facts = await inspectProcess(entry.pid)
  if (facts === null) return null
  if (!facts.zombie && isPostgres(facts.name) && (await worksIn(entry.pid, clusterDir))) return entry
  await clearEntry(clusterDir, entry.pid)
  return null
}

function isPostgres(name: string | null): boolean {
  return name === null || name.startsWith('postgres')
}

/** Another PostgreSQL may have got the pid. Where the working directory cannot be seen, the name has to do. */
async function worksIn(pid: number, clusterDir: string): Promise<boolean> {
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => null)
  return directory === null || directory === (await realpath(clusterDir))
}

/**
 * A fresh server may have put its own entry there since it was judged: so it is taken aside, looked at again, and put
 * back if it is not the one. (Should two servers meet all the same, the shared memory block that PostgreSQL
 * keeps for each data directory stops the second.)
 */
async function clearEntry(clusterDir: string, judgedPid: number | null): Promise<void> {
  const path = join(clusterDir, 'postmaster.pid')
  const aside = `${path}.stale-${process.pid}`
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  const text = await readFile(aside, 'utf8')
  const pid = Number.parseInt(text, 10)
  if ((Number.isNaN(pid) ? null : pid) === judgedPid) await rm(aside, { force: true })
  else await rename(aside, path)
}

/** An empty entry is one in the making, or what a full disk or a power cut left; PostgreSQL refuses to start over it. */
async function clearEmptyEntry(clusterDir: string): Promise<void> {
  const filled = async () => {
    const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => 'gone')
    return text !== ''
  }
  if (!(await pollUntil(filled, { everyMs: 20, withinMs: 500 }))) await clearEntry(clusterDir, null)
}

export type ShutdownMode = 'fast' | 'immediate'

/** Ends a server and waits until it is gone: `fast` first, harder where that takes too long. */
export async function shutDown(o: {
  pid: number
  clusterDir: string
  nativeDir: string
  mode: ShutdownMode
}): Promise<void> {
  const before = await inspectProcess(o.pid)
  const gone = async () => {
    const facts = await inspectProcess(o.pid)
    return facts === null || facts.zombie || facts.startMark !== before?.startMark
  }
  const modes =
    o.mode === 'fast' ? (['fast', 'immediate', 'kill'] as const) : (['immediate', 'kill'] as const)
  const withinMs = { fast: FAST_MS, immediate: IMMEDIATE_MS, kill: KILL_MS }
  for (const mode of modes) {
    if (await gone()) return
    await signal(o, mode)
    if (await pollUntil(gone, { everyMs: 5, withinMs: withinMs[mode] })) return
  }
  throw new EmbeddedPostgresError(
    `The PostgreSQL with pid ${o.pid} on ${o.clusterDir} does not end, not even when killed: restart the machine or container`,
  )
}

async function signal(
  o: { pid: number; clusterDir: string; nativeDir: string },
  mode: ShutdownMode | 'kill',
): Promise<void> {
  if (process.platform === 'win32' && mode !== 'kill') {
    // There, a signal from Node ends a program on the spot; pg_ctl knows PostgreSQL's own way.
    await run(programPath(o.nativeDir, 'pg_ctl'), ['stop', '-W', '-D', o.clusterDir, '-m', mode], 10_000)
    return
  }
  try {
    process.kill(o.pid, { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' }[mode])
  } catch {
    // It has just ended, or belongs to another user: either shows in the wait that follows.
  }
}
