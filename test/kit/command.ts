import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { COMPILE_CACHE } from './compile-cache.ts'

const SOURCES = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface CommandOptions {
  /** Beside PATH and TZ; nothing of the test's own environment is handed on. */
  env?: Readonly<Record<string, string>>
  /** What is typed, to its end. Without it there is no standard input. */
  input?: string | undefined
  cwd?: string
  nodeArgs?: readonly string[]
  /** `yeyak` as it is installed; the sources, if none is given. */
  program?: string
}

/** `yeyak …` as a process of its own. */
export const beginCommand = (
  args: readonly string[],
  { env = {}, input, cwd = tmpdir(), nodeArgs = [], program = SOURCES }: CommandOptions = {},
) => {
  const child = spawn(process.execPath, [...nodeArgs, program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], TZ: 'UTC', ...COMPILE_CACHE, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  let out = ''
  let errors = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
  // One that has refused its arguments reads nothing.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, errors }))
  return { child, out: () => out, errors: () => errors, ended }
}

/** `yeyak …`, to its end. */
export const runCommand = (args: readonly string[], options?: CommandOptions) =>
  beginCommand(args, options).ended
