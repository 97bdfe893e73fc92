import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EVENT_TYPES, KINDS } from '../../src/events/index.ts'
import { type EventServer, startEventServer } from '../kit/event-server.ts'
import { type WrittenEvents, writeEvents } from '../kit/event-writer.ts'
import { expectProblem } from '../kit/http-server.ts'

let t: EventServer
beforeAll(async () => {
  t = await startEventServer()
})
afterAll(() => t.end())

const feed = async (query = '', headers: Record<string, string> = {}) =>
  (await t.client.call('GET', `/v1/events?${query}`, undefined, headers)).body
const problem = async (query: string, headers: Record<string, string> = {}) => {
  const reply = await t.client.call('GET', `/v1/events?${query}`, undefined, headers)
  return { ...reply, json: reply.body }
}

const write = (o: WrittenEvents) => writeEvents(t.database, o)
const subjects = (body: { items: { subject: { id: string } }[] }) => body.items.map((item) => item.subject.id)

test('an event is told with what it is about, who did it, and what of it', async () => {
  const actor = { kind: 'key', id: 'k1', from: '10.0.0.7' }
  await write({ subject: 'shape', actor, data: { reason: 'x' } })
  await write({ subject: 'shape', type: 'notification.delivered' })
  const { items, nextCursor } = await feed('subject=shape')
  expect(nextCursor).toBeNull()
  const at = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u)
  const id = expect.stringMatching(/^\d{10,}$/u)
  const subject = { kind: 'notification', id: 'shape' }
  expect(items).toEqual([
    {
      id,
      at,
      subject,
      type: 'notification.created',
      actor: { kind: 'key', id: 'k1' },
      data: { reason: 'x' },
    },
    { id, at, subject, type: 'notification.delivered', actor: { kind: 'system', id: null }, data: {} },
  ])
  expect(BigInt(items[1].id)).toBeGreaterThan(BigInt(items[0].id))
})

test('whoever goes on after the last id sees the rest, and nothing twice', async () => {
  await write({ subject: 'walk', count: 7 })
  const query = 'type=notification.created'
  const { items } = await feed(`${query}&limit=200`)
  const ids: string[] = items.map((item: { id: string }) => item.id)
  for (const [i, id] of ids.entries()) {
    const rest = await feed(`${query}&after=${id}&limit=200`)
    expect(rest.items.map((item: { id: string }) => item.id)).toEqual(ids.slice(i + 1))
  }
  const paged: string[] = []
  let cursor = ''
  do {
    const page = await feed(`${query}&limit=2${cursor}`)
    paged.push(...page.items.map((item: { id: string }) => item.id))
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
  } while (cursor !== '')
  expect(paged).toEqual(ids)
  const falling = await feed(`${query}&limit=200&sort=-id`)
  expect(falling.items.map((item: { id: string }) => item.id)).toEqual(ids.toReversed())
})

test('what commits late stands behind what was read before, however early its number was taken', async () => {
  const late = await t.database.session()
  await late.query('begin')
  await writeEvents(late, { subject: 'late' })
  await write({ subject: 'early' })
  const query = 'type=notification.created&limit=200'
  const before = await feed(query)
  expect(subjects(before)).not.toContain('early')
  await late.query('commit')
  await late.end()
  const last = before.items.at(-1)?.id ?? 0
  expect(subjects(await feed(`${query}&after=${last}`))).toEqual(['late', 'early'])
})

test('what was rolled back, to a savepoint or altogether, is never told', async () => {
  const session = await t.database.session()
  await session.query('begin')
  await writeEvents(session, { subject: 'kept-1' })
  await session.query('savepoint s')
  await writeEvents(session, { subject: 'undone' })
  await session.query('rollback to s')
  await writeEvents(session, { subject: 'kept-2' })
  await session.query('commit')
  await session.query('begin')
  await writeEvents(session, { subject: 'undone' })
  await session.query('rollback')
  await session.end()
  expect(subjects(await feed('limit=200')).slice(-2)).toEqual(['kept-1', 'kept-2'])
  expect(subjects(await feed('subject=undone'))).toEqual([])
})

describe('a caller', () => {
  const SCOPES = { 'x-scopes': 'notifications:read' }

  test('sees the kinds that his scopes cover, and is told what he lacks for the others', async () => {
    await write({ type: 'queue.paused', subject: 'scoped' })
    await write({ type: 'notification.created', subject: 'scoped' })
    expect(subjects(await feed('subject=scoped'))).toEqual(['scoped', 'scoped'])
    const { items } = await feed('subject=scoped', SCOPES)
    expect(items.map((item: { type: string }) => item.type)).toEqual(['notification.created'])
    for (const query of ['type=queue.paused', 'type=notification.*,queue.*', 'subject=queue:scoped']) {
      const reply = await problem(query, SCOPES)
      expectProblem(reply, 'missing-scope')
      expect(reply.json.scope).toBe('operate')
    }
    const none = await problem('', { 'x-scopes': 'notifications:write' })
    expectProblem(none, 'missing-scope')
    expect(none.json.scope).toBe('notifications:read')
  })

  test('sees only what belongs to his project', async () => {
    await write({ subject: 'theirs', project: 2 })
    expect(subjects(await feed('subject=theirs'))).toEqual([])
    expect(subjects(await feed('', { 'x-project': '2' }))).toEqual(['theirs'])
  })
})

describe('filters', () => {
  beforeAll(async () => {
    await write({ project: 3, type: 'notification.created', subject: 'a' })
    await write({ project: 3, type: 'notification.delivered', subject: 'a' })
    await write({ project: 3, type: 'queue.paused', subject: 'a' })
    await write({ project: 3, type: 'queue.resumed', subject: 'b' })
  })
  const types = async (query: string) =>
    (await feed(query, { 'x-project': '3' })).items.map((item: { type: string }) => item.type)

  test.each([
    ['type=notification.delivered', ['notification.delivered']],
    ['type=notification.*', ['notification.created', 'notification.delivered']],
    ['type=notification.created,queue.*', ['notification.created', 'queue.paused', 'queue.resumed']],
    ['subject=a', ['notification.created', 'notification.delivered', 'queue.paused']],
    ['subject=queue:a', ['queue.paused']],
    ['subject=queue:a&type=queue.resumed', []],
    ['type=content.*', []],
  ])('%s', async (query, expected) => {
    expect(await types(query)).toEqual(expected)
  })

  test.each([
    ['type=notification.sent', 'type'],
    ['type=notifications.*', 'type'],
    ['after=x', 'after'],
    ['after=-1', 'after'],
    ['limit=201', 'limit'],
  ])('%s is refused with its path', async (query, path) => {
    const reply = await problem(query)
    expectProblem(reply, 'invalid-parameter')
    expect(reply.json.errors[0].path).toBe(path)
  })
})

test('a page looks at a bounded number of events, and goes on where it stopped, though nothing matched', async () => {
  await write({ project: 4, type: 'notification.attempt', count: 25_000 })
  await write({ project: 4, type: 'notification.failed', subject: 'needle' })
  const headers = { 'x-project': '4' }
  let page = await feed('type=notification.failed', headers)
  let pages = 1
  while (page.items.length === 0 && page.nextCursor !== null && pages < 10) {
    page = await feed(`type=notification.failed&cursor=${page.nextCursor}`, headers)
    pages += 1
  }
  expect(subjects(page)).toEqual(['needle'])
  expect(pages).toBeGreaterThan(2)
})

test('what retention has removed is said, and the feed begins anew with the oldest that is kept', async () => {
  const { items } = await feed('limit=3')
  const [first, second, third] = items
  const dropped = BigInt(second.id)
  await t.database.query(`insert into yeyak.feeds (name, xid, id) values ('dropped', $1::xid8, $2)`, [
    String(dropped / 1_000_000_000n),
    String(dropped % 1_000_000_000n),
  ])
  try {
    const reset = await feed(`after=${first.id}&limit=1`)
    expect(reset.reset).toBe(true)
    expect(reset.items[0].id).toBe(first.id)
    const kept = await feed(`after=${second.id}&limit=1`)
    expect(kept).not.toHaveProperty('reset')
    expect(kept.items[0].id).toBe(third.id)
    expect(await feed('after=0&limit=1')).not.toHaveProperty('reset')
    // Of another life of the database.
    expect((await feed(`after=${'9'.repeat(25)}&limit=1`)).reset).toBe(true)
  } finally {
    await t.database.query(`delete from yeyak.feeds where name = 'dropped'`)
  }
})

test('every type belongs to a kind that a scope covers', () => {
  for (const type of Object.keys(EVENT_TYPES)) expect(Object.keys(KINDS)).toContain(type.split('.')[0])
})
