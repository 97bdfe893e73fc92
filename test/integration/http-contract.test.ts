import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { closeServer, type ServerOptions } from '../../src/http/index.ts'
import { PROBLEMS } from '../../src/platform/problems.ts'
import { expectProblem, sendRaw, startHttpServer } from '../kit/http-server.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

async function start(options: Partial<ServerOptions> = {}) {
  const server = await startHttpServer(options)
  stops.push(server.stop)
  return server
}

test('every answer bears a request id, the caller’s own where it is safe', async () => {
  const { call } = await start()
  const own = await call('GET', '/healthz', { headers: { 'x-request-id': 'my.request_id-1' } })
  expect(own.headers.get('x-request-id')).toBe('my.request_id-1')
  const made = new Set<string | null>()
  for (const bad of ['', 'a b', 'a'.repeat(129), 'é', '<script>']) {
    const { headers } = await call('GET', '/nowhere', { headers: { 'x-request-id': bad } })
    expect(headers.get('x-request-id')).toMatch(/^[A-Za-z0-9._-]{1,128}$/)
    made.add(headers.get('x-request-id'))
  }
  expect(made.size).toBe(5)
})

test('a refusal is told in the language that is asked for, and keeps all its members', async () => {
  const { call } = await start()
  const english = await call('GET', '/refused')
  expectProblem(english, 'too-late')
  expect(english.json).toMatchObject({
    outcome: 'too_late',
    state: 'sending',
    detail: PROBLEMS['too-late'].detail.en,
  })
  expect(english.headers.get('retry-after')).toBe('1')
  const korean = await call('GET', '/refused', { headers: { 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' } })
  expectProblem(korean, 'too-late', 'ko')
  expect(korean.json.detail).toBe(PROBLEMS['too-late'].detail.ko)
})

test('an unexpected error shows nothing of itself, and is logged with the request’s id', async () => {
  const { call, logged } = await start()
  const answer = await call('GET', '/broken', { headers: { 'x-request-id': 'find-me' } })
  expectProblem(answer, 'internal')
  expect(answer.text).not.toContain('hunter2')
  const line = logged.find((text) => text.includes('find-me'))
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    level: 50,
    requestId: 'find-me',
    route: '/broken',
    err: { message: expect.stringContaining('hunter2') },
  })
})

test('requests that go well leave no line in the log', async () => {
  const { call, logged } = await start()
  await call('POST', '/items', { body: { channel: 'log' } })
  await call('POST', '/items', { body: { channel: 'x' } })
  await call('GET', '/nowhere')
  expect(logged).toEqual([])
})

test('a body is taken as it is: nothing coerced, nothing cut, null left out', async () => {
  const { call } = await start()
  const body = { channel: 'log', message: 'Hello', metadata: { a: null, b: [1, '1'] } }
  const taken = await call('POST', '/items', { body: { ...body, priority: null } })
  expect(taken.status).toBe(201)
  expect(taken.json).toEqual(body)
  const refused = await call('POST', '/items', { body: { channel: 'log', priority: '5', mesage: 'x' } })
  expectProblem(refused, 'invalid-request')
  expect(refused.json.errors).toEqual([
    {
      path: 'mesage',
      message: 'is not a known name here; known are channel, message, priority, metadata',
      suggestion: 'message',
    },
    { path: 'priority', message: 'must be a whole number' },
  ])
  const korean = await call('POST', '/items', {
    body: { channel: 'lgo' },
    headers: { 'accept-language': 'ko' },
  })
  expect(korean.json.errors).toEqual([
    { path: 'channel', message: '다음 중 하나여야 합니다: log, email', suggestion: 'log' },
  ])
})

test.each([
  ['malformed JSON', '{"channel":', 'malformed-json'],
  ['an empty body', '', 'malformed-json'],
  ['no UTF-8', new Uint8Array([0x22, 0xbe, 0xc8, 0x22]), 'malformed-json'],
  ['NUL', '{"channel":"log","message":"a\\u0000"}', 'invalid-request'],
  ['half a surrogate pair', '{"channel":"log","message":"\\ud83d"}', 'invalid-request'],
  ['a poisonous key', '{"channel":"log","__proto__":{"a":1}}', 'invalid-request'],
  ['null', 'null', 'invalid-request'],
  ['a list', '[]', 'invalid-request'],
] as const)('%s as the body is refused', async (_, body, code) => {
  const { call } = await start()
  expectProblem(await call('POST', '/items', { body }), code)
})

test('a body of another type, or without one, is refused; a body too large names the limit', async () => {
  const { call, port } = await start()
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
  ]) {
    expectProblem(
      await call('POST', '/items', { body: '{}', headers: { 'content-type': type } }),
      'unsupported-media-type',
    )
  }
  const untyped = await sendRaw(
    port,
    'POST /items HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}',
  )
  expect(untyped).toMatch(/^HTTP\/1.1 415 /)
  const large = await call('POST', '/small', { body: { a: 'x'.repeat(200) } })
  expectProblem(large, 'too-large')
  expect(large.json.limitBytes).toBe(100)
  const missing = await call('POST', '/items')
  expectProblem(missing, 'invalid-request')
})

test('JSON is known by its type, whatever its case and parameters', async () => {
  const { call } = await start()
  for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset=UTF-8']) {
    const headers = { 'content-type': type }
    expect((await call('POST', '/items', { body: { channel: 'log' }, headers })).status).toBe(201)
  }
})

test('a merge patch has a type of its own, for PATCH only', async () => {
  const { call } = await start()
  const headers = { 'content-type': 'application/merge-patch+json' }
  expect((await call('PATCH', '/items/1', { body: { channel: 'log' }, headers })).status).toBe(200)
  expectProblem(await call('POST', '/items', { body: { channel: 'log' }, headers }), 'unsupported-media-type')
})

test('a route without a body takes none, an empty one too; one with an optional body sees {}', async () => {
  const { call } = await start()
  expect((await call('POST', '/items/1/cancel')).json).toEqual({ body: null })
  expect((await call('POST', '/items/1/cancel', { body: '' })).json).toEqual({ body: null })
  expect((await call('POST', '/items/1/cancel', { body: {} })).status).toBe(200)
  expectProblem(await call('POST', '/items/1/cancel', { body: { reason: 'x' } }), 'invalid-request')
  expect((await call('POST', '/items/1/retry')).json).toEqual({})
  expect((await call('POST', '/items/1/retry', { body: '' })).json).toEqual({})
  expect((await call('POST', '/items/1/retry', { body: { note: 'x' } })).json).toEqual({ note: 'x' })
})

test('a query is coerced, and refused where it is wrong or unknown', async () => {
  const { call } = await start()
  expect((await call('GET', '/items')).json).toEqual({ limit: 50 })
  expect((await call('GET', '/items?limit=200')).json).toEqual({ limit: 200 })
  for (const limit of ['0', '201', 'x', '', '1.5', '-1'])
    expectProblem(await call('GET', `/items?limit=${limit}`), 'invalid-parameter')
  const unknown = await call('GET', '/items?limt=5')
  expectProblem(unknown, 'invalid-parameter')
  expect(unknown.json.errors).toEqual([
    { path: 'limt', message: 'is not a known name here; known are limit', suggestion: 'limit' },
  ])
  expectProblem(await call('GET', '/items/1?x=1'), 'invalid-parameter')
  expectProblem(await call('GET', '/items?limit=1%00'), 'invalid-parameter')
})

test('an unknown route names the near one, a wrong method those that are right', async () => {
  const { call } = await start()
  const near = await call('GET', '/item/5')
  expectProblem(near, 'unknown-route')
  expect(near.json.detail).toContain('/items/5?')
  expectProblem(await call('GET', '/items/'), 'unknown-route')
  const wrong = await call('DELETE', '/items/5')
  expectProblem(wrong, 'method-not-allowed')
  expect(wrong.headers.get('allow')).toBe('GET, HEAD, PATCH')
  const options = await call('OPTIONS', '/items')
  expectProblem(options, 'method-not-allowed')
  expect(options.headers.get('allow')).toBe('GET, HEAD, POST')
  expect(options.headers.get('access-control-allow-origin')).toBeNull()
})

test('a wrong method stays one with any body', async () => {
  const { call } = await start()
  expectProblem(
    await call('PUT', '/items/5', { body: '{', headers: { 'content-type': 'text/plain' } }),
    'method-not-allowed',
  )
})

test.each([
  ['/items/%zz', 'not-found'],
  ['/items/%E0%A4%A', 'not-found'],
  ['/items/a%00b', 'not-found'],
  [`/items/${'a'.repeat(5000)}`, 'not-found'],
  ['/%zz', 'unknown-route'],
  ['/%00', 'not-found'],
  ['//evil.example/%2e%2e', 'unknown-route'],
] as const)('%s is a problem, and no crash', async (path, code) => {
  const { port } = await start()
  const text = await sendRaw(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  expect(text).toMatch(/^HTTP\/1.1 404 /)
  expect(text).toContain(`"code":"${code}"`)
  expect(text.toLowerCase()).toContain('x-request-id:')
})

test('HEAD works where GET does', async () => {
  const { call } = await start()
  const head = await call('HEAD', '/items/5')
  expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', '"7"'])
  expect((await call('HEAD', '/nowhere')).status).toBe(404)
})

test('versions: 304 for what is known, 412 for what is stale', async () => {
  const { call } = await start()
  expect((await call('GET', '/items/5', { headers: { 'if-none-match': 'W/"7"' } })).status).toBe(304)
  const stale = await call('PATCH', '/items/5', { body: { channel: 'log' }, headers: { 'if-match': '"6"' } })
  expectProblem(stale, 'version-conflict')
  expect(stale.json).toMatchObject({ expected: 6, actual: 7 })
})

test('an open server answers only to the names of its own machine', async () => {
  const { port } = await start({ isOpen: () => true })
  const ask = (host: string) =>
    sendRaw(port, `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
    expect(await ask(host), host).toMatch(/^HTTP\/1.1 200 /)
  }
  for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '', '192.168.0.1']) {
    const text = await ask(host)
    expect(text, host).toMatch(/^HTTP\/1.1 403 /)
    expect(text).toContain('"code":"host-not-allowed"')
  }
})

test('a server with keys answers to any name, but a name there must be', async () => {
  const { port } = await start()
  expect(
    await sendRaw(port, 'GET /healthz HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n'),
  ).toMatch(/^HTTP\/1.1 200 /)
  expect(await sendRaw(port, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
})

test.each(['starting', 'draining'] as const)(
  'while %s everything but health is unavailable',
  async (reason) => {
    const { call } = await start({ isReady: () => ({ ready: false, reason, retryAfterSeconds: 2 }) })
    for (const path of ['/items', '/nowhere', '/%zz', '/', '/docs', '/openapi.json']) {
      const answer = await call('GET', path)
      expectProblem(answer, 'unavailable')
      expect(answer.json.reason).toBe(reason)
      expect(answer.headers.get('retry-after')).toBe('2')
      if (reason === 'draining') expect(answer.headers.get('connection')).toBe('close')
    }
    expect((await call('GET', '/healthz')).status).toBe(200)
    expect((await call('GET', '/readyz')).status).toBe(200)
  },
)

test('without its database the server leaves it to the routes', async () => {
  const { call } = await start({
    isReady: () => ({ ready: false, reason: 'database', retryAfterSeconds: 2 }),
  })
  expect((await call('GET', '/items')).status).toBe(200)
})

test('health: the process lives, and says what it lacks', async () => {
  const checks = { database: { state: 'down', detail: 'no connection' } }
  const { call } = await start({ checks: async () => ({ status: 'not_ready', checks }) })
  expect((await call('GET', '/healthz')).json).toEqual({ status: 'ok' })
  const ready = await call('GET', '/readyz')
  expect([ready.status, ready.json]).toEqual([503, { status: 'not_ready', checks }])
  const degraded = await start({ checks: async () => ({ status: 'degraded', checks }) })
  expect((await degraded.call('GET', '/readyz')).status).toBe(200)
})

test('the front page tells programs where everything is, and shows browsers the dashboard', async () => {
  const { call } = await start()
  const index = {
    name: 'yeyak',
    version: '1.2.3',
    docs: '/docs',
    openapi: '/openapi.json',
    health: '/healthz',
  }
  expect((await call('GET', '/', { headers: { accept: 'application/json' } })).json).toEqual(index)
  expect((await call('GET', '/')).json).toEqual(index)
  const browser = await call('GET', '/', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  expect(browser.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(browser.headers.get('vary')).toBe('Accept')
})

test.each([
  ['garbage', 'this is no HTTP\r\n\r\n', 'not a valid HTTP request'],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000', 'not a valid HTTP request'],
  ['headers without end', `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 'headers are too large'],
  [
    'two lengths',
    'POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'not a valid HTTP request',
  ],
])('%s on the socket is answered by a problem', async (_, bytes, detail) => {
  const { port } = await start()
  const [head = '', body = ''] = (await sendRaw(port, bytes)).split('\r\n\r\n')
  expect(head).toMatch(
    /^HTTP\/1.1 400 Bad Request\r\nContent-Type: application\/problem\+json; charset=utf-8/,
  )
  expect(JSON.parse(body)).toMatchObject({
    status: 400,
    code: 'invalid-parameter',
    detail: expect.stringContaining(detail),
  })
})

test('closing lets running requests finish, refuses new ones, and hangs up on idle connections', async () => {
  const { app, port, call, gate } = await start()
  const running = call('GET', '/slow')
  const unused = connect(port, '127.0.0.1')
  await once(unused, 'connect')
  const kept = connect(port, '127.0.0.1')
  const request = (path: string) => kept.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  request('/slow')
  await expect.poll(() => connections(app.server)).toBe(3)
  const closed = closeServer(app, 10_000)
  await once(unused, 'close')
  await expect(call('GET', '/healthz')).rejects.toThrow('ECONNREFUSED')
  gate.resolve()
  expect((await running).json).toEqual({ slow: true })
  const [answer] = (await once(kept, 'data')) as [Buffer]
  expect(answer.toString()).toContain('{"slow":true}')
  await closed
  expect(await isClosed(kept)).toBe(true)
})

test('what has not finished by the deadline is cut off', async () => {
  const { app, call } = await start()
  const running = call('GET', '/slow').catch((error: unknown) => error)
  await expect.poll(() => connections(app.server)).toBe(1)
  await closeServer(app, 100)
  expect(await running).toBeInstanceOf(Error)
})

const connections = (server: {
  getConnections(done: (error: Error | null, count: number) => void): unknown
}) =>
  new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

async function isClosed(socket: Socket): Promise<boolean> {
  if (!socket.closed) await once(socket, 'close')
  return socket.closed
}

test('the OpenAPI document describes the routes and their refusals', async () => {
  const { call } = await start()
  const { status, json } = await call('GET', '/openapi.json')
  expect(status).toBe(200)
  expect(json).toMatchObject({ openapi: '3.1.0', info: { title: 'Yeyak', version: '1.2.3' } })
  expect(Object.keys(json.paths)).toContain('/items/{id}/cancel')
  for (const path of ['/docs', '/openapi.json']) expect(Object.keys(json.paths)).not.toContain(path)
  const { post } = json.paths['/items']
  expect(Object.keys(post.responses)).toEqual(['201', '400', '403', '409', '413', '415', '422', '500', '503'])
  expect(post.responses['409']).toEqual({
    description: expect.stringContaining('`duplicate`'),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  expect(post.responses['400'].description).toMatch(/malformed-json[\s\S]*invalid-parameter/)
  expect(json.paths['/items/{id}/cancel'].post.requestBody).toBeUndefined()
  expect(json.components.schemas.Problem.properties.code.enum).toEqual(Object.keys(PROBLEMS))
})

test('the documentation needs no network, and no script but its own', async () => {
  const { call } = await start()
  const page = await call('GET', '/docs')
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none';script-src 'self';style-src 'self';/,
  )
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/gu)].map(([, source = '']) => source)
  expect(sources.length).toBeGreaterThan(4)
  for (const source of sources) {
    expect(source).toMatch(/^\/docs\//)
    const file = await call('GET', source)
    expect(file.status, source).toBe(200)
    expect(file.headers.get('x-request-id')).not.toBeNull()
  }
  // No inline script or style, which the policy would block.
  expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/u)
  expectProblem(await call('GET', '/docs/static/nothing.js'), 'unknown-route')
})
