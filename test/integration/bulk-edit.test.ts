import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { operationEnded } from '../kit/operations.ts'
import { createRuns, type Runs } from '../kit/runs.ts'

const tasks = {
  report: defineTask({
    schema: {
      type: 'object',
      required: ['day'],
      properties: { day: { type: 'string', format: 'date' }, pages: { type: 'integer', minimum: 1 } },
      additionalProperties: false,
    },
    handler: ({ data }) => ({ day: data.day, made: true }),
  }),
  typed: defineTask({ schema: Type.Object({ n: Type.Integer() }), handler: ({ data }) => data.n + 1 }),
}

let t: TestApp
let runs: Runs
beforeAll(async () => {
  t = await startTestApp({ tasks })
  runs = createRuns(t.client)
})
afterAll(() => t.end())

let groups = 0
const newGroup = () => `g${(groups += 1)}`
const YEAR = new Date().getUTCFullYear() + 5
const FAR = `${YEAR}-01-01T00:00:00Z`
const create = (more: Record<string, unknown>) => t.client.create({ message: 'x', sendAt: FAR, ...more })
const bulk = (kind: string, body?: unknown) => t.client.call('POST', `/v1/notifications/${kind}`, body)
const ended = (id: string) => operationEnded(t.client, id)
const timers = async (groupKey: string) =>
  (
    await t.database.query(
      'select 1 from yeyak.timers where subject_id in (select id from yeyak.notifications where group_key = $1)',
      [groupKey],
    )
  ).length

const failed = async (more: Record<string, unknown>) => {
  const id = await create(more)
  const settled = { outcome: 'failed', note: 'as if it had been refused' }
  expect((await t.client.call('POST', `/v1/notifications/${id}/resolve`, settled)).status).toBe(200)
  return id
}

test('one is edited and tried again in one step, and the timeline says both', async () => {
  const id = await failed({ message: 'Helo', metadata: { a: 1, b: 2 }, priority: 3 })
  const patch = { message: 'Hello', metadata: { b: null, c: 3 }, retry: { limit: 7 }, priority: null }
  const retry = (body: unknown) => t.client.call('POST', `/v1/notifications/${id}/retry`, body)
  for (const [wrong, path] of [
    [{ patch: { mesage: 'x' } }, 'patch.mesage'],
    [{ patch: { message: null } }, 'patch.message'],
    [{ patch: { html: '<p>x' } }, 'patch.html'],
    [{ patch: { sendAt: FAR } }, 'patch.sendAt'],
    [{ patch: { message: 'x'.repeat(262_145) } }, 'patch.message'],
  ] as const) {
    const reply = await retry(wrong)
    expectProblem({ ...reply, json: reply.body }, 'invalid-request')
    expect(reply.body.errors[0].path).toBe(path)
  }
  expect((await retry({ sendAt: FAR, patch })).body).toMatchObject({
    ...{ state: 'scheduled', message: 'Hello', metadata: { a: 1, c: 3 }, priority: 0, version: 3 },
    ...{ retry: { limit: 7, delaySeconds: 60 }, dueAt: `${YEAR}-01-01T00:00:00.000Z` },
  })
  const events = await t.database.query<{ data: Record<string, unknown> }>(
    'select data from yeyak.events where subject_id = $1 order by id desc limit 1',
    [id],
  )
  expect(events[0]?.data).toMatchObject({
    retried: true,
    before: { state: 'failed', message: 'Helo', priority: 3, metadata: { a: 1, b: 2 } },
    after: { state: 'scheduled', message: 'Hello', priority: 0, metadata: { a: 1, c: 3 } },
  })
  expect(await retry({ patch })).toMatchObject({ status: 409, body: { code: 'not-final' } })
})

test('what a filter finds is edited and tried again; what does not bear the edit stays, and says why', async () => {
  const groupKey = newGroup()
  const ids = [await failed({ groupKey, message: 'a' }), await failed({ groupKey, message: 'b' })]
  const full = 'x'.repeat(10_000)
  const other = await failed({ groupKey, message: 'c', metadata: { full } })
  const filter = { groupKey, state: 'failed' }
  const patch = { message: 'mended', tags: ['mended'], metadata: { more: full } }
  const seen = await bulk('retry', { filter, patch, dryRun: true })
  expect(seen).toMatchObject({
    ...{ status: 200, body: { matched: 3, more: false, refusals: [{ id: other, code: 'invalid-request' }] } },
  })
  expect(seen.body.sample.map(({ state, message }: Record<string, string>) => [state, message])).toEqual(
    expect.arrayContaining([
      ['failed', 'mended'],
      ['failed', 'mended'],
      ['failed', 'c'],
    ]),
  )
  expect((await t.client.get(ids[0] ?? '')).message).toBe('a')
  const done = await bulk('retry', { filter, patch, sendAt: FAR })
  expect(done.body).toMatchObject({ matched: 3, changed: 2, tooLate: 0, refused: 1 })
  expect(done.body.refusal).toMatchObject({ id: other, errors: [{ path: 'patch.metadata' }] })
  for (const id of ids)
    expect(await t.client.get(id)).toMatchObject({ state: 'scheduled', message: 'mended', tags: ['mended'] })
  expect(await t.client.get(other)).toMatchObject({ state: 'failed', version: 2, tags: [] })
  expect(await timers(groupKey)).toBe(2)
  const korean = { 'accept-language': 'ko' }
  const again = await t.client.call('POST', '/v1/notifications/retry', { filter, patch }, korean)
  expect(again.body.refusal.errors[0].message).toMatch(/바이트/)
})

test('an edit that was an operation is taken back with it: content, settings and state', async () => {
  const groupKey = newGroup()
  const before = { message: 'as it was', metadata: { a: 1 }, tags: ['one'], priority: 5, timeoutSeconds: 30 }
  const ids = [await failed({ groupKey, ...before }), await failed({ groupKey, ...before })]
  const was = await t.client.get(ids[0] ?? '')
  const patch = {
    ...{ message: 'edited', metadata: null, tags: null, priority: -1, timeoutSeconds: 5, groupKey },
    ...{ retry: { backoff: 'fixed', limit: 1 }, onUnknown: 'stop' },
  }
  const made = await bulk('retry', { filter: { groupKey }, patch, sendAt: FAR, ratePerSecond: 1000 })
  expect(made).toMatchObject({
    status: 202,
    body: { patched: Object.keys(patch), refused: 0, refusal: null },
  })
  expect(await ended(made.body.id)).toMatchObject({ state: 'done', changed: 2, patched: Object.keys(patch) })
  expect(await t.client.get(ids[0] ?? '')).toMatchObject({
    ...{ state: 'scheduled', message: 'edited', metadata: {}, tags: [], priority: -1, onUnknown: 'stop' },
  })
  // It may say what nobody but a recipient should know.
  expect(
    await t.database.query('select options ? $2 as kept from yeyak.operations where id = $1', [
      made.body.id,
      'patch',
    ]),
  ).toEqual([{ kept: false }])
  const undo = await t.client.call('POST', `/v1/operations/${made.body.id}/undo`)
  expect(await ended(undo.body.id)).toMatchObject({ changed: 2 })
  const { version: _v, updatedAt: _u, attempts: _a, ...rest } = was
  expect(await t.client.get(ids[0] ?? '')).toMatchObject({ ...rest, ...before, state: 'failed', version: 4 })
  expect(await timers(groupKey)).toBe(0)
})

test('of those raced for by an edit and a plain retry each is tried again once, as one of the two', async () => {
  const groupKey = newGroup()
  const ids = await Promise.all(Array.from({ length: 40 }, () => failed({ groupKey, message: 'plain' })))
  const retry = (id: string, body: object) => t.client.call('POST', `/v1/notifications/${id}/retry`, body)
  const again = { sendAt: FAR }
  const [all, ...singly] = await Promise.all([
    bulk('retry', { filter: { groupKey, state: 'failed' }, ...again, patch: { message: 'in bulk' } }),
    ...ids.map((id, i) => retry(id, i % 2 === 0 ? again : { ...again, patch: { message: 'singly' } })),
  ])
  const won = singly.filter(({ status }) => status === 200)
  expect(singly.every(({ status, body }) => status === 200 || body.code === 'not-final')).toBe(true)
  expect(won.length + all.body.changed).toBe(ids.length)
  for (const [i, id] of ids.entries()) {
    const { state, version, message } = await t.client.get(id)
    const own = i % 2 === 0 ? 'plain' : 'singly'
    expect({ state, version, message }).toEqual({
      ...{ state: 'scheduled', version: 3, message: singly[i]?.status === 200 ? own : 'in bulk' },
    })
  }
  expect(await timers(groupKey)).toBe(ids.length)
})

test('an edit leaves alone whose key another one holds, and a version that has passed', async () => {
  const dedupeKey = `key-${newGroup()}`
  const id = await failed({ dedupeKey })
  const holder = await create({ dedupeKey })
  const retry = (headers: Record<string, string> = {}) =>
    t.client.call('POST', `/v1/notifications/${id}/retry`, { patch: { message: 'y' } }, headers)
  expect(await retry()).toMatchObject({ status: 409, body: { code: 'duplicate', existingId: holder } })
  expect(await retry({ 'if-match': '"1"' })).toMatchObject({ status: 412, body: { expected: 1, actual: 2 } })
  await t.client.call('POST', `/v1/notifications/${holder}/cancel`)
  expect((await retry({ 'if-match': '"2"' })).body).toMatchObject({ message: 'y', version: 3 })
  await t.client.inState(id, 'delivered')
  expect(await retry()).toMatchObject({ status: 409, body: { code: 'already-final', state: 'delivered' } })
  const missing = await t.client.call('POST', '/v1/notifications/nothing/retry', { patch: { message: 'y' } })
  expect(missing.body.code).toBe('not-found')
})

test('contents that are large are edited a few at a time', { timeout: 60_000 }, async () => {
  const groupKey = newGroup()
  const message = 'ä'.repeat(120_000)
  const { body } = await t.client.call('POST', '/v1/notifications/batch', {
    notifications: Array.from({ length: 100 }, () => ({ message, groupKey, sendAt: FAR })),
  })
  await bulk('cancel', { filter: { groupKey } })
  const done = await bulk('retry', { filter: { groupKey }, sendAt: FAR, patch: { metadata: { by: 'edit' } } })
  expect(done.body).toMatchObject({ matched: 100, changed: 100, refused: 0 })
  const last = await t.client.get(body.items.at(-1).id)
  expect(last).toMatchObject({ state: 'scheduled', message, metadata: { by: 'edit' } })
})

test('what failed on its data is edited and run again, one by one and in bulk, and taken back by undo', async () => {
  const broken = async () => {
    const id = await runs.start('report', {
      data: { day: '2026-01-01' },
      groupKey: 'edit',
      runAt: FAR,
      priority: 4,
    })
    await t.client.call('POST', `/v1/runs/${id}/cancel`)
    return id
  }
  const [one, two] = [await broken(), await broken()]
  const other = await runs.start('typed', { data: { n: 1 }, groupKey: 'edit', runAt: FAR })
  await t.client.call('POST', `/v1/runs/${other}/cancel`)
  const retry = (patch: object) => t.client.call('POST', `/v1/runs/${one}/retry`, { patch, runAt: FAR })
  for (const [patch, path] of [
    [{ data: { day: 'never' } }, 'patch.data.day'],
    [{ data: { day: null } }, 'patch.data.day'],
    [{ date: {} }, 'patch.date'],
    [{ metadata: { large: 'x'.repeat(20_000) } }, 'patch.metadata'],
  ] as const) {
    const reply = await retry(patch)
    expectProblem({ ...reply, json: reply.body }, 'invalid-request')
    expect(reply.body.errors[0].path).toBe(path)
  }
  const patch = { data: { day: '2026-02-02', pages: 3 }, timeoutSeconds: 7, priority: null }
  expect((await retry(patch)).body).toMatchObject({
    ...{ state: 'scheduled', data: { day: '2026-02-02', pages: 3 }, timeoutSeconds: 7, priority: 0 },
  })
  const { body: timeline } = await t.client.call('GET', `/v1/runs/${one}/timeline`)
  expect(timeline.items.at(-1).detail).toContain(
    'tried again by request, edited: data, priority, timeoutSeconds, ',
  )
  await t.client.call('POST', `/v1/runs/${one}/cancel`)
  const filter = { groupKey: 'edit', state: 'canceled' }
  const again = { filter, patch: { data: { pages: 9 }, retry: { limit: 0 } }, runAt: FAR }
  const shown = await t.client.call('POST', '/v1/runs/retry', { ...again, dryRun: true })
  expect(shown.body).toMatchObject({ matched: 3 })
  expect(shown.body.sample).toContainEqual(
    expect.objectContaining({ id: two, data: { day: '2026-01-01', pages: 9 } }),
  )
  const made = await t.client.call('POST', '/v1/runs/retry', { ...again, ratePerSecond: 1000 })
  const done = await operationEnded(t.client, made.body.id)
  expect(done).toMatchObject({ changed: 3 - shown.body.refusals.length, patched: ['data', 'retry'] })
  expect(await runs.get(two)).toMatchObject({ data: { day: '2026-01-01', pages: 9 }, retry: { limit: 0 } })
  const undo = await t.client.call('POST', `/v1/operations/${made.body.id}/undo`)
  await operationEnded(t.client, undo.body.id)
  expect(await runs.get(two)).toMatchObject({
    ...{ state: 'canceled', data: { day: '2026-01-01' }, retry: { limit: 3 }, priority: 4 },
  })
  const now = await t.client.call('POST', `/v1/runs/${two}/retry`, { patch: { data: { day: '2026-03-03' } } })
  expect(now.status).toBe(200)
  expect((await runs.inState(two, 'succeeded')).result).toEqual({ day: '2026-03-03', made: true })
  expect(await retry(patch)).toMatchObject({ status: 200 })
  expect(await retry(patch)).toMatchObject({ status: 409, body: { code: 'not-final' } })
})
