import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { startProcess } from '../kit/process.ts'
import { PROCESS_TASKS } from '../kit/process-tasks.ts'
import { createRuns, type Runs } from '../kit/runs.ts'
import { lapseClaims } from '../kit/session.ts'

let api: TestApp
let runs: Runs
beforeAll(async () => {
  api = await startTestApp({ roles: { api: true, worker: false }, tasks: PROCESS_TASKS })
  runs = createRuns(api.client)
})
afterAll(() => api.end())

const spawn = (wait = true) =>
  startProcess({
    ...{ role: 'worker', wait },
    env: { DATABASE_URL: api.database.url, TEST_TASKS: '1', YEYAK_POLL_SECONDS: '1' },
  })

test('a run whose worker is killed is run by another one, on record as a second attempt', async () => {
  const first = await spawn()
  const id = await runs.start('lasts', { data: { ms: 60_000 } })
  await runs.inState(id, 'running')
  first.kill('SIGKILL')
  const second = await spawn()
  const taken = await (async () => {
    await expect.poll(async () => (await runs.get(id)).attemptCount, { timeout: 25_000 }).toBe(2)
    return runs.get(id)
  })()
  expect(taken).toMatchObject({
    state: 'running',
    attempts: [
      { number: 1, outcome: 'unknown', error: { code: 'worker-lost' } },
      { number: 2, outcome: null },
    ],
  })
  // Its signal is the new worker's now.
  expect((await runs.act(id, 'cancel')).status).toBe(202)
  expect(await runs.inState(id, 'canceled', 3_000)).toMatchObject({ reason: 'request', attemptCount: 2 })
  const deaf = await runs.start('lasts', { data: { ms: 60_000, deaf: true } })
  await runs.inState(deaf, 'running')
  await runs.act(deaf, 'cancel')
  await runs.inState(deaf, 'canceled', 3_000)
  const done = await runs.inState(await runs.start('lasts', { data: { ms: 1 } }), 'succeeded')
  expect(done.result).toEqual({ pid: second.pid, attempt: 1 })
  await second.end()
})

test('a run whose native code crashes its worker is not begun a fourth time, and holds up no other', async () => {
  const id = await runs.start('crashes', { retry: { limit: 0 } })
  for (const attempt of [1, 2, 3]) {
    // It may be gone before it is up.
    const victim = await spawn(false)
    expect(await victim.exited, `attempt ${attempt}`).toBeNull()
    await lapseClaims(api.database)
  }
  const worker = await spawn()
  const harmless = await runs.start('lasts', { data: { ms: 1 } })
  await runs.inState(harmless, 'succeeded')
  const lost = { outcome: 'unknown', error: { code: 'worker-lost' } }
  expect(await runs.inState(id, 'failed', 20_000)).toMatchObject({
    reason: 'worker_lost',
    attempts: [lost, lost, lost],
  })
  await worker.end()
})

test('a cancel is heard although the notice of it is lost', async () => {
  const worker = await spawn()
  const id = await runs.start('lasts', { data: { ms: 60_000 } })
  await runs.inState(id, 'running')
  await api.database.query('update yeyak.runs set cancel_requested = true where id = $1', [id])
  expect((await runs.inState(id, 'canceled', 3_000)).reason).toBe('request')
  await worker.end()
})

test('yeyak worker runs the tasks of the configuration file in its directory, which has no packages, in threads where they are marked so', async () => {
  const cwd = await mkdtemp(path.join(tmpdir(), 'yeyak-tasks-'))
  await writeFile(
    path.join(cwd, 'yeyak.config.mts'),
    `import { isMainThread } from 'node:worker_threads'
import { defineTask } from 'yeyak'
export default { tasks: { lasts: defineTask({ thread: true, handler: () => ({ isMainThread }) }) } }`,
  )
  const env = { DATABASE_URL: api.database.url }
  const worker = await startProcess({ role: 'worker', program: 'cli', wait: false, cwd, env })
  await worker.logged('this process: worker')
  const run = await runs.inState(await runs.start('lasts'), 'succeeded', 20_000)
  expect(run.result).toEqual({ isMainThread: false })
  await worker.end()
  await rm(cwd, { recursive: true })
})
