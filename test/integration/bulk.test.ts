import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { operationEnded, readOperation } from '../kit/operations.ts'
import { eventually } from '../kit/poll.ts'
import { startReceiver, type Receiver } from '../kit/receiver.ts'
import { seed } from '../kit/seed.ts'
import { hold, holdNotification } from '../kit/session.ts'

let t: TestApp
let receiver: Receiver
beforeAll(async () => {
  ;[t, receiver] = await Promise.all([startTestApp(), startReceiver()])
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

let groups = 0
const newGroup = () => `g${(groups += 1)}`
const YEAR = new Date().getUTCFullYear() + 5
const FAR = `${YEAR}-01-01T00:00:00Z`
const create = (more: Record<string, unknown>) => t.client.create({ message: 'x', sendAt: FAR, ...more })
const bulk = (kind: string, body?: unknown) => t.client.call('POST', `/v1/notifications/${kind}`, body)
const operation = (id: string) => readOperation(t.client, id)
const ended = (id: string, timeoutMs?: number) => operationEnded(t.client, id, timeoutMs)
const states = async (groupKey: string) => {
  const rows = await t.database.query<{ state: string; reason: string | null; n: number }>(
    `select state, reason, count(*)::int as n from yeyak.notifications where group_key = $1 group by 1, 2`,
    [groupKey],
  )
  return Object.fromEntries(
    rows.map(({ state, reason, n }) => [reason === null ? state : `${state}: ${reason}`, n]),
  )
}
const timers = async (groupKey: string) => {
  const [row] = await t.database.query<{ n: number }>(
    `select count(*)::int as n from yeyak.timers where subject_id in (
       select id from yeyak.notifications where group_key = $1)`,
    [groupKey],
  )
  return row?.n
}

test('what a filter finds is canceled at once, and counted', async () => {
  const groupKey = newGroup()
  const ids = await Promise.all([1, 2, 3].map(() => create({ groupKey, tags: ['a'] })))
  const other = await create({ groupKey })
  const reply = await bulk('cancel', { filter: { groupKey, tag: 'a' } })
  expect(reply).toMatchObject({ status: 200, body: { matched: 3, changed: 3, tooLate: 0 } })
  for (const id of ids) {
    expect(await t.client.get(id)).toMatchObject({ state: 'canceled', reason: 'request', version: 2 })
    const { body } = await t.client.call('GET', `/v1/notifications/${id}/timeline`)
    expect(body.items.at(-1)).toMatchObject({ type: 'canceled' })
  }
  expect((await t.client.get(other)).state).toBe('scheduled')
  expect(await timers(groupKey)).toBe(1)
  // Repeated by nature.
  expect((await bulk('cancel', { filter: { groupKey, tag: 'a' } })).body).toEqual({
    matched: 3,
    changed: 0,
    tooLate: 0,
  })
})

test('a dry run counts and shows, and changes nothing', async () => {
  const groupKey = newGroup()
  await seed(t.database, { count: 15, groupKey })
  const before = await t.database.query('select * from yeyak.notifications where group_key = $1', [groupKey])
  const reply = await bulk('cancel', { filter: { groupKey }, dryRun: true })
  expect(reply.status).toBe(200)
  expect(reply.body).toMatchObject({ matched: 15, more: false })
  expect(reply.body.sample).toHaveLength(10)
  expect(reply.body.sample[0]).toMatchObject({ state: 'scheduled', groupKey })
  expect(
    await t.database.query('select * from yeyak.notifications where group_key = $1', [groupKey]),
  ).toEqual(before)
  expect(
    await t.database.query('select 1 from yeyak.canceled_groups where group_key = $1', [groupKey]),
  ).toEqual([])
  expect(await timers(groupKey)).toBe(15)
})

test.each(['cancel', 'retry', 'resolve'])(
  '%s without a filter is refused, and so is what the list would refuse',
  async (kind) => {
    const more = kind === 'resolve' ? { outcome: 'delivered' } : {}
    const refused = async (body: Record<string, unknown>, code: 'filter-required' | 'invalid-request') => {
      const reply = await bulk(kind, { ...body, ...more })
      expectProblem({ ...reply, json: reply.body }, code)
      return reply.body.errors?.[0]
    }
    await refused({}, 'filter-required')
    await refused({ filter: {} }, 'filter-required')
    await refused({ filter: null, all: false }, 'filter-required')
    expect(await refused({ filter: { groupkey: 'x' } }, 'invalid-request')).toMatchObject({
      path: 'filter.groupkey',
      suggestion: 'groupKey',
    })
    expect(await refused({ filter: { state: 'schedulled' } }, 'invalid-request')).toMatchObject({
      path: 'filter.state',
      suggestion: 'scheduled',
    })
    expect(await refused({ filter: { dueFrom: 'tomorrow' } }, 'invalid-request')).toMatchObject({
      path: 'filter.dueFrom',
    })
    expect(await refused({ filter: { state: null } }, 'invalid-request')).toMatchObject({
      path: 'filter.state',
    })
    expect(await refused({ filter: { tag: 'x' }, dryrun: true }, 'invalid-request')).toMatchObject({
      path: 'dryrun',
      suggestion: 'dryRun',
    })
    expect(await refused({ filter: { tag: 'x' }, ratePerSecond: 0 }, 'invalid-request')).toMatchObject({
      path: 'ratePerSecond',
    })
  },
)

test('an empty body is no filter', async () => {
  const reply = await bulk('cancel')
  expectProblem({ ...reply, json: reply.body }, 'filter-required')
})

test('retry takes back to waiting what has ended, with a time of its own, and leaves the rest', async () => {
  const groupKey = newGroup()
  const ids = [await create({ groupKey }), await create({ groupKey })]
  const waiting = await create({ groupKey })
  for (const id of ids) await t.client.call('POST', `/v1/notifications/${id}/cancel`)
  const reply = await bulk('retry', { filter: { groupKey }, sendAt: FAR, expiresAt: { delay: '1h' } })
  expect(reply).toMatchObject({ status: 200, body: { matched: 3, changed: 2, tooLate: 0 } })
  for (const id of ids)
    expect(await t.client.get(id)).toMatchObject({
      state: 'scheduled',
      reason: null,
      sendAt: FAR,
      dueAt: `${YEAR}-01-01T00:00:00.000Z`,
      expiresAt: `${YEAR}-01-01T01:00:00.000Z`,
      finishedAt: null,
    })
  expect((await t.client.get(waiting)).version).toBe(1)
  expect(await timers(groupKey)).toBe(3)
  const bad = await bulk('retry', {
    filter: { groupKey },
    sendAt: FAR,
    expiresAt: `${YEAR - 1}-01-01T00:00:00Z`,
  })
  expectProblem({ ...bad, json: bad.body }, 'expires-before-due')
})

test('without a time a retry is due now, and is sent', async () => {
  const groupKey = newGroup()
  const id = await create({ groupKey, channel: 'probe', to: receiver.url })
  await t.client.call('POST', `/v1/notifications/${id}/cancel`)
  expect((await bulk('retry', { filter: { groupKey } })).body).toMatchObject({ changed: 1 })
  await t.client.inState(id, 'delivered')
})

test('a retry leaves alone whose key another one holds, and fails for nobody else', async () => {
  const groupKey = newGroup()
  const [first, second] = [await create({ groupKey }), await create({ groupKey })]
  const holder = await create({})
  const setKey = (id: string, pending: boolean) =>
    t.database.query(
      `update yeyak.notifications set dedupe_key = $2, pending_key = case when $3 then $2 end where id = $1`,
      [id, groupKey, pending],
    )
  for (const id of [first, second]) await t.client.call('POST', `/v1/notifications/${id}/cancel`)
  await setKey(first, false)
  await setKey(second, false)
  await setKey(holder, true)
  const free = await create({ groupKey })
  await t.client.call('POST', `/v1/notifications/${free}/cancel`)
  const filter = { groupKey, state: 'canceled' }
  expect((await bulk('retry', { filter, sendAt: FAR })).body).toEqual({ matched: 3, changed: 1, tooLate: 0 })
  await setKey(holder, false)
  // Of two that want the same key one gets it.
  expect((await bulk('retry', { filter, sendAt: FAR })).body).toEqual({ matched: 2, changed: 1, tooLate: 0 })
  const [pending] = await t.database.query<{ n: number }>(
    'select count(*)::int as n from yeyak.notifications where pending_key = $1',
    [groupKey],
  )
  expect(pending?.n).toBe(1)
  // The key is free again once its holder has ended.
  await bulk('cancel', { filter: { dedupeKey: groupKey } })
  const [left] = await t.database.query<{ n: number }>(
    'select count(*)::int as n from yeyak.notifications where pending_key = $1',
    [groupKey],
  )
  expect(left?.n).toBe(0)
})

test('resolve settles what waits, and needs an outcome', async () => {
  const groupKey = newGroup()
  const ids = [await create({ groupKey }), await create({ groupKey })]
  const bad = await bulk('resolve', { filter: { groupKey } })
  expect(bad.body.errors[0].path).toBe('outcome')
  const reply = await bulk('resolve', { filter: { groupKey }, outcome: 'failed', note: 'by hand' })
  expect(reply.body).toEqual({ matched: 2, changed: 2, tooLate: 0 })
  for (const id of ids) expect(await t.client.get(id)).toMatchObject({ state: 'failed', reason: 'operator' })
  expect(await timers(groupKey)).toBe(0)
})

test('what is being sent is too late: it is counted so, and no further attempt begins', async () => {
  const groupKey = newGroup()
  const answer = Promise.withResolvers<null>()
  receiver.behave((r) =>
    r.message === groupKey ? { kind: 'hold', until: answer.promise } : { kind: 'deliver' },
  )
  const more = { channel: 'probe', to: receiver.url, message: groupKey, sendAt: undefined }
  const id = await create({ groupKey, ...more })
  await t.client.inState(id, 'sending')
  expect((await bulk('cancel', { filter: { groupKey, state: 'sending' } })).body).toEqual({
    matched: 1,
    changed: 0,
    tooLate: 1,
  })
  expect((await bulk('resolve', { filter: { groupKey }, outcome: 'failed' })).body).toMatchObject({
    changed: 0,
    tooLate: 1,
  })
  answer.resolve(null)
  await t.client.inState(id, 'delivered')
})

test('a group: what is not visible yet is canceled too, and never sent', async () => {
  const groupKey = newGroup()
  await seed(t.database, { count: 3, groupKey })
  // Created, and not committed until the group has been canceled.
  const late = await hold(t.database, 'select 1')
  await late.run(
    `with n as (
       insert into yeyak.notifications (id, project_id, channel, lane, recipient, content, group_key, due_at, next_at,
         retry_limit, retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds)
       values (gen_random_uuid(), 1, 'probe', 'notifications.probe', to_jsonb($1::text), '{"message":"late"}', $2,
         clock_timestamp(), clock_timestamp(), 3, 60, 'fixed', 60, 'retry', 15)
       returning id, lane, next_at, generation, priority)
     insert into yeyak.timers select id, lane, next_at, generation, priority from n`,
    [receiver.url, groupKey],
  )
  expect((await bulk('cancel', { filter: { groupKey } })).body).toEqual({
    matched: 3,
    changed: 3,
    tooLate: 0,
  })
  await late.run('commit')
  await late.release()
  await eventually('all canceled', async () => (await states(groupKey))['canceled: group'] === 4, 15_000)
  expect(receiver.received.some((r) => r.message === 'late')).toBe(false)
})

test('what was canceled with its group and is tried again is sent, and so is what is created afterwards', async () => {
  const groupKey = newGroup()
  const id = await create({ groupKey })
  expect((await bulk('cancel', { filter: { groupKey } })).body).toMatchObject({ changed: 1 })
  expect(await t.client.get(id)).toMatchObject({ state: 'canceled', reason: 'group' })
  expect((await bulk('retry', { filter: { groupKey } })).body).toMatchObject({ changed: 1 })
  const later = await create({ groupKey, sendAt: undefined })
  await t.client.inState(id, 'delivered')
  await t.client.inState(later, 'delivered')
})

test('more than 1,000 are an operation: it can be watched, and its counts add up', async () => {
  const groupKey = newGroup()
  await seed(t.database, { count: 2_500, groupKey, tag: 'many' })
  const canceled = await create({ groupKey, tags: ['many'] })
  await t.client.call('POST', `/v1/notifications/${canceled}/cancel`)
  const reply = await bulk('cancel', { filter: { groupKey, tag: 'many' } })
  expect(reply.status).toBe(202)
  expect(reply.headers.get('location')).toBe(`/v1/operations/${reply.body.id}`)
  expect(reply.body).toMatchObject({
    subject: 'notifications',
    kind: 'cancel',
    state: 'running',
    filter: { groupKey, tag: 'many' },
    ratePerSecond: null,
    undoUntil: null,
    finishedAt: null,
  })
  const done = await ended(reply.body.id)
  expect(done).toMatchObject({ state: 'done', matched: 2_501, changed: 2_500, tooLate: 0 })
  const day = Date.parse(done.undoUntil) - Date.parse(done.finishedAt)
  expect(Math.abs(day - 86_400_000)).toBeLessThan(1_000)
  expect(await states(groupKey)).toEqual({ 'canceled: request': 2_501 })
  expect(await timers(groupKey)).toBe(0)
  const { body } = await t.client.call('GET', '/v1/operations?limit=1&state=done,aborted')
  expect(body.items).toEqual([done])
  const missing = await t.client.call('GET', '/v1/operations/nothing')
  expectProblem({ ...missing, json: missing.body }, 'not-found')
})

test('what was created later than the operation is not its business', async () => {
  const groupKey = newGroup()
  await seed(t.database, { count: 20, groupKey, tag: 'slow' })
  const reply = await bulk('cancel', { filter: { tag: 'slow' }, ratePerSecond: 40 })
  expect(reply.status).toBe(202)
  // Its id is above all others, so that it would come last.
  const later = await create({ groupKey, tags: ['slow'] })
  await t.database.query(
    `update yeyak.notifications set id = 'ffffffff-ffff-7fff-bfff-ffffffffffff' where id = $1`,
    [later],
  )
  expect(await ended(reply.body.id)).toMatchObject({ matched: 20, changed: 20 })
  expect(await states(groupKey)).toEqual({ 'canceled: request': 20, scheduled: 1 })
})

test('a rate is kept to, and the progress is visible meanwhile', async () => {
  const groupKey = newGroup()
  await seed(t.database, { count: 100, groupKey })
  const startedMs = performance.now()
  const reply = await bulk('cancel', { filter: { groupKey }, ratePerSecond: 50 })
  const seen = new Set<number>()
  await eventually('done', async () => {
    const found = await operation(reply.body.id)
    seen.add(found.matched)
    expect(found.matched).toBeLessThanOrEqual(50 * ((performance.now() - startedMs) / 1000) + 12)
    return found.state === 'done'
  })
  expect(performance.now() - startedMs).toBeGreaterThan(1_500)
  expect(seen.size).toBeGreaterThan(4)
})

test('an abort ends it; what was changed stays so, and can be undone', async () => {
  const groupKey = newGroup()
  await seed(t.database, { count: 100, groupKey })
  const { body } = await bulk('cancel', { filter: { groupKey }, ratePerSecond: 20 })
  const early = await t.client.call('POST', `/v1/operations/${body.id}/undo`)
  expectProblem({ ...early, json: early.body }, 'not-final')
  await eventually('some', async () => (await operation(body.id)).changed >= 5)
  const aborted = await t.client.call('POST', `/v1/operations/${body.id}/abort`)
  expect(aborted).toMatchObject({ status: 200, body: { state: 'aborted' } })
  const { changed } = aborted.body
  expect(await states(groupKey)).toEqual({ 'canceled: group': changed, scheduled: 100 - changed })
  expect((await t.client.call('POST', `/v1/operations/${body.id}/abort`)).body).toEqual(aborted.body)

  const undo = await t.client.call('POST', `/v1/operations/${body.id}/undo`)
  expect(undo).toMatchObject({ status: 202, body: { kind: 'undo', undoes: body.id } })
  expect(await ended(undo.body.id)).toMatchObject({ state: 'done', changed, undoUntil: null })
  expect(await states(groupKey)).toEqual({ scheduled: 100 })
  expect(await timers(groupKey)).toBe(100)
  const done = await t.client.call('POST', `/v1/operations/${undo.body.id}/abort`)
  expectProblem({ ...done, json: done.body }, 'already-final')
})

test('an undo puts back what nobody has changed since, and it is delivered', async () => {
  const groupKey = newGroup()
  receiver.behave(() => ({ kind: 'deliver' }))
  await seed(t.database, { count: 30, groupKey, channel: 'probe', to: receiver.url, inSeconds: 4 })
  const { body } = await bulk('cancel', { filter: { groupKey }, ratePerSecond: 1000 })
  expect(await ended(body.id)).toMatchObject({ changed: 30 })
  const [moved] = await t.database.query<{ id: string }>(
    'select id from yeyak.notifications where group_key = $1 limit 1',
    [groupKey],
  )
  const retried = await t.client.call('POST', `/v1/notifications/${moved?.id}/retry`, { sendAt: FAR })
  expect(retried.status).toBe(200)
  const undo = await t.client.call('POST', `/v1/operations/${body.id}/undo`)
  expect(undo.headers.get('location')).toBe(`/v1/operations/${undo.body.id}`)
  expect(await ended(undo.body.id)).toMatchObject({ matched: 30, changed: 29 })
  const again = await t.client.call('POST', `/v1/operations/${body.id}/undo`)
  expect(again).toMatchObject({ status: 200, body: { id: undo.body.id } })
  await eventually('29 delivered', async () => (await states(groupKey))['delivered'] === 29, 20_000)
  expect(await states(groupKey)).toEqual({ delivered: 29, scheduled: 1 })
  const more = await t.client.call('POST', `/v1/operations/${undo.body.id}/undo`)
  expectProblem({ ...more, json: more.body }, 'undo-expired')
})

test('an undo that is asked for several times at once is one', async () => {
  const groupKey = newGroup()
  await seed(t.database, { count: 5, groupKey })
  const { body } = await bulk('cancel', { filter: { groupKey }, ratePerSecond: 1000 })
  await ended(body.id)
  const undos = await Promise.all(
    Array.from({ length: 12 }, () => t.client.call('POST', `/v1/operations/${body.id}/undo`)),
  )
  expect(new Set(undos.map((undo) => undo.body.id)).size).toBe(1)
  expect(undos.filter((undo) => undo.status === 202)).toHaveLength(1)
})

test.each(['retry', 'resolve'])('an undo of a %s makes all as it was', async (kind) => {
  const groupKey = newGroup()
  await seed(t.database, { count: 5, groupKey })
  if (kind === 'retry') await bulk('resolve', { filter: { groupKey }, outcome: 'failed' })
  const SHOWN = `id, state, reason, trouble, due_at, next_at, send_at, expires_at, failures, lost_workers, late_ms,
    finished_at, cancel_requested, pending_key`
  const rows = () =>
    t.database.query(`select ${SHOWN} from yeyak.notifications where group_key = $1 order by id`, [groupKey])
  const before = await rows()
  const options = kind === 'retry' ? { sendAt: FAR } : { outcome: 'delivered' }
  const { body } = await bulk(kind, { filter: { groupKey }, ratePerSecond: 1000, ...options })
  expect(await ended(body.id)).toMatchObject({ changed: 5 })
  expect(await timers(groupKey)).toBe(kind === 'retry' ? 5 : 0)
  const undo = await t.client.call('POST', `/v1/operations/${body.id}/undo`)
  expect(await ended(undo.body.id)).toMatchObject({ matched: 5, changed: 5 })
  expect(await rows()).toEqual(before)
  expect(await timers(groupKey)).toBe(kind === 'retry' ? 0 : 5)
})

test('an undo comes to an end', async () => {
  const groupKey = newGroup()
  await seed(t.database, { count: 2, groupKey })
  const { body } = await bulk('cancel', { filter: { groupKey }, ratePerSecond: 1000 })
  await ended(body.id)
  await t.database.query(
    `update yeyak.operations set undo_until = clock_timestamp() - interval '1 s' where id = $1`,
    [body.id],
  )
  const undo = await t.client.call('POST', `/v1/operations/${body.id}/undo`)
  expectProblem({ ...undo, json: undo.body }, 'undo-expired')
})

test('a row that somebody holds is waited for, within limits', { timeout: 60_000 }, async () => {
  const groupKey = newGroup()
  const ids = [await create({ groupKey }), await create({ groupKey })]
  const held = await holdNotification(t.database, String(ids[0]))
  onTestFinished(held.release)
  const startedMs = performance.now()
  const reply = await bulk('cancel', { filter: { groupKey } })
  expectProblem({ ...reply, json: reply.body }, 'unavailable')
  expect(performance.now() - startedMs).toBeLessThan(4_500)
  // An operation goes on once the row is free.
  const { body } = await bulk('cancel', { filter: { groupKey }, ratePerSecond: 1000 })
  await eventually('a step is tried again', () =>
    t.records.some((record) => record.msg.includes('a step is tried again')),
  )
  expect(await operation(body.id)).toMatchObject({ state: 'running' })
  await held.release()
  expect(await ended(body.id)).toMatchObject({ matched: 2, changed: 2 })
})

test('a list of operations gives each once, page by page, newest first', async () => {
  const ids: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { body }: { body: { items: { id: string }[]; nextCursor: string | null } } = await t.client.call(
      'GET',
      `/v1/operations?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    ids.push(...body.items.map(({ id }) => id))
    cursor = body.nextCursor
  }
  const rows = await t.database.query<{ id: string }>(
    'select id from yeyak.operations order by created_at desc, id desc',
  )
  expect(ids).toEqual(rows.map(({ id }) => id))
  expect(ids.length).toBeGreaterThan(5)
})
