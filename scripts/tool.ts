import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..')
const modules = path.join(root, 'node_modules')
const running = new Set<ChildProcess>()
let stopped = false

// A stopped run takes its tools along, which would otherwise go on alone, and starts no further one.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopped = true
    for (const child of running) child.kill('SIGTERM')
    process.exitCode = 1
  })
}

export interface ToolRun {
  /** 0 is success. A tool that was killed, or could not be started, has 1. */
  exitCode: number
  /** stdout and stderr as they came, where they were kept and not shown at once. */
  output: string
}

/**
 * Runs an installed command line tool from the root of the repository, with this very Node: not the shim in
 * `.bin`, which on Windows needs a shell, and elsewhere takes whichever Node comes first.
 */
export async function runTool(
  name: string,
  args: readonly string[],
  options: { show: boolean; limitMs: number },
): Promise<ToolRun> {
  if (stopped) return { exitCode: 1, output: `${name} was not started, since the run was stopped\n` }
  const child = spawn(process.execPath, [scriptOf(name), ...args], {
    cwd: root,
    env: { ...process.env, PATH: [path.join(modules, '.bin'), process.env['PATH']].join(path.delimiter) },
    stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
    timeout: options.limitMs,
  })
  running.add(child)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  try {
    return await new Promise<ToolRun>((resolve) => {
      child.once('error', (error) => resolve({ exitCode: 1, output: `${output}${error.message}\n` }))
      child.once('close', (code, signal) => {
        const killed = signal ? `${name} was ended by ${signal}\n` : ''
        resolve({ exitCode: code ?? 1, output: output + killed })
      })
    })
  } finally {
    running.delete(child)
  }
}

function scriptOf(name: string): string {
  const packageName = name === 'tsc' ? 'typescript' : name
  const folder = path.join(modules, packageName)
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    bin: Record<string, string>
  }
  const script = manifest.bin[name]
  if (script === undefined) throw new Error(`${packageName} has no command ${name}`)
  return path.join(folder, script)
}
