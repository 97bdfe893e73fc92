import { afterEach, expect, test } from 'vitest'
import { ALL_SCOPES } from '../../src/http/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import type { Reply } from '../kit/client.ts'

const apps: TestApp[] = []
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.end()))
})

const ADMIN = 'a-key-of-my-own-making-24'
const CANARY = 'canary-of-project-a'

/** A server with two projects beside the default one, and a key with all scopes for each. */
const start = async () => {
  const app = await startTestApp({ roles: { api: true, worker: false }, env: { YEYAK_API_KEY: ADMIN } })
  apps.push(app)
  const by =
    (key: string) =>
    (method: string, path: string, body?: unknown): Promise<Reply> =>
      app.client.call(method, path, body, { authorization: `Bearer ${key}`, 'if-match': '*' })
  const admin = by(ADMIN)
  const project = async (name: string) => {
    const made = await admin('POST', '/v1/projects', { name })
    const key = await admin('POST', '/v1/api-keys', { name: CANARY, scopes: ALL_SCOPES, project: name })
    return { id: String(made.body.id), keyId: String(key.body.id), call: by(key.body.key) }
  }
  return { app, admin, a: await project('a'), b: await project('b') }
}

interface Document {
  paths: Record<string, Record<string, object>>
}

test('no route shows a project, or lets it be changed, to the key of another one', async () => {
  const { app, a, b } = await start()
  const made = await a.call('POST', '/v1/notifications', {
    channel: 'log',
    message: CANARY,
    sendAt: { delay: 3600 },
    groupKey: CANARY,
    dedupeKey: CANARY,
    tags: [CANARY],
  })
  const id: string = made.body.id
  const operation = '01990000-0000-7000-8000-000000000001'
  await app.database.query(
    `insert into yeyak.operations (id, project_id, subject, kind, state, filter, actor)
     values ($1, $2, 'notifications', 'cancel', 'running', $3, '{"kind":"anonymous","id":null}')`,
    [operation, Number(a.id), JSON.stringify({ tag: CANARY })],
  )
  const webhook = await a.call('POST', '/v1/webhooks', {
    url: 'https://example.com/hook',
    types: ['notification.*'],
  })
  const token = await a.call('POST', '/v1/calendar/tokens', { name: CANARY })
  const ids: Record<string, string> = {
    ...{ notifications: id, operations: operation, 'api-keys': a.keyId, projects: a.id },
    ...{ webhooks: webhook.body?.id ?? id, calendar: token.body?.id ?? id },
  }
  const bodies: Record<string, unknown> = {
    'patch /v1/notifications/{id}': { message: 'changed' },
    'post /v1/notifications/{id}/resolve': { outcome: 'delivered' },
    'patch /v1/api-keys/{id}': { name: 'changed' },
    'patch /v1/projects/{id}': { name: 'changed' },
    'patch /v1/webhooks/{id}': { url: 'https://example.org/changed' },
    'post /v1/webhooks/{id}/resend': { eventId: '1' },
  }
  const own = () =>
    Promise.all(
      [
        `/v1/notifications/${id}`,
        `/v1/operations/${operation}`,
        `/v1/api-keys/${a.keyId}`,
        `/v1/projects/${a.id}`,
      ].map(async (path) => {
        const { status, body } = await a.call('GET', path)
        return [path, status, { ...body, lastUsedAt: null }]
      }),
    )
  const before = await own()
  expect(before.map(([, status]) => status)).toEqual([200, 200, 200, 200])

  const { paths } = (await a.call('GET', '/openapi.json')).body as Document
  const tried: string[] = []
  for (const [path, methods] of Object.entries(paths)) {
    if (path === '/v1/stream' || /^\/v1\/(?:users|sessions?)\b/u.test(path)) continue
    for (const method of Object.keys(methods)) {
      const name = `${method} ${path}`
      const target = path.replace(/\{(\w+)\}/gu, (_, parameter: string) =>
        parameter === 'id' ? (ids[path.split('/')[2] ?? ''] ?? id) : 'log',
      )
      if (path.includes('{id}')) {
        tried.push(name)
        const body = bodies[name] ?? (method === 'get' || method === 'delete' ? undefined : {})
        const { status } = await b.call(method.toUpperCase(), target, body)
        // What belongs to the installation is refused before anybody looks whether it is there.
        expect([name, status]).toEqual([
          name,
          path.startsWith('/v1/projects') && method !== 'get' ? 403 : expect.toBeOneOf([404, 422]),
        ])
        if (bodies[name] !== undefined || method === 'get' || method === 'delete')
          expect([name, status]).not.toEqual([name, 422])
      } else if (method === 'get' && path !== '/openapi.json') {
        const { text } = await b.call('GET', target)
        expect([name, text.includes(id) || text.includes(operation)]).toEqual([name, false])
        // The name of its own key is the same.
        if (path !== '/v1/api-keys' && path !== '/v1/audit' && path !== '/v1/events')
          expect([name, text.includes(CANARY)]).toEqual([name, false])
      }
    }
  }
  expect(tried.length).toBeGreaterThan(12)
  const bulk = await b.call('POST', '/v1/notifications/cancel', { filter: {}, all: true })
  expect(bulk.body).toMatchObject({ matched: 0 })
  const same = await b.call('POST', '/v1/notifications', { channel: 'log', message: 'x', dedupeKey: CANARY })
  expect([same.status, same.body.id === id]).toEqual([201, false])
  expect(await own()).toEqual(before)
})

test('an Idempotency-Key of one project is nothing to another', async () => {
  const { app, a, b } = await start()
  const key = async (call: typeof a.call) => {
    const { body } = await call('POST', '/v1/api-keys', { name: 'x', scopes: ['notifications:write'] })
    return { authorization: `Bearer ${body.key}`, 'idempotency-key': 'same' }
  }
  const body = { channel: 'log', message: 'x', sendAt: { delay: 60 } }
  const [first, second] = [
    await app.client.call('POST', '/v1/notifications', body, await key(a.call)),
    await app.client.call('POST', '/v1/notifications', body, await key(b.call)),
  ]
  expect([first.status, second.status]).toEqual([201, 201])
  expect(first.body.id).not.toBe(second.body.id)
})

test('admins of default see all projects and change them; others see their own', async () => {
  const { admin, a, b } = await start()
  const names = async (call: typeof admin) =>
    (await call('GET', '/v1/projects')).body.items.map(({ name }: { name: string }) => name)
  expect(await names(admin)).toEqual(['default', 'a', 'b'])
  expect(await names(a.call)).toEqual(['a'])
  expect((await a.call('GET', `/v1/projects/${a.id}`)).body).toMatchObject({ id: a.id, name: 'a' })
  expect((await a.call('GET', `/v1/projects/${b.id}`)).status).toBe(404)
  for (const [method, path, body] of [
    ['POST', '/v1/projects', { name: 'c' }],
    ['PATCH', `/v1/projects/${a.id}`, { name: 'c' }],
    ['DELETE', `/v1/projects/${b.id}`, undefined],
    ['GET', '/v1/users', undefined],
    ['GET', '/v1/sessions', undefined],
    ['DELETE', `/v1/sessions/${a.id}`, undefined],
    ['POST', '/v1/api-keys', { name: 'x', scopes: ['operate'], project: 'b' }],
    ['POST', '/v1/api-keys', { name: 'x', scopes: ['operate'], project: 'none' }],
  ] as const)
    expect([path, (await a.call(method, path, body)).status]).toEqual([path, 403])
  expect((await admin('PATCH', `/v1/projects/${b.id}`, { name: 'a' })).body.code).toBe('already-exists')
  expect((await admin('PATCH', `/v1/projects/${b.id}`, { name: 'c' })).body.name).toBe('c')
  expect((await admin('POST', '/v1/projects', { name: 'Not Good' })).status).toBe(422)
  expect((await admin('PATCH', '/v1/projects/1', { name: 'x' })).body.code).toBe('not-final')
  expect(
    (await admin('POST', '/v1/api-keys', { name: 'x', scopes: ['operate'], project: 'none' })).status,
  ).toBe(422)
  for (const id of ['0', '-1', '1.5', '999', '99999999999', 'x', '%2e'])
    expect([id, (await admin('GET', `/v1/projects/${id}`)).status]).toEqual([id, 404])
})

test('a project goes once nothing of it waits; its keys end, and its name is free', async () => {
  const { app, admin, a } = await start()
  const made = await a.call('POST', '/v1/notifications', {
    channel: 'log',
    message: 'x',
    sendAt: { delay: 3600 },
  })
  const remove = () => admin('DELETE', `/v1/projects/${a.id}`)
  expect((await remove()).body.code).toBe('not-final')
  const set = (columns: string) =>
    app.database.query(`update yeyak.notifications set ${columns} where id = $1`, [made.body.id])
  await set(`state = 'retrying', trouble = 1`)
  expect((await remove()).body.code).toBe('not-final')
  await set(
    `state = 'scheduled', trouble = null, due_at = now() - interval '1 hour', next_at = now() - interval '1 hour'`,
  )
  await app.database.query(`update yeyak.timers set due_at = now() - interval '1 hour'`)
  expect((await remove()).body.code).toBe('not-final')
  expect((await a.call('POST', `/v1/notifications/${made.body.id}/cancel`)).status).toBe(200)
  const story = { id: 's', data: { title: 'x' }, schedule: { publishAt: { delay: 3600 } } }
  expect((await a.call('POST', '/v1/content/story', story)).status).toBe(201)
  expect((await remove()).body.code).toBe('not-final')
  await app.database.query(`update yeyak.publications set state = 'canceled', finished_at = now()`)
  expect((await admin('DELETE', '/v1/projects/1')).body.code).toBe('not-final')
  expect((await remove()).status).toBe(204)
  expect((await a.call('GET', '/v1/notifications')).status).toBe(401)
  expect((await remove()).status).toBe(404)
  expect((await admin('POST', '/v1/projects', { name: 'a' })).status).toBe(201)
})

test('the list of keys goes by pages, and shows those of the own project', async () => {
  const { a } = await start()
  for (const name of ['one', 'two', 'three'])
    await a.call('POST', '/v1/api-keys', { name, scopes: ['operate'] })
  const names: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Reply = await a.call('GET', `/v1/api-keys?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
    names.push(...page.body.items.map(({ name }: { name: string }) => name))
    cursor = page.body.nextCursor
  }
  expect(names).toEqual([CANARY, 'one', 'two', 'three'])
})
