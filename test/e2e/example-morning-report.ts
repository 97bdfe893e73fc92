import { spawn } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createClient } from '../kit/client.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns } from '../kit/runs.ts'
import { COMPILE_CACHE } from '../kit/compile-cache.ts'
import { freePort, ROOT } from './site.ts'

const EXAMPLE = path.join(ROOT, 'examples/morning-report')

interface Call {
  method: string
  path: string
  body: object | undefined
}

/** A `curl` as the README has it. */
const callOf = (command: string): Call => {
  const url = /'?localhost:3000([^\s']*)'?/u.exec(command)?.[1]
  if (url === undefined) throw new Error(`no address in ${command}`)
  const data = /-d '([^']*)'/u.exec(command)?.[1]
  const method = /-X (\w+)/u.exec(command)?.[1] ?? (data === undefined ? 'GET' : 'POST')
  return { method, path: url, body: data === undefined ? undefined : (JSON.parse(data) as object) }
}

/** The calls of the page in their order: those of its blocks, and those within its text. */
export const callsOfReadme = (): Call[] => {
  const page = readFileSync(path.join(EXAMPLE, 'README.md'), 'utf8')
  return [...page.matchAll(/\bcurl [^`]*/gu)].map(([command]) => callOf(command))
}

/** The example as it stands, run by `start` of the installed package, where `directory` has it. */
export const startMorningReport = async (
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<{
  call: ReturnType<typeof createClient>['call']
  runs: ReturnType<typeof createRuns>
  printed(): string
  end(): Promise<void>
}> => {
  const cwd = path.join(directory, 'morning-report')
  cpSync(EXAMPLE, cwd, { recursive: true, filter: (source) => path.basename(source) !== 'node_modules' })
  const port = await freePort()
  const { start } = (
    JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8')) as { scripts: { start: string } }
  ).scripts
  const program = path.join(directory, 'node_modules/yeyak/bin/yeyak.mjs')
  const child = spawn(process.execPath, [program, ...start.split(' ').slice(1)], {
    cwd,
    env: {
      ...{ PATH: process.env['PATH'], HOME: directory, PORT: String(port), YEYAK_LOG_FORMAT: 'json' },
      ...COMPILE_CACHE,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')))
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
  })
  const url = `http://127.0.0.1:${port}`
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`the example has ended: ${printed}`)
    return fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  }
  await eventually('the example is ready', isReady, 20_000)
  const client = createClient(url)
  return {
    call: client.call,
    runs: createRuns(client),
    printed: () => printed,
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
