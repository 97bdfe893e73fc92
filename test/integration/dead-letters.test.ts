import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { pagesOf } from '../kit/pages.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let t: TestApp
let receiver: Receiver
/** In the order in which they failed. */
const gone: string[] = []
const exhausted: string[] = []
let settled = ''

beforeAll(async () => {
  ;[t, receiver] = await Promise.all([startTestApp(), startReceiver()])
  receiver.behave((r) => (r.message === 'gone' ? { kind: 'reject' } : { kind: 'fail' }))
  const probe = (message: string) =>
    t.client.create({ channel: 'probe', to: receiver.url, message, tags: ['t'], retry: { limit: 0 } })
  for (const list of [gone, exhausted]) {
    for (let i = 0; i < 3; i += 1) {
      const id = await probe(list === gone ? 'gone' : 'busy')
      list.push(id)
      await t.client.inState(id, 'failed')
    }
  }
  settled = await t.client.create({ message: 'settled', sendAt: { delay: '1h' } })
  await t.client.call('POST', `/v1/notifications/${settled}/resolve`, { outcome: 'failed' })
  await t.client.create({ message: 'waits', sendAt: { delay: '1h' } })
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

const list = (query = '') => t.client.call('GET', `/v1/dead-letters?${query}`)
const found = async (query = ''): Promise<string[]> =>
  (await list(query)).body.items.map((item: { id: string }) => item.id)
const walk = async (query: string) => {
  const ids: string[] = []
  let pages = 0
  for await (const { body } of pagesOf(t.client, `/v1/dead-letters?${query}`)) {
    ids.push(...body.items.map(({ id }: { id: string }) => id))
    pages += 1
  }
  return { ids, pages }
}
const all = () => [...gone, ...exhausted, settled].toReversed()

test('what has failed is listed, newest first, with the error of its last attempt', async () => {
  expect(await found()).toEqual(all())
  const { body } = await list('queue=probe&limit=4')
  expect(body.items[3]).toMatchObject({
    ...{ kind: 'notification', id: gone[2], queue: 'probe', state: 'failed', reason: 'rejected' },
    ...{ error: { code: 'gone', message: 'refused for good' }, provider: 'probe', to: receiver.url },
    ...{ title: 'gone', tags: ['t'], groupKey: null, attemptCount: 1 },
  })
  expect((await list('queue=log')).body.items).toMatchObject([
    { id: settled, reason: 'operator', error: null, provider: null, attemptCount: 0 },
  ])
})

test('filters by kind, queue and error', async () => {
  expect(await found('kind=notification')).toEqual(all())
  expect(await found('queue=notifications.log,probe')).toEqual(all())
  expect(await found('error=gone')).toEqual(gone.toReversed())
  expect(await found('error=http-503&queue=probe')).toEqual(exhausted.toReversed())
  expect(await found('error=operator')).toEqual([settled])
  expect(await found('error=nothing')).toEqual([])
  for (const query of ['queue=prob', 'kind=runs', 'groupBy=queue', 'limit=0', 'errors=x', 'sort=dueAt']) {
    const reply = await list(query)
    expectProblem({ ...reply, json: reply.body }, 'invalid-parameter')
  }
})

test.each(['', 'sort=finishedAt', 'error=gone', 'queue=probe'])(
  'page by page each is given once, in order (%s)',
  async (query) => {
    const expected = await found(query)
    const { ids } = await walk(`${query}&limit=2`)
    expect(ids).toEqual(expected)
    expect(ids.length).toBeGreaterThan(2)
  },
)

test('groups are counted, the largest first, each with its newest', async () => {
  const ids = (sample: { id: string }[]) => sample.map(({ id }) => id)
  const { body } = await list('groupBy=error')
  expect(body.more).toBe(false)
  expect(
    body.groups.map((group: { key: string; count: number; sample: { id: string }[] }) => ({
      ...group,
      sample: ids(group.sample),
    })),
  ).toEqual([
    { key: 'gone', kind: 'notification', count: 3, sample: gone.toReversed() },
    { key: 'http-503', kind: 'notification', count: 3, sample: exhausted.toReversed() },
    { key: 'operator', kind: 'notification', count: 1, sample: [settled] },
  ])
  const providers = (await list('groupBy=provider')).body.groups
  expect(providers).toMatchObject([
    { key: 'probe', count: 6 },
    { key: 'log', count: 1 },
  ])
  expect((await list('groupBy=provider&error=gone')).body.groups).toMatchObject([{ key: 'probe', count: 3 }])
  expect((await list('groupBy=error&queue=log')).body.groups).toMatchObject([{ key: 'operator', count: 1 }])
})

test('a filter by error looks at a bounded number, and leads on: no page is long, and none is lost', async () => {
  await t.database.query(`
    insert into yeyak.notifications (id, project_id, channel, lane, content, state, reason, trouble, failed_at, due_at, next_at, finished_at,
      retry_limit, retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds)
    select gen_random_uuid(), 1, 'log', 'notifications.log', '{"message":"many"}', 'failed', 'rejected', 2, at, at, at, at, 3, 60, 'exponential', 3600, 'retry', 15
    from generate_series(1, 5000) i, lateral (select now() - interval '1 day' - i * interval '1 s' as at) times`)
  // Beyond all of those.
  await t.database.query(
    `update yeyak.notifications set failed_at = now() - interval '3 days' where id = $1`,
    [settled],
  )
  expect(await walk('error=operator')).toEqual({ ids: [settled], pages: 3 })
  expect((await walk('error=nothing')).pages).toBe(3)
  const many = await walk('error=rejected&limit=200&sort=finishedAt')
  expect([many.ids.length, new Set(many.ids).size]).toEqual([5_000, 5_000])
  await t.database.query(`delete from yeyak.notifications where content ->> 'message' = 'many'`)
  await t.database.query(`update yeyak.notifications set failed_at = finished_at where id = $1`, [settled])
})

test('what is tried again is one no longer', async () => {
  receiver.behave(() => ({ kind: 'deliver' }))
  const reply = await t.client.call('POST', '/v1/notifications/retry', {
    filter: { state: 'failed', channel: 'probe', q: 'busy' },
  })
  expect(reply.body).toEqual({ matched: 3, changed: 3, tooLate: 0 })
  for (const id of exhausted) await t.client.inState(id, 'delivered')
  expect(await found()).toEqual([settled, ...gone.toReversed()])
})

test('a group is also a filter of the list and of bulk calls, by error and by provider', async () => {
  const idsOf = async (query: string): Promise<string[]> =>
    (await t.client.call('GET', `/v1/notifications?${query}`)).body.items.map(({ id }: { id: string }) => id)
  expect(new Set(await idsOf('error=gone'))).toEqual(new Set(gone))
  expect(await idsOf('error=operator')).toEqual([settled])
  expect(new Set(await idsOf('provider=probe&state=failed'))).toEqual(new Set(await found('queue=probe')))
  expect(await idsOf('error=gone&provider=log')).toEqual([])
  const { body } = await t.client.call('POST', '/v1/notifications/retry', {
    filter: { error: 'gone', provider: 'probe' },
    dryRun: true,
  })
  expect(body).toMatchObject({ matched: 3, more: false })
  const retried = await t.client.call('POST', '/v1/notifications/retry', {
    filter: { error: 'gone' },
    sendAt: { delay: '1h' },
  })
  expect(retried.body).toMatchObject({ matched: 3, changed: 3 })
  // It waits again, and has no error any more.
  expect(await idsOf('error=gone')).toEqual([])
})
