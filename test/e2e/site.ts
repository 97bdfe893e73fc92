import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { COMPILE_CACHE } from '../kit/compile-cache.ts'
import { eventually } from '../kit/poll.ts'

export const ROOT = path.join(import.meta.dirname, '../..')
/** `yeyak` as it is installed. */
export const PROGRAM = path.join(ROOT, 'bin/yeyak.mjs')

/** A directory that only its owner can enter; for root below the home that nobody else may pass through. */
export const privateDirectory = (): string =>
  mkdtempSync(path.join(process.getuid?.() === 0 ? homedir() : tmpdir(), 'yeyak-e2e-'))

export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })

/** What `.gitignore` names, and the repository itself, are not part of a clean checkout. */
const isIgnored = (file: string): boolean => {
  const patterns = readFileSync(path.join(ROOT, '.gitignore'), 'utf8').split('\n').filter(Boolean)
  const name = path.basename(file)
  return ['.git', ...patterns].some((pattern) =>
    pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern.replace(/\/$/u, ''),
  )
}

/**
 * A clean checkout of the working tree. `node_modules` is linked: installing them here would need the registry, and
 * minutes; a real `npm ci` is what `.ci/run` begins with.
 */
export const cleanCheckout = (): string => {
  const directory = privateDirectory()
  cpSync(ROOT, directory, { recursive: true, filter: (file) => file === ROOT || !isIgnored(file) })
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'), 'junction')
  return directory
}

export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export interface Run {
  pid: number
  /** Everything that it has written to stdout, by line. */
  lines(): string[]
  /** The `msg` of each JSON record on stdout. */
  messages(): string[]
  stderr(): string
  /** Milliseconds from its start until the line was there. */
  logged(text: string, timeoutMs?: number): Promise<number>
  /** To the whole process group: what a terminal, or a service manager, does. */
  signal(signal: NodeJS.Signals): void
  /** Resolves once it and all that it has started have let go of its output. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Ends it by force, if it still runs. */
  clear(): Promise<void>
}

/** The environment of a stranger: nothing of the test's own, and no Node of ours on the PATH. */
const strangersEnvironment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const kept = ['HOME', 'LANG', 'TMPDIR', 'TEMP', 'SystemRoot', 'USERPROFILE', 'APPDATA']
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    PATH: folders.filter((folder) => !folder.includes('node_modules')).join(path.delimiter),
    ...env,
  }
}

const messageOf = (line: string): string[] => {
  if (!line.startsWith('{')) return []
  const record: unknown = JSON.parse(line)
  return typeof record === 'object' && record !== null && 'msg' in record ? [String(record.msg)] : []
}

const follow = (child: ChildProcess): Run => {
  const startedMs = performance.now()
  let out = ''
  let errors = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
  const { pid } = child
  if (pid === undefined) throw new Error('it could not be started')
  let isOver = false
  const ended = once(child, 'close').then(([code, signal]) => {
    isOver = true
    return { code: code as number | null, signal: signal as NodeJS.Signals | null }
  })
  // A line may still be under way: only what a line break has ended counts.
  const lines = () => out.split('\n').slice(0, -1)
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-pid, name)
    } catch {
      // Ended meanwhile.
    }
  }
  return {
    pid,
    lines,
    messages: () => lines().flatMap(messageOf),
    stderr: () => errors,
    logged: (text, timeoutMs = 20_000) =>
      eventually(
        `the line "${text}"`,
        () => {
          if (lines().some((line) => line.includes(text))) return performance.now() - startedMs
          if (isOver) throw new Error(`it ended before it said "${text}": ${out}${errors}`)
          return null
        },
        timeoutMs,
      ),
    signal,
    ended,
    async clear() {
      if (!isOver) signal('SIGKILL')
      await ended
    },
  }
}

const start = (
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Run =>
  follow(
    spawn(command, args, {
      cwd,
      env: strangersEnvironment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    }),
  )

/** `npm start` in a checkout. */
export const npmStart = (cwd: string, env: Readonly<Record<string, string>>): Run =>
  start('npm', ['start'], cwd, env)

/** `yeyak …`, with `cwd` as its working directory, on the Node that runs the tests. */
export const yeyak = (
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Run =>
  start(process.execPath, [PROGRAM, ...args], cwd, { YEYAK_LOG_FORMAT: 'json', ...COMPILE_CACHE, ...env })

/** Ends an embedded server that a killed process has left behind. */
export const endOrphan = async (directory: string): Promise<void> => {
  const pidFile = path.join(directory, '.yeyak/postgres/postmaster.pid')
  const pid = () => {
    try {
      return Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
    } catch {
      return null
    }
  }
  const orphan = pid()
  if (orphan === null) return
  try {
    process.kill(orphan, 'SIGINT')
  } catch {
    return
  }
  await eventually('the end of the embedded server', () => pid() === null)
}
