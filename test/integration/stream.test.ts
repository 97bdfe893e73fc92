import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { MOST_STREAMS } from '../../src/events/index.ts'
import { type EventServer, startEventServer } from '../kit/event-server.ts'
import { type EventStream, openStream } from '../kit/event-stream.ts'
import { type WrittenEvents, writeEvents } from '../kit/event-writer.ts'
import { eventually } from '../kit/poll.ts'

let t: EventServer
const open: EventStream[] = []
beforeAll(async () => {
  t = await startEventServer()
})
afterEach(() => {
  for (const stream of open.splice(0)) stream.cut()
})
afterAll(() => t.end())

const stream = async (query = '', headers: Record<string, string> = {}): Promise<EventStream> => {
  const opened = await openStream(t.url, `/v1/stream?${query}`, headers)
  open.push(opened)
  return opened
}

const write = (o: WrittenEvents) => writeEvents(t.database, o)
const subjects = ({ events }: EventStream): string[] => events.map(({ data }) => data.subject.id)

test('a stream tells what happens from now on, with id, type and the event of the feed', async () => {
  await write({ subject: 'before' })
  const s = await stream()
  expect(s.status).toBe(200)
  expect(s.headers['content-type']).toBe('text/event-stream; charset=utf-8')
  expect(s.headers['cache-control']).toBe('no-store')
  expect(s.headers['x-request-id']).toBeDefined()
  await eventually('the place', () => s.lastId())
  await write({ subject: 'after', data: { reason: 'x' } })
  const event = await s.next('notification.created')
  const { body } = await t.client.call('GET', '/v1/events?subject=after')
  expect(event.data).toEqual(body.items[0])
  expect(event.id).toBe(body.items[0].id)
  expect(subjects(s)).toEqual(['after'])
})

test('a client that is cut off before the first event misses none when it comes again', async () => {
  const first = await stream()
  const place = await eventually('the place', () => first.lastId())
  first.cut()
  await write({ subject: 'meanwhile' })
  const again = await stream('', { 'last-event-id': place })
  await again.next('notification.created')
  expect(subjects(again)).toEqual(['meanwhile'])
})

test('Last-Event-ID goes before ?after=, which a browser keeps in the address', async () => {
  await write({ subject: 'resume', count: 3 })
  const { body } = await t.client.call('GET', '/v1/events?subject=resume')
  const [first, second, third] = body.items.map((item: { id: string }) => item.id)
  const s = await stream(`after=${first}&subject=resume`, { 'last-event-id': second })
  await s.next('notification.created')
  expect(s.events.map(({ id }) => id)).toEqual([third])
  const from = await stream('after=0&subject=resume')
  await from.next('notification.created', 3)
  expect(from.events.map(({ id }) => id)).toEqual([first, second, third])
})

test('filters and scopes hold for what is replayed and for what is live', async () => {
  const headers = { 'x-scopes': 'notifications:read', 'x-project': '7' }
  const writeAll = async (subject: string) => {
    await write({ subject, project: 7, type: 'queue.paused' })
    await write({ subject, project: 7, type: 'notification.created' })
    await write({ subject, project: 7, type: 'notification.failed' })
    await write({ subject, project: 8, type: 'notification.failed' })
  }
  await writeAll('replayed')
  const [all, failed] = await Promise.all([
    stream('after=0', headers),
    stream('after=0&type=notification.failed', headers),
  ])
  await all.next('notification.failed')
  await writeAll('live')
  await all.next('notification.failed', 2)
  await failed.next('notification.failed', 2)
  expect(subjects(all)).toEqual(['replayed', 'replayed', 'live', 'live'])
  expect(subjects(failed)).toEqual(['replayed', 'live'])
})

test.each([
  ['dropped by retention', '5'],
  ['of another life of the database', '9'.repeat(25)],
  ['of another server', 'abc'],
])('an id that is %s is answered by a reset, and the oldest that are kept', async (_, id) => {
  await t.database.query(`insert into yeyak.feeds (name, xid, id) values ('dropped', '1', 0)`)
  try {
    const { body } = await t.client.call('GET', '/v1/events?limit=1')
    const s = await stream('', { 'last-event-id': id })
    const reset = await s.next('reset')
    expect(s.events[0]).toBe(reset)
    expect(reset.data).toEqual({ after: id })
    const first = await s.next('notification.created')
    expect(first.id).toBe(body.items[0].id)
  } finally {
    await t.database.query(`delete from yeyak.feeds`)
  }
})

test('comments keep it alive, and tell how far it is where nothing matches', async () => {
  const s = await stream('type=queue.paused')
  const place = await eventually('the place', () => s.lastId())
  await write({ count: 5 })
  await eventually('a comment', () => s.comments() >= 2)
  await eventually('another place', () => BigInt(s.lastId() ?? 0) > BigInt(place))
  expect(s.events).toEqual([])
})

test('a stream ends soon after its key was revoked', async () => {
  const [one, other] = await Promise.all([stream('', { 'x-key': 'leaked' }), stream('', { 'x-key': 'good' })])
  t.revoke('leaked')
  await eventually('the end', () => one.isOver())
  await write({ subject: 'still' })
  await other.next('notification.created')
  expect(other.isOver()).toBe(false)
})

test('what it may not read is refused before it begins', async () => {
  for (const query of ['type=queue.paused', 'subject=key:1']) {
    const reply = await t.client.call('GET', `/v1/stream?${query}`, undefined, {
      'x-scopes': 'notifications:read',
    })
    expect(reply.body.code).toBe('missing-scope')
  }
  expect((await t.client.call('GET', '/v1/stream?after=x')).body.code).toBe('invalid-parameter')
  expect((await t.client.call('GET', '/v1/stream?limit=2')).body.code).toBe('invalid-parameter')
  const head = await t.client.call('HEAD', '/v1/stream')
  expect(head.status).toBe(200)
})

test(
  'a client that does not read is cut off, holds up nobody, and misses nothing when it comes again',
  {
    timeout: 120_000,
  },
  async () => {
    const COUNT = 20_000
    const slow = await stream('subject=flood')
    const quick = await stream('subject=flood')
    await Promise.all([slow, quick].map((s) => eventually('the place', () => s.lastId())))
    slow.pause()
    const connections = await t.connections()
    const data = { text: 'x'.repeat(1000) }
    for (let i = 0; i < COUNT; i += 5000) await write({ subject: 'flood', data, count: 5000 })
    await eventually('all of it at the other', () => quick.events.length === COUNT, 60_000)
    await eventually('the cut', async () => (await t.connections()) < connections)
    slow.resume()
    await eventually('the end of what it had', () => slow.isOver())
    expect(slow.events.length).toBeLessThan(COUNT)
    const again = await stream('subject=flood', { 'last-event-id': slow.lastId() ?? '' })
    await eventually('the rest', () => slow.events.length + again.events.length === COUNT, 60_000)
    const ids = [...slow.events, ...again.events].map(({ id }) => BigInt(id))
    expect(new Set(ids).size).toBe(COUNT)
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)))
  },
)

test(
  'more streams than a process takes are refused, and one that ends makes room',
  { timeout: 60_000 },
  async () => {
    // Those of the tests before are gone from the server, too.
    await eventually('room for all', async () => {
      const some = await Promise.all(Array.from({ length: MOST_STREAMS }, () => stream('type=queue.paused')))
      if (some.every(({ status }) => status === 200)) return true
      for (const one of open.splice(0)) one.cut()
      return false
    })
    const reply = await t.client.call('GET', '/v1/stream')
    expect(reply.status).toBe(503)
    expect(reply.body).toMatchObject({ code: 'unavailable', reason: 'overloaded' })
    open[0]?.cut()
    await eventually('room', async () => (await stream()).status === 200)
  },
)

test('closing the server ends the streams at once', async () => {
  const own = await startEventServer()
  const streams = await Promise.all(Array.from({ length: 5 }, () => openStream(own.url, '/v1/stream')))
  const startedMs = performance.now()
  await own.close()
  expect(performance.now() - startedMs).toBeLessThan(2_000)
  await eventually('the end of all', () => streams.every((s) => s.isOver()))
  await own.end()
})
