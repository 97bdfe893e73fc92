import { spawn, type SpawnOptions } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, errorText } from './errors.ts'

/** What is known of a process. A zombie is dead: it holds no memory, file or port, and only waits for its parent. */
export interface ProcessFacts {
  zombie: boolean
  /** The program's name, null where the platform does not tell. */
  name: string | null
  /** Tells a process from a later one with the same pid; null where the platform does not tell. */
  startMark: string | null
}

/** Null when there is no process with that pid. */
export async function inspectProcess(pid: number): Promise<ProcessFacts | null> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return null
  }
  if (process.platform === 'linux') return inspectByProc(pid)
  if (process.platform === 'win32') return { zombie: false, name: null, startMark: null }
  return inspectByPs(pid)
}

async function inspectByProc(pid: number): Promise<ProcessFacts | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  // The name stands in parentheses and may hold spaces and parentheses itself: the last one ends it.
  const end = stat.lastIndexOf(')')
  const fields = stat.slice(end + 2).split(' ')
  return {
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    name: stat.slice(stat.indexOf('(') + 1, end),
    startMark: fields[19] ?? null,
  }
}

async function inspectByPs(pid: number): Promise<ProcessFacts | null> {
  const ended = await run('ps', ['-o', 'state=', '-o', 'lstart=', '-o', 'ucomm=', '-p', String(pid)], 5_000)
  const words = ended.output.trim().split(/\s+/)
  if (ended.code !== 0 || words.length < 7) return null
  const startMark = createHash('sha256').update(words.slice(1, 6).join(' ')).digest('hex').slice(0, 16)
  return { zombie: words[0]?.startsWith('Z') ?? false, name: words.slice(6).join(' '), startMark }
}

export async function isAlive(pid: number): Promise<boolean> {
  const facts = await inspectProcess(pid)
  return facts !== null && !facts.zombie
}

export interface Ended {
  /** Null when it could not be started, was ended by a signal, or ran into the timeout. */
  code: number | null
  /** stdout and stderr in the order of arrival. */
  output: string
}

/** Runs a program to its end. Never throws: a program that cannot be started has the reason as its output. */
export function run(
  file: string,
  args: readonly string[],
  timeoutMs: number,
  options: SpawnOptions = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(file, args, {
      env: childEnvironment(),
      windowsHide: true,
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    })
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', (error) => resolve({ code: null, output: errorText(error) }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

/**
 * PostgreSQL gets an environment of its own: English messages, which the launcher reads, UTC, which spares initdb
 * the search for the machine's zone, and none of the PG* variables of the person at the terminal.
 */
export function childEnvironment(): Record<string, string> {
  return { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
}

/** Asks until the answer is true; false when it was not within the time. */
export async function pollUntil(
  ask: () => boolean | Promise<boolean>,
  times: { everyMs: number; withinMs: number },
): Promise<boolean> {
  const deadline = performance.now() + times.withinMs
  while (!(await ask())) {
    if (performance.now() >= deadline) return false
    await sleep(times.everyMs)
  }
  return true
}
