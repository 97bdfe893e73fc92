import { afterAll, beforeAll, expect, test } from 'vitest'
import sharp from 'sharp'
import { defineTask } from '../../src/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { createRuns, type Runs } from '../kit/runs.ts'
import { createEndpoint, deliveriesOf, ENDPOINT_ENV } from '../kit/webhook-endpoints.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

const WHO = 'jane@example.com'
const LATER = { delay: '1d' }

let letGo: () => void
const gate = new Promise<void>((resolve) => {
  letGo = resolve
})

let t: TestApp
let runs: Runs
let receiver: WebhookReceiver
beforeAll(async () => {
  t = await startTestApp({
    env: ENDPOINT_ENV,
    tasks: {
      keeps: defineTask({ handler: ({ data }) => data }),
      names: defineTask({
        retry: { limit: 0 },
        handler() {
          throw new Error(`no mailbox of ${WHO}`)
        },
      }),
      waits: defineTask({ handler: () => gate }),
    },
  })
  runs = createRuns(t.client)
  receiver = await startWebhookReceiver()
})
afterAll(async () => {
  letGo()
  await t.end()
  await receiver.stop()
})

const forget = async (...args: string[]) => {
  const { code, out, errors } = await runCommandHere(['forget', WHO, '--json', ...args], {
    env: { DATABASE_URL: t.database.url },
  })
  return { code, errors, report: JSON.parse(out) }
}
const everything = async (): Promise<string> => {
  const tables = await t.database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('yeyak', 'yeyak_queue')`,
  )
  const texts: string[] = []
  for (const { name } of tables)
    texts.push(
      ...(await t.database.query<{ text: string }>(`select x::text as text from ${name} x`)).map(
        ({ text }) => text,
      ),
    )
  return texts.join('\n')
}

test('runs that mention a person are emptied: what was asked, what it came to, why it failed, and the file', async () => {
  const endpoint = await createEndpoint(t.client, receiver.url, ['run.*'])
  const done = await runs.start('keeps', { data: { to: WHO } })
  const named = await runs.start('names')
  const other = await runs.start('keeps', { data: { to: 'bob@example.com' }, runAt: LATER })
  const keyed = (
    await t.client.call('POST', '/v1/tasks/keeps', { runAt: LATER }, { 'idempotency-key': `for-${WHO}` })
  ).body.id
  const bulk = await runs.start('keeps', { runAt: LATER, dedupeKey: WHO, tags: ['undo'] })
  const canceled = await t.client.call('POST', '/v1/runs/cancel', {
    filter: { tag: 'undo' },
    ratePerSecond: 100,
  })
  expect(canceled.status, canceled.text).toBe(202)
  await runs.inState(bulk, 'canceled')

  const form = new FormData()
  const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  form.set('file', new Blob([new Uint8Array(picture)]), 'jane.png')
  for (const [name, text] of Object.entries({ runAt: '{"delay":"1d"}', metadata: `{"of":"${WHO}"}` }))
    form.set(name, text)
  const sent = await fetch(new URL('/v1/tasks/image-resize', t.app.url ?? ''), { method: 'POST', body: form })
  expect(sent.status).toBe(201)
  const { id: upload } = (await sent.json()) as { id: string }

  await runs.inState(done, 'succeeded')
  await runs.inState(named, 'failed')
  await deliveriesOf(t.client, endpoint.id, (items) => items.some(({ type }) => type === 'run.failed'))
  expect(await everything()).toContain(`no mailbox of ${WHO}`)
  expect(await t.database.query('select 1 from yeyak.uploads')).toHaveLength(1)

  expect((await forget('--dry-run')).report).toMatchObject({ dryRun: true })
  const { code, errors, report } = await forget('--yes')
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(report.left).toBe(0)
  expect(report.traces).toBeGreaterThanOrEqual(5)
  expect(await everything()).not.toContain(WHO)
  expect(await t.database.query('select 1 from yeyak.uploads')).toEqual([])

  for (const id of [keyed, upload])
    expect(await runs.get(id)).toMatchObject({ state: 'canceled', reason: 'forgotten' })
  expect(await runs.get(done)).toMatchObject({ state: 'succeeded', data: {}, result: null })
  expect(await runs.get(named)).toMatchObject({
    state: 'failed',
    attempts: [{ error: { code: 'handler-error', message: 'forgotten' } }],
  })
  expect(await runs.get(other)).toMatchObject({ state: 'scheduled', data: { to: 'bob@example.com' } })
  const again = await forget('--yes')
  expect(again).toMatchObject({ code: 0, report: { traces: 0 } })
})

test('a run that is under way is said to be left, and emptied by the next call', async () => {
  const id = await runs.start('waits', { data: { to: WHO } })
  await runs.inState(id, 'running')
  const first = await forget('--yes')
  expect(first).toMatchObject({ code: 1, report: { left: 1 } })
  letGo()
  await runs.inState(id, 'succeeded')
  expect(await forget('--yes')).toMatchObject({ code: 0, report: { left: 0 } })
  expect(await runs.get(id)).toMatchObject({ state: 'succeeded', data: {} })
  expect(await everything()).not.toContain(WHO)
})
