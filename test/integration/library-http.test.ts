import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applicationPool } from '../kit/application-pool.ts'
import { type Client as ApiClient } from '../kit/client.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { readDeclared } from '../../src/library/index.ts'

let database: TestDatabase
let t: TestApp
let pool: pg.Pool
let client: ApiClient

beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(
    `create table public.posts (id integer primary key, status text not null default 'draft', at timestamptz)`,
  )
  await database.query('insert into public.posts select generate_series(1, 9)')
  pool = applicationPool(database.url, 2)
  const { external } = readDeclared({
    client: pool,
    models: { post: { table: 'posts', status: 'status', publishAt: 'at' } },
  })
  if (external === undefined) throw new Error('no models')
  t = await startTestApp({ database, external })
  client = t.client
})
afterAll(async () => {
  await t.end()
  await pool.end()
  await database.drop()
})

const status = async (id: number) =>
  (await database.query<{ status: string }>(`select status from public.posts where id = ${id}`))[0]?.status

test('a type of the application is scheduled, published and taken back without If-Match', async () => {
  const scheduled = await client.call('PUT', '/v1/content/post/1/schedule', { publishAt: { delay: '1h' } })
  expect(scheduled).toMatchObject({
    status: 200,
    body: {
      type: 'post',
      id: '1',
      external: true,
      publications: [{ state: 'scheduled', dueAt: expect.any(String) }],
    },
  })
  expect(await status(1)).toBe('scheduled')
  expect(await client.call('DELETE', '/v1/content/post/1/schedule')).toMatchObject({ status: 200 })
  expect(await client.call('DELETE', '/v1/content/post/9/schedule')).toMatchObject({ status: 200 })
  expect(await status(1)).toBe('draft')
  expect(await client.call('POST', '/v1/content/post/1/publish')).toMatchObject({ status: 200 })
  expect(await status(1)).toBe('published')
  expect(await client.call('POST', '/v1/content/post/1/unpublish')).toMatchObject({ status: 200 })
  expect(await status(1)).toBe('draft')
  await client.call('PUT', '/v1/content/post/2/schedule', { publishAt: { delay: 1 } })
  await eventually('the post is live', async () => (await status(2)) === 'published')
})

test('it is listed beside the types that Yeyak keeps, as one of the application', async () => {
  const { body } = await client.call('GET', '/v1/content')
  expect(body.items).toMatchObject([
    { name: 'story', external: false },
    { name: 'post', external: true, schema: null, onEdit: null },
  ])
})

test('the rest is refused: external-model', async () => {
  for (const [method, path, body] of [
    ['POST', '/v1/content/post', { nothing: true }],
    ['GET', '/v1/content/post', undefined],
    ['GET', '/v1/content/post/1', undefined],
    ['PATCH', '/v1/content/post/1', { data: {} }],
    ['DELETE', '/v1/content/post/1', undefined],
    ['POST', '/v1/content/post/1/archive', undefined],
    ['PUT', '/v1/content/post/1/schedule', { publishAt: { delay: '1h' }, revision: 2 }],
  ] as const)
    expect(await client.call(method, path, body), `${method} ${path}`).toMatchObject({
      status: 409,
      body: { code: 'external-model' },
    })
})

test('what is not there, or not in the future, is refused as for content', async () => {
  const schedule = (id: string, publishAt: unknown) =>
    client.call('PUT', `/v1/content/post/${id}/schedule`, { publishAt })
  expect(await schedule('77', { delay: '1h' })).toMatchObject({ status: 404, body: { code: 'not-found' } })
  expect(await schedule('no-number', { delay: '1h' })).toMatchObject({ status: 404 })
  expect(await schedule('3', '2020-01-01T00:00:00Z')).toMatchObject({
    status: 422,
    body: { code: 'publish-at-not-future' },
  })
})

test('its publications are listed, canceled and tried again like all others', async () => {
  await client.call('PUT', '/v1/content/post/4/schedule', { publishAt: { delay: '1h' } })
  const list = await client.call('GET', '/v1/publications?type=post&id=4')
  const [{ id }] = (list.body as { items: [{ id: string }] }).items
  expect(await status(4)).toBe('scheduled')
  expect(await client.call('POST', `/v1/publications/${id}/cancel`)).toMatchObject({ status: 200 })
  // Nothing is pending for it, and its columns say so.
  expect(await database.query('select status, at from public.posts where id = 4')).toEqual([
    { status: 'draft', at: null },
  ])
  const at = '2031-01-01T00:00:00.000Z'
  await client.call('POST', `/v1/publications/${id}/retry`, { publishAt: at })
  expect(await database.query('select status, at from public.posts where id = 4')).toEqual([
    { status: 'scheduled', at: new Date(at) },
  ])
  await client.call('POST', `/v1/publications/${id}/cancel`)
  expect(await client.call('POST', `/v1/publications/${id}/retry`)).toMatchObject({ status: 200 })
  await eventually('the post is live', async () => (await status(4)) === 'published')
})
