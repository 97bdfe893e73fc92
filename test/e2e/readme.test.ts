import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../kit/poll.ts'
import { differences, hasCurl, type Step, stepsOf } from './readme-blocks.ts'
import { cleanCheckout, endOrphan, freePort, npmStart, removeDirectory, ROOT, type Run } from './site.ts'

const READY = '에서 실행 중입니다.'
const steps = stepsOf(readFileSync(path.join(ROOT, 'README.md'), 'utf8'))

// One story, told in order: each test goes on where the one before has stopped.
let checkout: string
let port: number
let current: Run
const runs: Run[] = []

const begin = (env: Record<string, string> = {}): Run => {
  const run = npmStart(checkout, { PORT: String(port), ...env })
  runs.push(run)
  return run
}

beforeAll(async () => {
  checkout = cleanCheckout()
  port = await freePort()
  // The time that a first start has is the product's; the copy of the checkout before it is not.
  current = begin()
})

afterAll(async () => {
  for (const run of runs) await run.clear()
  await endOrphan(checkout)
  removeDirectory(checkout)
})

interface Answer {
  status: number
  body: string
}

const assignments: string[] = []

/** Runs a command as it stands but for the port, in a shell that knows the variables of the commands before it. */
const inShell = async (command: string): Promise<Answer> => {
  const script = [
    `curl() { command curl -w '%{stderr}status %{http_code}\\n' "$@"; }`,
    ...assignments,
    command.replaceAll('localhost:3000', `localhost:${port}`),
  ].join('\n')
  const child = spawn('bash', ['-c', script], { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] })
  let body = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
  await once(child, 'close')
  for (const line of command.split('\n')) if (/^[A-Z]+=/u.test(line)) assignments.push(line)
  return { status: Number(/status (\d+)/u.exec(errors)?.[1] ?? 0), body }
}

const wrongIn = (step: Step, { status, body }: Answer): string[] => [
  ...(status === step.status ? [] : [`status ${status} instead of ${step.status}: ${body}`]),
  ...(step.answer.startsWith('{')
    ? differences(JSON.parse(step.answer), body.startsWith('{') ? JSON.parse(body) : body)
    : step.answer === body
      ? []
      : [body]),
]

/** What only reads is asked again until it says what is shown: a reader is slower than this test. */
const answerTo = async (step: Step): Promise<string[]> => {
  const changes = /-X|\s-d\s/u.test(step.command)
  let wrong: string[] = []
  const ask = async () => {
    wrong = wrongIn(step, await inShell(step.command))
    return wrong.length === 0 || changes
  }
  await eventually(step.command, ask, 5_000).catch(() => undefined)
  return wrong
}

/** Stops it as a terminal or a service manager does, and sees to it that nothing went wrong on the way. */
const expectCleanStop = async (run: Run, signal: NodeJS.Signals): Promise<void> => {
  run.signal(signal)
  // A shell that stays between npm and the program ends by the signal, and npm then says so instead of 0.
  expect([
    { code: 0, signal: null },
    { code: null, signal },
  ]).toContainEqual(await run.ended)
  expect(run.messages()).toContain(`${signal}: finishing what runs, again to end at once`)
  const complaints = run.lines().filter((line) => /"level":[456]0/u.test(line))
  expect(complaints.filter((line) => !line.includes('open to this machine'))).toEqual([])
  expect(await isListening(port)).toBe(false)
  expect(() => readFileSync(path.join(checkout, '.yeyak/postgres/postmaster.pid'))).toThrow('ENOENT')
}

const isListening = async (onPort: number): Promise<boolean> => {
  const socket = connect(onPort, '127.0.0.1')
  const listening = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return listening
}

test('the first `npm start` in a clean checkout is soon ready, also where only its owner can enter', async () => {
  const readyMs = await current.logged(READY, 40_000)
  process.stdout.write(`first npm start: ready after ${Math.round(readyMs)} ms (aim: 5,000)\n`)
  expect(readyMs).toBeLessThan(30_000)
  expect(current.messages()).toContain(`알림 API 서버가 http://localhost:${port} ${READY}`)
})

test('it says what runs where, who may reach it, and what to try', () => {
  const said = current.messages().join('\n')
  expect(said).toContain(`this process: API on http://localhost:${port}, worker, embedded PostgreSQL in `)
  expect(said).toContain('nobody else can connect to 127.0.0.1')
  expect(said).toContain(`try: curl -X POST http://localhost:${port}/schedule-notification`)
})

test('the README has a tour', () => {
  expect(steps.length).toBeGreaterThanOrEqual(9)
})

test.skipIf(!hasCurl).each(steps)('the README’s command answers as it says: $command', async (step) => {
  expect(await answerTo(step)).toEqual([])
})

test.skipIf(!hasCurl)('the README’s first message is in the log ten seconds later', async () => {
  expect(await current.logged('"msg":"✅ [알림 발송 성공] Hello World"', 12_000)).toBeGreaterThan(10_000)
})

test('docs/http-api.md names every path and method of the OpenAPI document, and no other', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/openapi.json`)
  const document = (await response.json()) as { paths: Record<string, Record<string, unknown>> }
  const inDocument = Object.entries(document.paths).flatMap(([url, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${url}`),
  )
  const page = readFileSync(path.join(ROOT, 'docs/http-api.md'), 'utf8')
  const inPage = [...page.matchAll(/^(?:#{2,4}|\|) `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/gmu)].map(
    ([, route]) => route,
  )
  expect(new Set(inPage)).toEqual(new Set(inDocument))
})

test('a second start on the port in use is refused before anything is written, and names the mend', async () => {
  const second = begin({ YEYAK_DATA_DIR: '.yeyak-2' })
  expect((await second.ended).code).toBe(1)
  expect(second.messages()).toEqual([
    `서버 시작 실패: port ${port} on 127.0.0.1 is in use: choose another one, such as PORT=${port + 1} npm start`,
  ])
})

test('a second start on the data directory in use is refused, and names the mends', async () => {
  const second = begin({ PORT: '0' })
  expect((await second.ended).code).toBe(1)
  const [refusal = ''] = second.messages()
  expect(refusal).toMatch(
    /^서버 시작 실패: .*\.yeyak is in use by another Yeyak \(pid \d+\): stop it, or start with/u,
  )
  expect(refusal).toContain('YEYAK_DATA_DIR=.yeyak-2 PORT=3001 npm start')
  expect(refusal).toContain('DATABASE_URL="$(cat ')
})

test('Ctrl-C drains and leaves nothing running, and the next start has what was accepted', async () => {
  const id = await schedule('kept over a restart', 3_600)
  await expectCleanStop(current, 'SIGINT')
  current = begin()
  const readyMs = await current.logged(READY, 40_000)
  process.stdout.write(`second npm start: ready after ${Math.round(readyMs)} ms (aim: 2,000)\n`)
  expect(readyMs).toBeLessThan(20_000)
  expect(await read(id)).toMatchObject({ state: 'scheduled', message: 'kept over a restart' })
})

test('after kill -9 of everything, the next start takes over the data, and delivers what fell due meanwhile', async () => {
  const id = await schedule('due while nothing ran', 0.5)
  current.signal('SIGKILL')
  await current.ended
  current = begin()
  await current.logged(READY, 40_000)
  expect(current.messages()).toContain(
    'database: took over the server and the data of a process that was killed',
  )
  await current.logged('"msg":"✅ [알림 발송 성공] due while nothing ran"')
  expect(
    await eventually('its record', async () => (await read(id)).finishedAt && (await read(id))),
  ).toMatchObject({
    state: 'delivered',
    attempts: [{ number: 1, outcome: 'delivered' }],
  })
})

test('SIGTERM drains and leaves nothing running', async () => {
  await expectCleanStop(current, 'SIGTERM')
})

const schedule = async (message: string, delaySeconds: number): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${port}/v1/notifications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, sendAt: { delay: delaySeconds } }),
  })
  expect(response.status).toBe(201)
  const { id } = (await response.json()) as { id: string }
  return id
}

const read = async (id: string): Promise<Record<string, unknown>> => {
  const response = await fetch(`http://127.0.0.1:${port}/v1/notifications/${id}`)
  return (await response.json()) as Record<string, unknown>
}
