import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { sendRaw } from '../kit/http-server.ts'

let t: TestApp
let port: number
beforeAll(async () => {
  t = await startTestApp({ roles: { api: true, worker: false } })
  port = Number(new URL(t.app.url ?? '').port)
})
afterAll(() => t.end())

const API_CSP = "default-src 'none'; frame-ancestors 'none'"
const FORBIDDEN = ['server', 'x-powered-by', 'access-control-allow-origin', 'access-control-allow-methods']

test.each([
  ['an answer', 'GET', '/v1/notifications', {}],
  ['health', 'GET', '/healthz', {}],
  ['a refusal', 'POST', '/v1/notifications', {}],
  ['an unknown route', 'GET', '/v1/nothing', {}],
  ['a preflight', 'OPTIONS', '/v1/notifications', { 'access-control-request-method': 'POST' }],
  ['an id that is too long', 'GET', `/v1/notifications/${'x'.repeat(3000)}`, {}],
  ['the old server’s route', 'POST', '/schedule-notification', {}],
])(
  '%s bears the headers that keep browsers out, and none that lets them in',
  async (_, method, path, more) => {
    const origin = { origin: `http://127.0.0.1:${port}`, ...more }
    const { headers, status } = await t.client.call(method, path, undefined, origin)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe(API_CSP)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    for (const name of FORBIDDEN) expect(headers.get(name), name).toBeNull()
    if (method === 'OPTIONS') expect(status).toBe(405)
  },
)

test.each(['/docs', '/docs/static/swagger-ui.css', '/openapi.json', '/docs/static/nothing.js'])(
  'the page %s runs its own scripts only, and cannot be framed',
  async (path) => {
    const { headers } = await t.client.call('GET', path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none';script-src 'self';style-src 'self';/u)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/u)
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    for (const name of FORBIDDEN) expect(headers.get(name), name).toBeNull()
  },
)

const BODY = JSON.stringify({ message: 'smuggled', sendAt: { delay: '1h' } })
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`
/** Begins where the first request ends for one reading, and is part of its body for the other. */
const SECOND = `POST /v1/notifications HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`
const post = (headers: string, body: string) =>
  `POST /v1/notifications HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}${SECOND}`
const chunks = (body: string) => post('Transfer-Encoding: chunked', body)
const get = (target: string, headers = 'Host: localhost') =>
  `GET ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`

const SMUGGLED: [string, string][] = [
  ['a length and chunks', post(`Content-Length: ${CHUNKED.length}\r\nTransfer-Encoding: chunked`, CHUNKED)],
  ['chunks and a length', post('Transfer-Encoding: chunked\r\nContent-Length: 4', CHUNKED)],
  ['two lengths', post(`Content-Length: 5\r\nContent-Length: ${BODY.length}`, BODY)],
  ['the same length twice', post(`Content-Length: ${BODY.length}\r\nContent-Length: ${BODY.length}`, BODY)],
  ['a list of lengths', post(`Content-Length: ${BODY.length}, ${BODY.length}`, BODY)],
  ['a length with a sign', post(`Content-Length: +${BODY.length}`, BODY)],
  ['a hexadecimal length', post('Content-Length: 0x10', BODY)],
  ['a negative length', post('Content-Length: -1', BODY)],
  ['an endless length', post(`Content-Length: ${'9'.repeat(20)}`, BODY)],
  ['a folded header', post(`X-A: b\r\n c\r\nContent-Length: ${BODY.length}`, BODY)],
  ['a folded coding', post('Transfer-Encoding:\r\n chunked', CHUNKED)],
  ['a blank before the colon', post('Transfer-Encoding : chunked', CHUNKED)],
  ['an unknown coding', post('Transfer-Encoding: xchunked', CHUNKED)],
  ['chunks that are no last coding', post('Transfer-Encoding: chunked, identity', CHUNKED)],
  ['two codings', post('Transfer-Encoding: gzip, chunked\r\nConnection: close', CHUNKED)],
  ['two coding headers', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', CHUNKED)],
  ['a coding behind a vertical tab', post('Transfer-Encoding: \u000bchunked', CHUNKED)],
  ['a chunk size with 0x', chunks('0x5\r\nhello\r\n0\r\n\r\n')],
  ['a chunk size with a sign', chunks('+5\r\nhello\r\n0\r\n\r\n')],
  ['a chunk size after a blank', chunks(' 5\r\nhello\r\n0\r\n\r\n')],
  ['a negative chunk size', chunks('-5\r\nhello\r\n0\r\n\r\n')],
  ['an overflowing chunk size', chunks(`${'f'.repeat(18)}\r\nhello\r\n0\r\n\r\n`)],
  ['a chunk that is longer than it says', chunks('3\r\nhello\r\n0\r\n\r\n')],
  ['a chunk extension that ends in LF', chunks('5;a=b\nhello\r\n0\r\n\r\n')],
  ['chunks with LF alone', chunks('5\nhello\n0\n\n')],
  ['an endless chunk extension', chunks(`5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`)],
  ['lines with LF alone', get('/v1/notifications').replaceAll('\r\n', '\n')],
  ['a lone CR', get('/', 'Host: localhost\r\nX: a\rGET /v1/notifications HTTP/1.1')],
  ['a NUL in a header', get('/', 'Host: localhost\r\nX: a\u0000b')],
  ['a blank before the first header', get('/', ' Host: localhost')],
  ['a header without a colon', get('/', 'Host localhost')],
  ['two hosts', get('/v1/notifications', 'Host: localhost\r\nHost: evil.example')],
  ['another host in the request line', get('http://evil.example/v1/notifications')],
  ['another port in the request line', get('http://localhost:1/v1/notifications')],
  ['HTTP/3 as text', get('/').replace('HTTP/1.1', 'HTTP/3.0')],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a method of its own', get('/').replace('GET', 'FOO')],
  ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['an expectation that nobody meets', post(`Expect: a-miracle\r\nContent-Length: ${BODY.length}`, BODY)],
  ['too long a path', get(`/${'a'.repeat(20_000)}`)],
  ['too long a header', get('/', `Host: localhost\r\nX: ${'a'.repeat(17_000)}`)],
  ['too many headers', get('/', `Host: localhost${'\r\nX: a'.repeat(2500)}`)],
  ['a TLS greeting', '\u0016\u0003\u0001\u0000\u00c8\u0001\u0000\u0000\u00c4\u0003\u0003'],
]
test.each(SMUGGLED)(
  '%s: refused as a problem, once, hung up, and nothing behind it is read',
  async (_, bytes) => {
    const text = await sendRaw(port, bytes)
    const [head = '', body = ''] = text.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 4\d\d /u)
    expect(text.match(/HTTP\/1\.1 \d/gu)).toHaveLength(1)
    expect(head.toLowerCase()).toContain('content-type: application/problem+json')
    expect(head.toLowerCase()).toContain('x-content-type-options: nosniff')
    const json = body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)
    expect(JSON.parse(json)).toMatchObject({ code: 'invalid-parameter', requestId: expect.any(String) })
  },
)

test('none of them has left anything behind', async () => {
  expect(await t.database.query('select count(*)::int as n from yeyak.notifications')).toEqual([{ n: 0 }])
})

test.each([
  ['an encoded slash', '/v1%2fnotifications', 'unknown-route'],
  ['a doubled slash', '//v1/notifications', 'unknown-route'],
  ['another host as a path', '//evil.example/v1/notifications', 'unknown-route'],
  ['a way out of the pages', '/docs/static/..%2f..%2f..%2fetc%2fpasswd', 'unknown-route'],
  ['a plain way out', '/docs/static/../../../../etc/passwd', 'invalid-parameter'],
  ['an encoded way out', '/docs/static/%2e%2e/%2e%2e/package.json', 'invalid-parameter'],
  ['a way out with backslashes', '/docs/static/..\\..\\package.json', 'invalid-parameter'],
  ['7,000 levels', '/a'.repeat(7000), 'unknown-route'],
  ['a broken escape', '/v1/notifications/%zz', 'not-found'],
])('%s in a path is refused', async (_, path, code) => {
  const text = await sendRaw(port, get(path))
  expect(text).toContain(`"code":"${code}"`)
})

test('the same host in the request line is served, as RFC 9112 asks', async () => {
  expect(await sendRaw(port, get('http://localhost/v1/notifications'))).toMatch(/^HTTP\/1\.1 200 /u)
})

test('an error that nobody has foreseen shows nothing of the database, the code or the machine', async () => {
  const session = await t.database.session()
  await session.query('alter table yeyak.operations rename to gone')
  await session.query('alter table yeyak.notifications rename column tags to gone')
  try {
    for (const [method, path, body] of [
      ['GET', '/v1/operations', undefined],
      ['GET', '/v1/notifications', undefined],
      ['POST', '/v1/notifications', { message: 'm' }],
      ['POST', '/v1/notifications/batch', { notifications: [{ message: 'm' }], mode: 'each' }],
    ] as const) {
      const { status, body: problem, text } = await t.client.call(method, path, body)
      if (status === 200) expect(problem.items[0].error.code).toBe('internal')
      else expect([status, problem.code]).toEqual([500, 'internal'])
      expect(text).not.toMatch(
        /yeyak\.|relation|column|select|insert|\.ts|node_modules|at \w+ \(|127\.0\.0\.1|42P01|42703/u,
      )
    }
    const old = await t.client.call('POST', '/schedule-notification', { message: 'm' })
    expect([old.status, old.text]).toEqual([500, '서버 오류 발생'])
  } finally {
    await session.query('alter table yeyak.notifications rename column gone to tags')
    await session.query('alter table yeyak.gone rename to operations')
    await session.end()
  }
})

test('500 connections that say nothing, or half a request, keep nobody else waiting', async () => {
  const sockets = Array.from({ length: 500 }, (_, i) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    if (i % 2 === 0) socket.write(`POST /v1/notifications HTTP/1.1\r\nHost: localhost\r\nX-${i}: `)
    return socket
  })
  try {
    await Promise.all(sockets.filter((socket) => socket.connecting).map((socket) => once(socket, 'connect')))
    const begun = performance.now()
    expect((await t.client.call('GET', '/v1/notifications')).status).toBe(200)
    expect(performance.now() - begun).toBeLessThan(2000)
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  expect((await t.client.call('GET', '/healthz')).status).toBe(200)
})
