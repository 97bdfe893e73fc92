import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { operationEnded } from '../kit/operations.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

const newKey = () => randomBytes(32).toString('base64')
const [OLD, NEW] = [newKey(), newKey()]
const SECRET = 'Bearer canary-header-1234'
const ALLOW = { YEYAK_WEBHOOK_ALLOW: '127.0.0.1' }

let receiver: WebhookReceiver
let database: TestDatabase
let apps: TestApp[]
beforeAll(async () => {
  receiver = await startWebhookReceiver()
})
beforeEach(async () => {
  database = await createTestDatabase()
  apps = []
})
afterEach(async () => {
  for (const app of apps) await app.end()
  await database.drop()
  receiver.answer((response) => void response.writeHead(200).end('thanks'))
})
afterAll(() => receiver.stop())

const start = async (keys: string | null) => {
  const app = await startTestApp({ database, env: { ...ALLOW, ...(keys && { YEYAK_ENCRYPTION_KEY: keys }) } })
  apps.push(app)
  return app
}
const stop = async (app: TestApp) => {
  apps.splice(apps.indexOf(app), 1)
  await app.end()
}
const hook = (fields: Record<string, unknown> = {}) => ({
  channel: 'webhook',
  to: receiver.url,
  payload: { a: 1 },
  headers: { authorization: SECRET, 'x-trace': 'trace-5678' },
  ...fields,
})
const later = { sendAt: { delay: '1h' } }
const sentFor = (id: string) => receiver.received.findLast(({ headers }) => headers['webhook-id'] === id)
const stored = async () => JSON.stringify(await database.query('select * from yeyak.notifications'))
const rotate = async (keys: string | null) => {
  const { code, out, errors } = await runCommandHere(['keys', 'rotate-encryption', '--json'], {
    env: { DATABASE_URL: database.url, ...ALLOW, ...(keys && { YEYAK_ENCRYPTION_KEY: keys }) },
  })
  return { code, errors, tables: JSON.parse(out || '{}').tables }
}

test('the values of webhook headers are sealed in the database, hidden in every answer, and sent as they were given', async () => {
  const t = await start(OLD)
  const made = await t.client.call('POST', '/v1/notifications', hook(later))
  const hidden = { authorization: 'hidden', 'x-trace': 'hidden' }
  expect(made.body.headers).toEqual(hidden)
  const { id } = made.body
  const batch = await t.client.call('POST', '/v1/notifications/batch', { notifications: [hook(later)] })
  const answers = [
    made,
    batch,
    await t.client.call('GET', `/v1/notifications/${id}`),
    await t.client.call('GET', `/v1/notifications/${id}/timeline`),
    await t.client.call('GET', '/v1/notifications'),
    await t.client.call('POST', '/v1/notifications/cancel', { filter: { channel: 'webhook' }, dryRun: true }),
    await t.client.call('POST', `/v1/notifications/${id}/send-now`),
  ]
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 200, 200, 200, 200])
  for (const { text } of answers) expect(text).not.toMatch(/canary|trace-5678|yk1\./)
  await t.client.inState(id, 'delivered')
  expect(sentFor(id)?.headers).toMatchObject({ authorization: SECRET, 'x-trace': 'trace-5678' })
  expect(await stored()).not.toMatch(/canary|trace-5678/)
  expect(JSON.stringify(t.records)).not.toMatch(/canary|trace-5678/)
})

test('a merge patch changes the headers that it names, and keeps the others without reading them', async () => {
  const t = await start(OLD)
  const id = await t.client.create(hook(later))
  const patch = { headers: { 'x-trace': null, 'x-new': 'new-value', authorization: 'hidden' } }
  const edited = await t.client.call('PATCH', `/v1/notifications/${id}`, patch)
  expect(edited.body.headers).toEqual({ authorization: 'hidden', 'x-new': 'hidden' })
  // Nobody can bring in a sealed value of his own.
  const forged = { headers: { 'x-new': { sealed: 'yk1.00000000.a.b' } } }
  for (const [method, path, body] of [
    ['PATCH', `/v1/notifications/${id}`, forged],
    ['POST', '/v1/notifications', hook({ headers: { authorization: { sealed: 'yk1.00000000.a.b' } } })],
  ] as const)
    expect((await t.client.call(method, path, body)).body.code).toBe('invalid-request')
  await t.client.call('PATCH', `/v1/notifications/${id}`, { payload: { b: 2 } })
  await t.client.call('POST', `/v1/notifications/${id}/send-now`)
  await t.client.inState(id, 'delivered')
  const sent = sentFor(id)
  expect(sent?.headers).toMatchObject({ authorization: SECRET, 'x-new': 'new-value' })
  expect(sent?.headers['x-trace']).toBeUndefined()
})

test('one that replaces another by its dedupe key, alone or in a batch, is sent with its own headers', async () => {
  const t = await start(OLD)
  const id = await t.client.create(hook({ dedupeKey: 'k', ...later }))
  const again = hook({
    dedupeKey: 'k',
    onDuplicate: 'replace',
    headers: { authorization: 'Bearer second-1' },
    ...later,
  })
  expect((await t.client.call('POST', '/v1/notifications', again)).body).toMatchObject({
    id,
    deduplicated: true,
  })
  const third = { ...again, headers: { authorization: 'Bearer third-22' } }
  await t.client.call('POST', '/v1/notifications/batch', { notifications: [third] })
  expect(await stored()).not.toMatch(/canary|second-1|third-22/)
  await t.client.call('POST', `/v1/notifications/${id}/send-now`)
  await t.client.inState(id, 'delivered')
  expect(sentFor(id)?.headers).toMatchObject({ authorization: 'Bearer third-22' })
})

test('a far side that echoes what it was sent puts no secret on record', async () => {
  const t = await start(OLD)
  receiver.answer((response, { headers }) => void response.writeHead(500).end(JSON.stringify(headers)))
  const id = await t.client.create(hook({ retry: { limit: 0 } }))
  const failed = await t.client.inState(id, 'failed')
  expect(failed.attempts[0].response).toContain('"authorization":"hidden"')
  const dump = JSON.stringify(await database.query('select * from yeyak.attempts'))
  expect(dump).not.toMatch(/canary|trace-5678/)
})

test('without its key nothing is sent, the reason names the key; with the key back it is delivered', async () => {
  const before = await start(OLD)
  const id = await before.client.create(hook(later))
  await stop(before)
  const without = await start(NEW)
  await without.client.call('PATCH', `/v1/notifications/${id}`, { retry: { limit: 0 } })
  await without.client.call('POST', `/v1/notifications/${id}/send-now`)
  const failed = await without.client.inState(id, 'failed')
  expect(failed.attempts[0].error).toMatchObject({
    code: 'secret-unreadable',
    message: expect.stringMatching(
      /^sealed with the key [0-9a-f]{8}, which is not among those of YEYAK_ENCRYPTION_KEY/,
    ),
  })
  expect(sentFor(id)).toBeUndefined()
  await stop(without)
  const after = await start(`${NEW},${OLD}`)
  await after.client.call('POST', `/v1/notifications/${id}/retry`)
  await after.client.inState(id, 'delivered')
  expect(sentFor(id)?.headers).toMatchObject({ authorization: SECRET })
})

test('without a key headers are stored as they are, which the start says, and hidden all the same', async () => {
  const t = await start(null)
  expect(t.records.filter(({ msg }) => msg.includes('no YEYAK_ENCRYPTION_KEY'))).toHaveLength(1)
  const id = await t.client.create(hook(later))
  expect((await t.client.get(id)).headers).toEqual({ authorization: 'hidden', 'x-trace': 'hidden' })
  expect(await stored()).toContain('canary')
  await t.client.call('PATCH', `/v1/notifications/${id}`, { headers: { 'x-trace': 'other' } })
  await t.client.call('POST', `/v1/notifications/${id}/send-now`)
  await t.client.inState(id, 'delivered')
  expect(sentFor(id)?.headers).toMatchObject({ authorization: SECRET, 'x-trace': 'other' })
})

test('a rotation seals everything with the first key, also what was stored plain; then the old key can go', async () => {
  const plain = await start(null)
  const first = await plain.client.create(hook(later))
  await stop(plain)
  const before = await start(OLD)
  const ids = [first, await before.client.create(hook(later)), await before.client.create(hook(later))]
  for (let i = 0; i < 3; i += 1) await before.client.create({ message: 'no secrets', ...later })
  await stop(before)
  expect(await rotate(`${NEW},${OLD}`)).toMatchObject({
    code: 0,
    tables: [
      { table: 'notifications', found: 3, resealed: 3, unreadable: [] },
      { table: 'operation_items', found: 0 },
      { table: 'schedules' },
      { table: 'webhooks' },
    ],
  })
  expect(await rotate(`${NEW},${OLD}`)).toMatchObject({
    tables: [{ found: 3, resealed: 0 }, { resealed: 0 }, { resealed: 0 }, { resealed: 0 }],
  })
  expect(await stored()).not.toContain('canary')
  const after = await start(NEW)
  for (const id of ids) {
    await after.client.call('POST', `/v1/notifications/${id}/send-now`)
    await after.client.inState(id, 'delivered')
    expect(sentFor(id)?.headers).toMatchObject({ authorization: SECRET, 'x-trace': 'trace-5678' })
  }
})

test('a bulk edit is sealed while it waits; what it replaced is sealed again by a rotation, and comes back by undo', async () => {
  const t = await start(OLD)
  const ids = [await t.client.create(hook(later)), await t.client.create(hook(later))]
  await t.client.call('POST', '/v1/notifications/cancel', { all: true })
  const patch = { headers: { authorization: 'Bearer canary-edited', 'x-trace': null } }
  const retry = { filter: { channel: 'webhook' }, patch, ...later }
  const seen = await t.client.call('POST', '/v1/notifications/retry', { ...retry, dryRun: true })
  expect(seen.body.sample[0].headers).toEqual({ authorization: 'hidden' })
  const made = await t.client.call('POST', '/v1/notifications/retry', { ...retry, ratePerSecond: 0.5 })
  const kept = async () =>
    JSON.stringify([
      await database.query('select * from yeyak.operations'),
      await database.query('select * from yeyak.operation_items'),
    ])
  expect(await kept()).toContain('yk1.')
  expect(await kept()).not.toContain('canary')
  // It goes on at its pace; meanwhile the key is changed.
  await stop(t)
  expect(await rotate(`${NEW},${OLD}`)).toMatchObject({ code: 0, tables: [{}, { resealed: 2 }, {}, {}] })
  const after = await start(NEW)
  expect(await operationEnded(after.client, made.body.id)).toMatchObject({ state: 'done', changed: 2 })
  await after.client.call('POST', `/v1/notifications/${ids[0]}/send-now`)
  await after.client.inState(ids[0] ?? '', 'delivered')
  expect(sentFor(ids[0] ?? '')?.headers).toMatchObject({ authorization: 'Bearer canary-edited' })
  const undo = await after.client.call('POST', `/v1/operations/${made.body.id}/undo`)
  expect(await operationEnded(after.client, undo.body.id)).toMatchObject({ changed: 1 })
  await after.client.call('POST', `/v1/notifications/${ids[1]}/retry`)
  await after.client.inState(ids[1] ?? '', 'delivered')
  expect(sentFor(ids[1] ?? '')?.headers).toMatchObject({ authorization: SECRET, 'x-trace': 'trace-5678' })
  expect(await kept()).not.toContain('canary')
})

test('a rotation that cannot open a value names its table and id, changes the others, and is refused', async () => {
  const lost = await start(newKey())
  const id = await lost.client.create(hook(later))
  await stop(lost)
  const t = await start(OLD)
  await t.client.create(hook(later))
  await stop(t)
  const refused = await rotate(`${NEW},${OLD}`)
  expect(refused).toMatchObject({
    ...{ code: 1, errors: expect.stringContaining(`notifications ${id}: sealed with the key`) },
  })
  expect(refused.errors).not.toContain('canary')
  expect((await rotate(NEW)).errors).not.toContain('canary')
  expect((await rotate(null)).errors).toContain('set YEYAK_ENCRYPTION_KEY')
})

test('rotation and edits at the same time lose no header', async () => {
  const t = await start(`${NEW},${OLD}`)
  const old = await start(OLD)
  const ids = await Promise.all(Array.from({ length: 20 }, () => old.client.create(hook(later))))
  await stop(old)
  const editing = ids.map((id, i) =>
    t.client.call('PATCH', `/v1/notifications/${id}`, { headers: { 'x-trace': `edit-${i}` } }),
  )
  const [report] = await Promise.all([rotate(`${NEW},${OLD}`), ...editing])
  expect(report.code).toBe(0)
  expect(await rotate(NEW)).toMatchObject({ code: 0 })
  for (const [i, id] of ids.entries()) {
    await t.client.call('POST', `/v1/notifications/${id}/send-now`)
    await t.client.inState(id, 'delivered')
    expect(sentFor(id)?.headers).toMatchObject({ authorization: SECRET, 'x-trace': `edit-${i}` })
  }
})
