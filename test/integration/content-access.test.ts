import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALL_SCOPES } from '../../src/http/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'

let t: TestApp
/** Nobody’s, until the first key closes the server. */
let admin: Record<string, string> = {}
beforeAll(async () => {
  t = await startTestApp()
  admin = await keyWith(ALL_SCOPES)
  reader = await keyWith(['content:read'])
  writer = await keyWith(['content:write'])
  publisher = await keyWith(['content:publish'])
})
afterAll(() => t.end())

let reader: Record<string, string>
let writer: Record<string, string>
let publisher: Record<string, string>

const keyWith = async (scopes: readonly string[], more: object = {}): Promise<Record<string, string>> => {
  const reply = await t.client.call('POST', '/v1/api-keys', { name: 'test', scopes, ...more }, admin)
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`)
  return { authorization: `Bearer ${reply.body.key}`, 'if-match': '*' }
}

const statuses = async (
  calls: readonly (readonly [string, string, unknown?])[],
  headers: Record<string, string>,
) => {
  const found: number[] = []
  for (const [method, path, body] of calls)
    found.push((await t.client.call(method, `/v1/content/${path}`, body, headers)).status)
  return found
}

const WRITES = [
  ['POST', 'story', { data: {} }],
  ['PATCH', 'story/s', { data: { title: 'x' } }],
] as const
const PUBLISHES = [
  ['PUT', 'story/s/schedule', { publishAt: { delay: 60 } }],
  ['DELETE', 'story/s/schedule'],
  ...(['publish', 'unpublish', 'archive', 'restore'] as const).map(
    (action) => ['POST', `story/s/${action}`] as const,
  ),
] as const
const READS = [
  ['GET', 'story'],
  ['GET', 'story/s'],
  ['GET', 'story/s/revisions'],
  ['GET', 'story/s/revisions/1'],
] as const

test('reading, writing and publishing are allowed each for itself', async () => {
  const made = await t.client.call('POST', '/v1/content/story', { id: 's', data: { title: 't' } }, writer)
  expect(made.status).toBe(201)
  expect(await statuses(READS, reader)).toEqual([200, 200, 200, 200])
  expect(await statuses(WRITES, writer)).toEqual([201, 200])
  expect(await statuses(PUBLISHES, publisher)).toEqual([200, 200, 200, 200, 200, 200])
  for (const [headers, others] of [
    [reader, [...WRITES, ...PUBLISHES, ['DELETE', 'story/s']]],
    [writer, [...READS, ...PUBLISHES]],
    [publisher, [...READS, ...WRITES, ['DELETE', 'story/s']]],
  ] as const)
    expect(new Set(await statuses(others as never, headers))).toEqual(new Set([403]))
})

test('the types are told to whoever may read content, each with what its data look like', async () => {
  const types = await t.client.call('GET', '/v1/content', undefined, reader)
  expect(types.body).toMatchObject({
    items: [
      { name: 'story', external: false, schema: { required: ['title'] }, onEdit: 'pin', locales: null },
    ],
    nextCursor: null,
  })
  expect((await t.client.call('GET', '/v1/content', undefined, writer)).status).toBe(403)
})

test('scheduling along with a draft needs the right to publish, when it is scheduled', async () => {
  const body = { data: { title: 't' }, schedule: { publishAt: { delay: '1h' } } }
  const refused = await t.client.call('POST', '/v1/content/story', body, writer)
  expect(refused.body).toMatchObject({ status: 403, code: 'missing-scope', scope: 'content:publish' })
  const both = await keyWith(['content:write', 'content:publish'])
  expect((await t.client.call('POST', '/v1/content/story', body, both)).status).toBe(201)
})

test('the calendar shows publications to those who may read content', async () => {
  const writing = await keyWith(['content:write', 'content:publish'])
  const schedule = { publishAt: { delay: '3h' }, unpublishAt: { delay: '4h' } }
  const body = { id: 'planned', locale: 'ko', data: { title: 't' }, schedule }
  expect((await t.client.call('POST', '/v1/content/story', body, writing)).status).toBe(201)
  const both = await keyWith(['notifications:read', 'content:read'])
  const { body: entries } = await t.client.call('GET', '/v1/calendar?kind=publication', undefined, both)
  expect(entries.filter(({ title }: { title: string }) => title.includes('planned'))).toMatchObject([
    { kind: 'publication', title: 'publish story:planned:ko', count: 1 },
    { kind: 'publication', title: 'unpublish story:planned:ko' },
  ])
  const other = await keyWith(['notifications:read'])
  expect((await t.client.call('GET', '/v1/calendar', undefined, other)).body).toEqual([])
})

test('what belongs to one project is not there for another, which may have the same names', async () => {
  const project = await t.client.call('POST', '/v1/projects', { name: 'other' }, admin)
  expect(project.status).toBe(201)
  const scopes = ['content:read', 'content:write', 'content:publish']
  const own = await keyWith(scopes)
  const other = await keyWith(scopes, { project: 'other' })
  const key = { 'idempotency-key': 'same' }
  const body = { id: 'shared', data: { title: 'mine' } }
  const mine = await t.client.call('POST', '/v1/content/story', body, { ...own, ...key })
  expect(mine.status).toBe(201)
  const paths = READS.map(([method, path]) => [method, path.replace('/s', '/shared')] as const)
  expect(await statuses(paths, other)).toEqual([200, 404, 404, 404])
  expect((await t.client.call('GET', '/v1/content/story', undefined, other)).body.items).toEqual([])
  const writes = [...WRITES.slice(1), ...PUBLISHES, ['DELETE', 'story/s'] as const].map(
    ([method, path, given]) => [method, path.replace('/s', '/shared'), given] as const,
  )
  expect(new Set(await statuses(writes, other))).toEqual(new Set([404]))
  const theirs = await t.client.call(
    'POST',
    '/v1/content/story',
    { id: 'shared', data: { title: 'theirs' } },
    { ...other, ...key },
  )
  expect(theirs.status).toBe(201)
  expect((await t.client.call('GET', '/v1/content/story/shared', undefined, own)).body.data).toEqual({
    title: 'mine',
  })
})
