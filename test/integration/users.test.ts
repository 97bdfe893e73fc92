import { afterEach, expect, test } from 'vitest'
import { startTestApp, type TestApp, type TestAppOptions } from '../kit/app.ts'
import type { Reply } from '../kit/client.ts'
import { eventually } from '../kit/poll.ts'

const apps: TestApp[] = []
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.end()))
})

const ADMIN = { email: 'Admin@Example.com', name: 'Kim', role: 'admin', password: 'correct horse battery' }
const KEY = 'a-key-of-my-own-making-24'

const start = async (o: TestAppOptions = {}) => {
  const app = await startTestApp({ roles: { api: true, worker: false }, env: { YEYAK_API_KEY: KEY }, ...o })
  apps.push(app)
  return app
}

const byKey = { authorization: `Bearer ${KEY}` }
const call = (
  app: TestApp,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = byKey,
) => app.client.call(method, path, body, headers)

const makeUser = async (app: TestApp, user: Record<string, unknown> = ADMIN) => {
  const made = await call(app, 'POST', '/v1/users', user)
  if (made.status !== 201) throw new Error(made.text)
  return made.body
}

const signIn = (app: TestApp, email = ADMIN.email, password = ADMIN.password, headers = {}) =>
  call(app, 'POST', '/v1/session', { email, password }, headers)

const cookieOf = (reply: Reply): string => reply.headers.get('set-cookie')?.split(';')[0] ?? ''
/** What a browser sends after it has signed in. */
const asBrowser = (reply: Reply) => ({ cookie: cookieOf(reply), 'x-csrf-token': reply.body.csrfToken })

test('a user signs in, is told who he is, and signs out', async () => {
  const app = await start()
  const user = await makeUser(app)
  expect(user).toMatchObject({ email: ADMIN.email, role: 'admin', projects: null, disabled: false })
  const session = await signIn(app, 'admin@example.COM')
  expect(session.status).toBe(201)
  expect(session.body).toMatchObject({ kind: 'user', id: user.id, name: 'Kim', project: { name: 'default' } })
  const cookie = session.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^yeyak_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/u)
  const self = await call(app, 'GET', '/v1/session', undefined, { cookie: cookieOf(session) })
  expect(self.body).toEqual(session.body)
  const ended = await call(app, 'DELETE', '/v1/session', undefined, asBrowser(session))
  expect([ended.status, ended.headers.get('set-cookie')]).toEqual([
    204,
    expect.stringMatching(/^yeyak_session=; Max-Age=0/u),
  ])
  expect((await call(app, 'GET', '/v1/session', undefined, { cookie: cookieOf(session) })).status).toBe(401)
})

test('the first user closes an open server at once', async () => {
  const app = await start({ env: {} })
  expect((await call(app, 'GET', '/v1/notifications', undefined, {})).status).toBe(200)
  expect((await call(app, 'POST', '/v1/users', ADMIN, {})).status).toBe(201)
  expect((await call(app, 'GET', '/v1/notifications', undefined, {})).status).toBe(401)
  const headers = asBrowser(await signIn(app))
  expect((await call(app, 'GET', '/v1/notifications', undefined, headers)).status).toBe(200)
})

test('over https, also behind a proxy, the cookie is Secure', async () => {
  const app = await start()
  await makeUser(app)
  const session = await signIn(app, ADMIN.email, ADMIN.password, { 'x-forwarded-proto': 'https' })
  expect(session.headers.get('set-cookie')).toMatch(/; Secure$/u)
})

test('with a session all but reads need its token, and come from a page of this server', async () => {
  const app = await start()
  await makeUser(app)
  const session = await signIn(app)
  const other = await signIn(app)
  const cookie = cookieOf(session)
  const body = { channel: 'log', message: 'x' }
  const create = (headers: Record<string, string>) => call(app, 'POST', '/v1/notifications', body, headers)
  expect((await call(app, 'GET', '/v1/notifications', undefined, { cookie })).status).toBe(200)
  for (const token of [undefined, '', 'x', other.body.csrfToken, session.body.csrfToken.slice(1)]) {
    const refused = await create({ cookie, ...(token !== undefined && { 'x-csrf-token': token }) })
    expect([refused.status, refused.body.code]).toEqual([403, 'csrf-token-required'])
  }
  for (const foreign of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const refused = await create({ ...asBrowser(session), ...foreign })
    expect([refused.status, refused.body.code]).toEqual([403, 'host-not-allowed'])
  }
  expect((await create(asBrowser(session))).status).toBe(201)
  const signedInFromElsewhere = await signIn(app, ADMIN.email, ADMIN.password, {
    'sec-fetch-site': 'cross-site',
  })
  expect(signedInFromElsewhere.status).toBe(403)
})

test('each role may do what it says, and no more', async () => {
  const app = await start()
  const may = {
    viewer: [200, 403, 403, 403],
    editor: [200, 201, 403, 403],
    operator: [200, 201, 200, 403],
    admin: [200, 201, 200, 200],
  }
  for (const [role, expected] of Object.entries(may)) {
    const email = `${role}@example.com`
    await makeUser(app, { ...ADMIN, email, role })
    const headers = asBrowser(await signIn(app, email))
    const statuses = [
      await call(app, 'GET', '/v1/notifications', undefined, headers),
      await call(app, 'POST', '/v1/notifications', { channel: 'log', message: 'x' }, headers),
      await call(app, 'GET', '/v1/queues', undefined, headers),
      await call(app, 'GET', '/v1/api-keys', undefined, headers),
    ].map(({ status }) => status)
    expect([role, statuses]).toEqual([role, expected])
  }
})

test('a user enters his projects only, the first one unless he names another', async () => {
  const app = await start()
  for (const name of ['shop', 'blog', 'other']) await call(app, 'POST', '/v1/projects', { name })
  await makeUser(app, { ...ADMIN, role: 'editor', projects: ['shop', 'blog'] })
  const session = await signIn(app)
  expect(session.body.projects.map(({ name }: { name: string }) => name)).toEqual(['shop', 'blog'])
  const headers = asBrowser(session)
  const made = await call(
    app,
    'POST',
    '/v1/notifications',
    { channel: 'log', message: 'x' },
    { ...headers, 'yeyak-project': 'blog' },
  )
  expect(made.status).toBe(201)
  const read = (project: Record<string, string>) =>
    call(app, 'GET', made.headers.get('location') ?? '', undefined, { ...headers, ...project })
  expect((await read({})).status).toBe(404)
  expect((await read({ 'yeyak-project': 'blog' })).status).toBe(200)
  for (const name of ['default', 'other', 'none']) {
    const refused = await read({ 'yeyak-project': name })
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'Yeyak-Project'])
  }
})

test('an admin sees who has signed in, from where and which is his own, without a secret, and ends one at once', async () => {
  const app = await start()
  const user = await makeUser(app)
  await makeUser(app, { ...ADMIN, email: 'viewer@example.com', name: 'Lee', role: 'viewer' })
  const admin = await signIn(app)
  const viewer = await signIn(app, 'viewer@example.com')
  const list = (headers: Record<string, string> = asBrowser(admin)) =>
    call(app, 'GET', '/v1/sessions', undefined, headers)
  const listed = await list()
  const { items } = listed.body
  expect(items).toMatchObject([
    { user: { id: user.id, email: ADMIN.email, name: 'Kim' }, from: '127.0.0.1', current: true },
    { user: { name: 'Lee' }, current: false, expiresAt: viewer.body.expiresAt },
  ])
  for (const secret of [admin, viewer].map((reply) => cookieOf(reply).split('=')[1] ?? ''))
    expect(listed.text).not.toContain(secret)
  expect((await list(byKey)).body.items.map(({ current }: { current: boolean }) => current)).toEqual([
    false,
    false,
  ])
  const page = (await call(app, 'GET', '/v1/sessions?limit=1', undefined, asBrowser(admin))).body
  const rest = await call(app, 'GET', `/v1/sessions?limit=1&cursor=${page.nextCursor}`)
  expect([page.items[0].id, rest.body.items[0].id]).toEqual(items.map(({ id }: { id: string }) => id))
  expect((await list(asBrowser(viewer))).status).toBe(403)
  const end = (headers = asBrowser(admin)) =>
    call(app, 'DELETE', `/v1/sessions/${items[1].id}`, undefined, headers)
  expect((await end(asBrowser(viewer))).status).toBe(403)
  expect((await end()).status).toBe(204)
  const self = await call(app, 'GET', '/v1/session', undefined, { cookie: cookieOf(viewer) })
  expect(self.status).toBe(401)
  expect((await end()).body.code).toBe('not-found')
  expect((await list()).body.items).toHaveLength(1)
  const { body } = await call(app, 'GET', '/v1/audit?type=session.ended')
  expect(body.items).toMatchObject([
    {
      actor: { kind: 'user', id: user.id },
      subject: { id: items[1].user.id },
      data: { session: items[1].id },
    },
  ])
})

test('an admin of some projects only administers no others, and no users', async () => {
  const app = await start()
  await call(app, 'POST', '/v1/projects', { name: 'shop' })
  await makeUser(app, { ...ADMIN, projects: ['shop'] })
  const headers = asBrowser(await signIn(app))
  for (const [method, path, body] of [
    ['GET', '/v1/users', undefined],
    ['POST', '/v1/users', { ...ADMIN, email: 'x@example.com' }],
    ['POST', '/v1/projects', { name: 'mine' }],
    ['PATCH', '/v1/projects/1', { name: 'mine' }],
    ['POST', '/v1/api-keys', { name: 'x', scopes: ['admin'], project: 'default' }],
  ] as const) {
    const refused = await call(app, method, path, body, headers)
    expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'missing-scope'])
  }
  const projects = await call(app, 'GET', '/v1/projects', undefined, headers)
  expect(projects.body.items.map(({ name }: { name: string }) => name)).toEqual(['shop'])
  expect((await call(app, 'GET', '/v1/projects/1', undefined, headers)).status).toBe(404)
  const own = await call(app, 'POST', '/v1/api-keys', { name: 'x', scopes: ['operate'] }, headers)
  expect([own.status, own.body.project]).toEqual([201, 'shop'])
})

test('a new password, being disabled and being removed end all sessions', async () => {
  const app = await start()
  const { id } = await makeUser(app)
  await makeUser(app, { ...ADMIN, email: 'second@example.com' })
  const patch = (body: unknown) => call(app, 'PATCH', `/v1/users/${id}`, body)
  const isIn = async (reply: Reply) =>
    (await call(app, 'GET', '/v1/session', undefined, { cookie: cookieOf(reply) })).status === 200
  let session = await signIn(app)
  expect(await isIn(session)).toBe(true)
  expect((await patch({ name: 'Lee' })).body.name).toBe('Lee')
  expect(await isIn(session)).toBe(true)
  expect((await patch({ password: 'another horse battery' })).status).toBe(200)
  expect(await isIn(session)).toBe(false)
  expect((await signIn(app)).status).toBe(401)
  session = await signIn(app, ADMIN.email, 'another horse battery')
  expect(await isIn(session)).toBe(true)
  expect((await patch({ disabled: true })).body.disabled).toBe(true)
  expect(await isIn(session)).toBe(false)
  expect((await signIn(app, ADMIN.email, 'another horse battery')).status).toBe(401)
  await patch({ disabled: false })
  session = await signIn(app, ADMIN.email, 'another horse battery')
  expect((await call(app, 'DELETE', `/v1/users/${id}`)).status).toBe(204)
  expect(await isIn(session)).toBe(false)
  expect((await call(app, 'GET', `/v1/users/${id}`)).status).toBe(404)
})

test('the last admin stays one', async () => {
  const app = await start()
  const { id } = await makeUser(app)
  await makeUser(app, { ...ADMIN, email: 'viewer@example.com', role: 'viewer' })
  for (const body of [{ role: 'viewer' }, { disabled: true }, { projects: ['default'] }]) {
    const refused = await call(app, 'PATCH', `/v1/users/${id}`, body)
    expect([refused.status, refused.body.code]).toEqual([409, 'last-admin'])
  }
  expect((await call(app, 'DELETE', `/v1/users/${id}`)).body.code).toBe('last-admin')
  const second = await makeUser(app, { ...ADMIN, email: 'second@example.com' })
  const both = await Promise.all([
    call(app, 'PATCH', `/v1/users/${id}`, { role: 'viewer' }),
    call(app, 'PATCH', `/v1/users/${second.id}`, { role: 'viewer' }),
  ])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
})

test('what is wrong with a user is said, and nothing is made', async () => {
  const app = await start()
  await makeUser(app)
  for (const [wrong, path] of [
    [{ password: 'short' }, 'password'],
    [{ password: 'aaaaaaaaaaaaaaaa' }, 'password'],
    [{ email: 'new@example.com', password: 'new@example.com' }, 'password'],
    [{ email: 'nobody' }, 'email'],
    [{ role: 'root' }, 'role'],
    [{ projects: ['default', 'none'] }, 'projects[1]'],
    [{ passwordHash: 'x' }, 'passwordHash'],
  ] as const) {
    const refused = await call(app, 'POST', '/v1/users', { ...ADMIN, email: 'a@example.com', ...wrong })
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, path])
  }
  const taken = await call(app, 'POST', '/v1/users', { ...ADMIN, email: 'ADMIN@example.com' })
  expect([taken.status, taken.body.code]).toEqual([409, 'already-exists'])
  expect((await call(app, 'GET', '/v1/users')).body.items).toHaveLength(1)
})

test('guessing a password is slowed by user and by address; an unknown address is answered alike', async () => {
  const app = await start()
  await makeUser(app)
  const guesses = []
  for (let i = 0; i < 6; i += 1) guesses.push(await signIn(app, ADMIN.email, `wrong password ${i}`))
  expect(guesses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429])
  expect(guesses[5]?.headers.get('retry-after')).toBe('1')
  const unknown = await signIn(app, 'nobody@example.com')
  expect(unknown.status).toBe(429)
  // The right password waits as well, and then it passes.
  expect((await signIn(app)).status).toBe(429)
  await eventually('the end of the wait', async () => (await signIn(app)).status === 201)
  const other = await start()
  const [known, nobody] = [await signIn(other), await signIn(other, 'nobody@example.com')]
  expect({ ...known.body, requestId: '' }).toEqual({ ...nobody.body, requestId: '' })
})

test('many guesses at once are no way around, and cost no more than a line of bounded length', async () => {
  const app = await start()
  await makeUser(app)
  const replies = await Promise.all(
    Array.from({ length: 60 }, (_, i) => signIn(app, ADMIN.email, `guess number ${i}`)),
  )
  const compared = replies.filter(({ status }) => status === 401).length
  expect(compared).toBeLessThanOrEqual(5)
  expect(replies.every(({ status }) => [401, 429, 503].includes(status))).toBe(true)
})

test('a session that is idle for 12 hours, or 7 days old, has ended', async () => {
  const app = await start()
  await makeUser(app)
  for (const old of [`seen_at = now() - interval '12 hours 1 second'`, `expires_at = now()`]) {
    const session = await signIn(app)
    await app.database.query(`update yeyak.sessions set ${old}`)
    const isOut = async () =>
      (await call(app, 'GET', '/v1/session', undefined, { cookie: cookieOf(session) })).status === 401
    expect(await eventually('the end of the session', isOut)).toBe(true)
  }
})

test('the audit trail says who did what; no key, password, cookie or hash is in it, in the log or in the database', async () => {
  const app = await start()
  const password = 'canary password 7f3a'
  const user = await makeUser(app, { ...ADMIN, password })
  const session = await signIn(app, ADMIN.email, password)
  await signIn(app, ADMIN.email, 'canary guess 7f3a')
  await signIn(app, 'canary typed 7f3a', 'x')
  const made = await call(app, 'POST', '/v1/api-keys', { name: 'k', scopes: ['operate'] }, asBrowser(session))
  const rotated = await call(app, 'POST', `/v1/api-keys/${made.body.id}/rotate`, {}, byKey)
  await call(app, 'PATCH', `/v1/api-keys/${made.body.id}`, { name: 'renamed' })
  await call(app, 'DELETE', `/v1/api-keys/${made.body.id}`)
  await call(app, 'PATCH', `/v1/users/${user.id}`, { password: `${password} two`, name: 'Lee' })
  const project = await call(app, 'POST', '/v1/projects', { name: 'shop' })
  await call(app, 'PATCH', `/v1/projects/${project.body.id}`, { name: 'store' })
  await call(app, 'DELETE', `/v1/projects/${project.body.id}`)
  const events = await app.database.query<{
    type: string
    actor: { kind: string; id: string; from: string }
    data: object
  }>('select type, actor, data from yeyak.events order by id')
  expect(events.map(({ type }) => type)).toEqual([
    'user.created',
    'session.created',
    'session.refused',
    'session.refused',
    'key.created',
    'key.rotated',
    'key.updated',
    'key.revoked',
    'user.updated',
    'project.created',
    'project.updated',
    'project.deleted',
  ])
  expect(events[0]?.actor).toEqual({ kind: 'key', id: 'YEYAK_API_KEY', from: '127.0.0.1' })
  expect(events[4]?.actor).toEqual({ kind: 'user', id: user.id, from: '127.0.0.1' })
  expect(events[6]?.data).toEqual({ before: { name: 'k' }, after: { name: 'renamed' } })
  expect(events[8]?.data).toEqual({
    before: { name: 'Kim', password: null },
    after: { name: 'Lee', password: 'changed' },
  })
  const tables = await app.database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname ~ '^yeyak'`,
  )
  const dump = await Promise.all(
    tables.map(({ name }) => app.database.query(`select t::text from ${name} t`)),
  )
  const text = JSON.stringify([dump, app.records])
  for (const secret of [
    '7f3a',
    made.body.key,
    rotated.body.key,
    KEY,
    cookieOf(session).split('=')[1],
    session.body.csrfToken,
  ])
    expect(text).not.toContain(secret)
  expect(JSON.stringify(events)).not.toMatch(/argon2|hash/u)
})
