import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { createRuns, type Runs } from '../kit/runs.ts'

const FAR = `${new Date().getUTCFullYear() + 5}-01-01T00:00:00Z`
const release = Promise.withResolvers<unknown>()
const tasks = {
  echo: defineTask({ retry: { limit: 0 }, handler: ({ data }) => data }),
  one: defineTask({ concurrency: 1, handler: () => release.promise }),
}

let t: TestApp
let runs: Runs
beforeAll(async () => {
  t = await startTestApp({ tasks })
  runs = createRuns(t.client)
})
afterAll(async () => {
  release.resolve(null)
  await t.end()
})

const command = (...args: string[]) => runCommandHere(args, { env: { DATABASE_URL: t.database.url } })

test('yeyak verify finds nothing wrong with runs that ended, wait, run, or stand in line', async () => {
  await runs.inState(await runs.start('echo', { data: { a: 1 } }), 'succeeded')
  await runs.start('echo', { runAt: FAR })
  const first = await runs.start('one')
  await runs.inState(first, 'running')
  await runs.start('one', { expiresAt: { delay: '1d' } })
  await runs.start('one')
  const waits = async () => (await t.database.query('select 1 from yeyak.run_waits')).length
  await expect.poll(waits, { timeout: 10_000 }).toBe(2)
  const { code, out, errors } = await command('verify', '--to', '0s', '--late', '60', '--json')
  expect(errors).toBe('')
  expect(JSON.parse(out)).toMatchObject({ ok: true, findings: [], checked: { runs: 5 } })
  expect(code).toBe(0)
})

test('yeyak verify finds a run that nobody will start', async () => {
  const id = await runs.start('echo', { runAt: FAR })
  await t.database.query('delete from yeyak.timers where subject_id = $1', [id])
  const { out } = await command('verify', '--to', '0s', '--late', '600', '--json')
  expect(JSON.parse(out).findings).toMatchObject([{ kind: 'lost', code: 'no-timer-no-job', id }])
  await t.database.query('delete from yeyak.runs where id = $1', [id])
})

test('yeyak forget removes a person from runs: what waits is canceled, and nothing of the data stays', async () => {
  const done = await runs.start('echo', { data: { to: 'Jane@Example.com' } })
  await runs.inState(done, 'succeeded')
  const waiting = await runs.start('echo', { data: { to: 'jane@example.com' }, runAt: FAR, tags: ['jane'] })
  const other = await runs.start('echo', { data: { to: 'john@example.com' }, runAt: FAR })
  const { code } = await command('forget', 'jane@example.com', '--yes')
  expect(code).toBe(0)
  expect(await runs.get(done)).toMatchObject({ state: 'succeeded', data: {}, result: null })
  expect(await runs.get(waiting)).toMatchObject({
    state: 'canceled',
    reason: 'forgotten',
    data: {},
    tags: [],
  })
  expect((await runs.act(waiting, 'retry')).status).toBe(409)
  expect(await runs.get(other)).toMatchObject({ state: 'scheduled', data: { to: 'john@example.com' } })
  expect(await t.database.query('select 1 from yeyak.timers where subject_id = $1', [waiting])).toEqual([])
})
