import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'

let t: TestApp
const ids: string[] = []
const BASE = Date.parse('2035-01-01T00:00:00Z')
const at = (minutes: number) => new Date(BASE + minutes * 60_000).toISOString()

/** Due in pairs, so that ties are there. */
const STOCK = [
  { message: 'Alpha 100%', tags: ['red', 'new'], groupKey: 'g1' },
  { message: 'beta_one', tags: ['red'], groupKey: 'g1' },
  { message: 'betaXone', tags: ['new'] },
  { message: String.raw`C:\dir`, tags: ['쉼표,안', 'red', 'new'] },
  { message: '한국어 알림', priority: 5 },
  { message: 'two\nlines' },
  { message: 'probe', channel: 'probe', to: 'http://127.0.0.1:9/Caller' },
  { message: '100x', channel: 'probe', to: 'http://127.0.0.1:9/other' },
]

beforeAll(async () => {
  t = await startTestApp()
  for (const [i, item] of STOCK.entries())
    ids.push(await t.client.create({ ...item, sendAt: at(Math.floor(i / 2)) }))
})
afterAll(() => t.end())

const list = (query: Record<string, string> | string = '') =>
  t.client.call('GET', `/v1/notifications?${new URLSearchParams(query).toString()}`)
const found = async (query: Record<string, string> | string): Promise<number[]> => {
  const { body, status } = await list(query)
  expect(status).toBe(200)
  return body.items.map((item: { id: string }) => ids.indexOf(item.id))
}
const refuses = async (query: string, code: 'invalid-parameter' | 'invalid-cursor') => {
  const reply = await t.client.call('GET', `/v1/notifications?${query}`)
  expectProblem({ ...reply, json: reply.body }, code)
  return reply.body
}
const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b)

test('without a word the list is by due instant, ties by id, and without attempts', async () => {
  const { body } = await list()
  expect(body.items.map((item: { id: string }) => item.id)).toEqual(ids)
  expect(body.nextCursor).toBeNull()
  const one = await t.client.get(String(ids[0]))
  const { attempts, ...item } = one
  expect(attempts).toEqual([])
  expect(body.items[0]).toEqual(item)
})

test.each<[Record<string, string>, number[]]>([
  [{ q: '100%' }, [0]],
  [{ q: 'BETA_' }, [1]],
  [{ q: '_' }, [1]],
  [{ q: String.raw`:\d` }, [3]],
  [{ q: '국어' }, [4]],
  [{ q: 'caller' }, [6]],
  [{ q: '100' }, [0, 7]],
  [{ q: "' or 1=1 --" }, []],
  [{ to: 'http://127.0.0.1:9/Caller' }, [6]],
  [{ to: 'http://127.0.0.1:9/caller' }, []],
  [{ channel: 'probe' }, [6, 7]],
  [{ channel: 'probe,log', tag: 'red' }, [0, 1, 3]],
  [{ groupKey: 'g1' }, [0, 1]],
  [{ tag: '쉼표,안' }, [3]],
  [{ dueFrom: at(1), dueTo: at(2) }, [2, 3]],
  [{ dueFrom: '2035-01-01T09:03:00+09:00' }, [6, 7]],
  [{ createdTo: '2030-01-01T00:00:00Z', dueFrom: at(3) }, [6, 7]],
  [{ createdFrom: '2030-01-01T00:00:00Z' }, []],
  [{ state: 'scheduled' }, [0, 1, 2, 3, 4, 5, 6, 7]],
  [{ state: 'queued,sending,delivered' }, []],
  [{ state: 'delivered, scheduled', q: 'beta' }, [1, 2]],
])('%j finds %j', async (query, expected) => {
  expect(await found(query)).toEqual(expected)
})

test('a repeated tag asks for all of them', async () => {
  expect(await found('tag=red&tag=new')).toEqual([0, 3])
})

test('a part is found in each text by itself, not across two', async () => {
  expect(await found({ q: 'Callerprobe' })).toEqual([])
  expect(await found({ q: 'o\nl' })).toEqual([5])
})

test.each(['dueAt', 'createdAt', 'updatedAt'])('sorted by %s, up and down', async (field) => {
  const up = await list({ sort: field })
  const values: string[] = up.body.items.map((item: Record<string, string>) => `${item[field]} ${item['id']}`)
  expect(values).toEqual(values.toSorted())
  const down = await found({ sort: `-${field}` })
  expect(down).toEqual((await found({ sort: field })).toReversed())
})

test.each(['dueAt', '-dueAt', 'createdAt', '-createdAt'])(
  'a walk by %s gives each item exactly once, whatever comes and goes meanwhile',
  async (sort) => {
    const walked: string[] = []
    const query = { sort, limit: '3', dueFrom: at(0) }
    let cursor: string | null = null
    do {
      const { body, status } = await list({ ...query, ...(cursor !== null && { cursor }) })
      expect(status).toBe(200)
      walked.push(...body.items.map((item: { id: string }) => item.id))
      cursor = body.nextCursor
      // Comes in the midst of all; what stood there before must neither repeat nor be passed over.
      const extra = await t.client.create({ message: 'extra', sendAt: at(1.5), tags: [sort] })
      await t.database.query('delete from yeyak.timers where subject_id = $1', [extra])
    } while (cursor !== null)
    expect(new Set(walked).size).toBe(walked.length)
    expect(sorted(walked.map((id) => ids.indexOf(id)).filter((i) => i >= 0))).toEqual(ids.map((_, i) => i))
    await t.database.query('delete from yeyak.notifications where tags = $1', [[sort]])
  },
)

test('a cursor belongs to its query, and only the limit may change on the way', async () => {
  const first = (await list({ limit: '2', q: 'beta', sort: '-dueAt' })).body
  expect(first.nextCursor).toBeNull()
  const { nextCursor } = (await list({ limit: '2', tag: 'red' })).body
  expect(await found({ limit: '200', tag: 'red', cursor: nextCursor })).toEqual([3])
  for (const query of [
    { limit: '2', tag: 'new', cursor: nextCursor },
    { limit: '2', cursor: nextCursor },
    { tag: 'red', sort: '-dueAt', cursor: nextCursor },
    { tag: 'red', cursor: `${nextCursor}x` },
    { cursor: 'x' },
  ])
    await refuses(new URLSearchParams(query).toString(), 'invalid-cursor')
  expect(await found({ sort: 'dueAt', tag: 'red', limit: '2', cursor: nextCursor })).toEqual([3])
})

test.each([
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['limit=x', 'limit'],
  ['sort=state', 'sort'],
  ['state=sent', 'state'],
  ['state=scheduled,', 'state'],
  ['channel=smoke', 'channel'],
  ['dueFrom=2035-01-01', 'dueFrom'],
  ['dueFrom=2035-01-01T00:00:00', 'dueFrom'],
  ['dueFrom=2035-02-30T00:00:00Z', 'dueFrom'],
  ['dueFrom=2035-01-01T00:00:00+09:00', 'dueFrom'],
  [`q=${'x'.repeat(201)}`, 'q'],
  ['q=a%00b', 'q'],
  ['q=', 'q'],
  ['state=scheduled&state=queued', 'state'],
])('%s is refused at its place', async (query, path) => {
  const { errors } = await refuses(query, 'invalid-parameter')
  expect(errors.map((e: { path: string }) => e.path)).toEqual([path])
})

test('what is not known is refused, with the right name', async () => {
  expect((await refuses('stat=queued', 'invalid-parameter')).errors).toMatchObject([
    { path: 'stat', suggestion: 'state' },
  ])
  expect((await refuses('state=schedulled', 'invalid-parameter')).errors[0].suggestion).toBe('scheduled')
  expect((await refuses('dueFrom=2035-01-01T00:00:00+09:00', 'invalid-parameter')).errors[0].suggestion).toBe(
    '2035-01-01T00:00:00%2B09:00',
  )
})

test('each state finds what is in it, and no two find the same', async () => {
  const STATES = ['scheduled', 'queued', 'sending', 'retrying', 'delivered', 'failed', 'canceled', 'expired']
  const made = {
    delivered: await t.client.create({ message: 'state', tags: ['s'] }),
    canceled: await t.client.create({ message: 'state', tags: ['s'], sendAt: at(0) }),
    failed: await t.client.create({ message: 'state', tags: ['s'], sendAt: at(0) }),
    // Nobody listens there: the connection is refused, which the channel calls unknown.
    retrying: await t.client.create({
      ...{ message: 'state', tags: ['s'], channel: 'probe', to: 'http://127.0.0.1:9/' },
      retry: { delaySeconds: 3600 },
    }),
    scheduled: await t.client.create({ message: 'state', tags: ['s'], sendAt: { delay: '1h' } }),
  }
  await t.client.call('POST', `/v1/notifications/${made.canceled}/cancel`)
  await t.client.call('POST', `/v1/notifications/${made.failed}/resolve`, { outcome: 'failed' })
  await t.client.inState(made.delivered, 'delivered')
  await t.client.inState(made.retrying, 'retrying')
  for (const state of STATES) {
    const items = (await list({ state, tag: 's' })).body.items
    const expected = Object.entries(made).flatMap(([name, id]) => (name === state ? [id] : []))
    expect(
      items.map((item: { id: string }) => item.id),
      state,
    ).toEqual(expected)
  }
  const trouble = (await list({ state: 'failed,retrying', tag: 's' })).body.items
  expect(trouble).toHaveLength(2)
})

test('one that was planted again is listed as scheduled, however its time was changed since', async () => {
  const id = await t.client.create({ message: 'again', tags: ['again'], sendAt: at(0) })
  await t.client.call('POST', `/v1/notifications/${id}/cancel`)
  await t.client.call('POST', `/v1/notifications/${id}/retry`, { sendAt: { delay: '1h' } })
  await t.client.call('PATCH', `/v1/notifications/${id}`, { sendAt: { delay: '2h' } })
  const { items } = (await list({ state: 'scheduled', tag: 'again' })).body
  expect(items).toMatchObject([{ id }])
  expect(items[0].dueAt).toBe(items[0].nextAttemptAt)
})

test('a DBA sees what is to come in the view yeyak.upcoming', async () => {
  const rows = await t.database.query(
    `select kind, id, due_at, state, title from yeyak.upcoming where due_at >= $1 order by due_at, id limit 3`,
    [at(0)],
  )
  expect(rows).toEqual([
    {
      kind: 'notification',
      id: ids[0],
      due_at: new Date(at(0)),
      state: 'scheduled',
      title: 'log: Alpha 100%',
    },
    { kind: 'notification', id: ids[1], due_at: new Date(at(0)), state: 'scheduled', title: 'log: beta_one' },
    { kind: 'notification', id: ids[2], due_at: new Date(at(1)), state: 'scheduled', title: 'log: betaXone' },
  ])
})

test('in a list files have their names only: many of them must not fill the memory', async () => {
  const content = Buffer.from('the file').toString('base64')
  const attachments = [{ filename: 'a.txt', contentType: 'text/plain', content }]
  const id = randomUUID()
  await t.database.query(
    `insert into yeyak.notifications (id, project_id, channel, lane, content, due_at, next_at, retry_limit,
       retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds, tags)
     values ($1, 1, 'email', 'notifications.email', $2, '2036-01-01', '2036-01-01', 0, 0, 'fixed', 0, 'retry', 15, '{files}')`,
    [id, JSON.stringify({ subject: 'Files', attachments })],
  )
  const { items } = (await list({ tag: 'files' })).body
  expect(items[0].attachments).toEqual([{ filename: 'a.txt', contentType: 'text/plain' }])
  const whole = await t.client.call('GET', `/v1/notifications/${id}`)
  expect(whole.body.attachments).toEqual(attachments)
})
