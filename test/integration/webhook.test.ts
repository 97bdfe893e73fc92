import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createWebhookChannel } from '../../src/channels/webhook/index.ts'
import type { Channel, Outcome } from '../../src/channels/index.ts'
import { createOutgoingHttp, type Lookup } from '../../src/platform/outgoing-http/index.ts'
import { silentLog } from '../kit/config.ts'
import { eventually } from '../kit/poll.ts'
import {
  type RawReceiver,
  startRawReceiver,
  startWebhookReceiver,
  type WebhookReceiver,
} from '../kit/webhook-receiver.ts'

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const NEXT_SECRET = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
const ID = '0199f0a0-0000-7000-8000-000000000000'

const channels: Channel[] = []
const raws: RawReceiver[] = []
let receiver: WebhookReceiver
let channel: Channel
beforeAll(async () => {
  receiver = await startWebhookReceiver('0.0.0.0')
})
beforeEach(() => {
  receiver.answer((response) => void response.writeHead(200).end('ok'))
  channel = channelWith({ allow: ['127.0.0.1'] })
})
afterEach(async () => {
  for (const one of channels.splice(0)) await one.close?.()
  await Promise.all(raws.splice(0).map((raw) => raw.stop()))
})
afterAll(() => receiver.stop())

function channelWith(o: { allow?: string[]; secrets?: string[]; lookup?: Lookup }): Channel {
  const { allow = [], secrets = [SECRET], lookup } = o
  const http = createOutgoingHttp({ allow, userAgent: 'Yeyak/1.2.3', ...(lookup && { lookup }) })
  const made = createWebhookChannel({ http, secrets, log: silentLog() })
  channels.push(made)
  return made
}

interface Sent {
  to?: string
  content?: Record<string, unknown>
  attempt?: number
  timeoutMs?: number
  by?: Channel
}

const send = (o: Sent = {}): Promise<Outcome> =>
  (o.by ?? channel).send(
    {
      id: ID,
      attempt: o.attempt ?? 1,
      dueAt: new Date('2026-12-01T00:00:00.007Z'),
      to: o.to ?? receiver.url,
      content: o.content ?? { message: 'Hello' },
    },
    AbortSignal.timeout(o.timeoutMs ?? 15_000),
  )

const raw = async (speak: Parameters<typeof startRawReceiver>[0]): Promise<string> => {
  const started = await startRawReceiver(speak)
  raws.push(started)
  return started.url
}
const last = () => {
  const found = receiver.received.at(-1)
  if (found === undefined) throw new Error('nothing was received')
  return found
}
const textHeaders = () => last().headers as Record<string, string>

test('a webhook is a POST of the payload as JSON, with the headers of the contract', async () => {
  const payload = { b: [1, null, 'é🎉'], a: { __proto__: null, z: '"' } }
  const outcome = await send({
    to: `${receiver.url}?a=b%20c`,
    content: { payload, headers: { Authorization: 'Bearer x', 'X-Trace': 'a b' } },
    attempt: 3,
  })
  expect(outcome).toEqual({ kind: 'delivered', statusCode: 200, answer: { response: 'ok' } })
  expect(last()).toMatchObject({ method: 'POST', path: '/hook?a=b%20c', body: JSON.stringify(payload) })
  expect(last().headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'Yeyak/1.2.3',
    authorization: 'Bearer x',
    'x-trace': 'a b',
    'webhook-id': ID,
    'yeyak-attempt': '3',
    'yeyak-due-at': '2026-12-01T00:00:00.007Z',
  })
  const ageSeconds = Date.now() / 1000 - Number(textHeaders()['webhook-timestamp'])
  expect(ageSeconds).toBeGreaterThanOrEqual(0)
  expect(ageSeconds).toBeLessThan(10)
})

test.each([
  ['false', false],
  ['0', 0],
  ['""', ''],
  ['[]', []],
])('the payload %s is sent as it is; a message becomes an object', async (text, payload) => {
  await send({ content: { payload } })
  expect(last().body).toBe(text)
  await send({ content: { message: 'Hello "World"' } })
  expect(last().body).toBe('{"message":"Hello \\"World\\""}')
})

test('an independent library verifies the signature, and refuses another body, id or secret', async () => {
  await send({ content: { payload: { text: '안녕 🎉' } } })
  const headers = textHeaders()
  expect(new Webhook(SECRET).verify(last().body, headers)).toEqual({ text: '안녕 🎉' })
  expect(() => new Webhook(SECRET).verify(`${last().body} `, headers)).toThrow('No matching signature')
  expect(() => new Webhook(SECRET).verify(last().body, { ...headers, 'webhook-id': 'x' })).toThrow(
    'No matching',
  )
  expect(() => new Webhook(NEXT_SECRET).verify(last().body, headers)).toThrow('No matching signature')
})

test('two secrets sign both, so that a receiver verifies with the old or the new one; none signs nothing', async () => {
  await send({ by: channelWith({ allow: ['127.0.0.1'], secrets: [NEXT_SECRET, SECRET] }) })
  expect(textHeaders()['webhook-signature']?.split(' ')).toHaveLength(2)
  for (const secret of [SECRET, NEXT_SECRET]) new Webhook(secret).verify(last().body, textHeaders())
  await send({ by: channelWith({ allow: ['127.0.0.1'], secrets: [] }) })
  expect(last().headers).not.toHaveProperty('webhook-signature')
})

test.each(['whsec_short', 'whsec_????????????????????????????????', SECRET.slice(6), `${SECRET}${SECRET}`])(
  'a secret that is none ends the start, and is not shown: %s',
  (secret) => {
    const making = () => channelWith({ secrets: [secret] })
    expect(making).toThrow('YEYAK_WEBHOOK_SECRET')
    expect(making).not.toThrow(secret)
  },
)

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [299, 'delivered'],
  [301, 'retry'],
  [304, 'retry'],
  [400, 'retry'],
  [401, 'retry'],
  [404, 'retry'],
  [408, 'retry'],
  [410, 'rejected'],
  [425, 'retry'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
])('an answer %i is %s, and its beginning is kept', async (status, kind) => {
  receiver.answer((response) => void response.writeHead(status).end('because'))
  const outcome = await send()
  expect(outcome).toMatchObject({ kind, statusCode: status })
  expect(outcome.answer?.response).toBe(status === 204 || status === 304 ? undefined : 'because')
})

test.each([
  [429, '7', 7_000],
  [503, new Date(Date.now() + 3_600_000).toUTCString(), 3_600_000],
])('%i with Retry-After %s says when', async (status, retryAfter, afterMs) => {
  receiver.answer((response) => void response.writeHead(status, { 'retry-after': retryAfter }).end())
  const outcome = await send()
  expect(outcome.kind === 'retry' && Math.abs((outcome.afterMs ?? 0) - afterMs)).toBeLessThan(5_000)
})

test('a redirect is not followed, wherever it leads', async () => {
  const before = receiver.received.length
  for (const status of [301, 302, 303, 307, 308]) {
    receiver.answer((response) => void response.writeHead(status, { location: receiver.url }).end())
    expect(await send()).toMatchObject({ kind: 'retry', statusCode: status, reason: { code: 'redirect' } })
  }
  expect(receiver.received.length).toBe(before + 5)
})

test('an answer in pieces is put together; one of 20 MB is cut at 20 kB and its connection ended', async () => {
  receiver.answer((response) => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=euc-kr' })
    response.write(Buffer.from([0xbe]))
    setImmediate(() => response.end(Buffer.from([0xc8])))
  })
  expect(await send()).toMatchObject({ kind: 'delivered', answer: { response: '안' } })
  let written = 0
  let ended: Promise<unknown> = Promise.resolve()
  receiver.answer((response) => {
    ended = once(response, 'close')
    response.writeHead(500)
    const more = () => {
      while (written < 20_000_000 && !response.destroyed) {
        written += 10_000
        if (!response.write('é'.repeat(5_000))) return void response.once('drain', more)
      }
    }
    more()
  })
  const outcome = await send()
  expect(outcome).toMatchObject({ kind: 'retry', statusCode: 500 })
  expect(outcome.answer?.response).toBe('é'.repeat(10_000))
  await ended
  expect(written).toBeLessThan(20_000_000)
})

test('an answer that is no text is kept within 20 kB; a compressed one is not unpacked', async () => {
  receiver.answer((response) => void response.writeHead(200).end(Buffer.alloc(100_000, 0xff)))
  const kept = (await send()).answer?.response ?? ''
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(20_000)
  // 20 MB of zeros in 20 kB: unpacking would be a way to fill the memory.
  const packed = gzipSync(Buffer.alloc(2_000_000))
  receiver.answer((response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed))
  expect((await send()).answer?.response?.length).toBeLessThanOrEqual(packed.length)
})

test('a body that drips, or never comes, holds nothing up once the status is known', async () => {
  receiver.answer((response) => {
    response.writeHead(202)
    const drip = setInterval(() => response.write('.'), 100)
    response.on('close', () => clearInterval(drip))
  })
  const startedMs = performance.now()
  const dripping = await send()
  expect(performance.now() - startedMs).toBeLessThan(4_000)
  expect(dripping).toMatchObject({ kind: 'delivered', statusCode: 202 })
  expect(dripping.answer?.response).toMatch(/^\.+$/)
  receiver.answer((response) => response.writeHead(410).flushHeaders())
  expect(await send()).toMatchObject({ kind: 'rejected', statusCode: 410 })
})

test('an answer whose body breaks off is what its status says', async () => {
  const to = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart'))
  expect(await send({ to })).toMatchObject({ kind: 'delivered', answer: { response: 'part' } })
})

test('no answer within the time is unknown, and the connection is ended', async () => {
  let closed: Promise<unknown> = Promise.resolve()
  receiver.answer((response) => {
    closed = once(response, 'close')
  })
  expect(await send({ timeoutMs: 200 })).toMatchObject({ kind: 'unknown', reason: { code: 'timeout' } })
  await closed
})

test.each([
  ['garbage instead of HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', 'invalid-response'],
  ['nothing, and a closed connection', '', 'connection-lost'],
  ['half a status line', 'HTTP/1.1 2', 'connection-lost'],
  ['headers of more than 16 kB', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 'invalid-response'],
  [
    'an upgrade that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    'connection-lost',
  ],
])('%s is unknown: the receiver may have acted', async (_, bytes, code) => {
  const to = await raw((socket) => socket.end(bytes))
  expect(await send({ to })).toMatchObject({ kind: 'unknown', reason: { code } })
})

test('endless headers, and endless answers that are none yet, end with the limit or the time', async () => {
  const flood = (line: string) =>
    raw((socket) => {
      socket.write('HTTP/1.1 ')
      const more = () => {
        while (!socket.destroyed && socket.write(line.repeat(100)));
        if (!socket.destroyed) socket.once('drain', more)
      }
      socket.write(line.startsWith('x') ? '200 OK\r\n' : '100 Continue\r\n\r\n')
      more()
    })
  expect(await send({ to: await flood('x-a: b\r\n') })).toMatchObject({
    reason: { code: 'invalid-response' },
  })
  const continuing = await raw((socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 20)
    socket.on('close', () => clearInterval(timer))
  })
  expect(await send({ to: continuing, timeoutMs: 300 })).toMatchObject({ kind: 'unknown' })
})

test('what was not sent is tried again, and its reason bears no part of the URL', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const address = closed.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  closed.close()
  await once(closed, 'close')
  const refused = await send({ to: `http://127.0.0.1:${port}/path?token=hunter2` })
  expect(refused).toMatchObject({ kind: 'retry', reason: { code: 'connection-refused' } })
  expect(JSON.stringify(refused)).not.toMatch(/hunter2|path|127\.0/)

  const tls = await send({ to: receiver.url.replace('http:', 'https:') })
  expect(tls).toMatchObject({ kind: 'retry', reason: { code: 'tls' } })

  const lookup: Lookup = () => Promise.reject(Object.assign(new Error('secret'), { code: 'ENOTFOUND' }))
  const unknownName = await send({ by: channelWith({ lookup }), to: 'http://nowhere.example/' })
  expect(unknownName).toMatchObject({ kind: 'retry', reason: { code: 'dns' } })
  expect(
    await send({ by: channelWith({ lookup: () => Promise.resolve([]) }), to: 'http://none.example/' }),
  ).toEqual(unknownName)
})

test('a name that is never resolved ends within 5 s as not sent, and is asked for once at a time', async () => {
  let asked = 0
  const lookup: Lookup = () => {
    asked += 1
    return new Promise(() => {})
  }
  const by = channelWith({ lookup })
  const startedMs = performance.now()
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => send({ by, to: 'http://slow.example/' })),
  )
  expect(performance.now() - startedMs).toBeLessThan(7_000)
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({ kind: 'retry', reason: { code: 'connect-timeout' } })
  expect(asked).toBe(1)
})

test('an aborted send that had no connection yet was not sent', async () => {
  const by = channelWith({ lookup: () => new Promise(() => {}) })
  expect(await send({ by, to: 'http://slow.example/', timeoutMs: 100 })).toMatchObject({
    kind: 'retry',
    reason: { code: 'timeout' },
  })
  const outcome = await by.send(
    { id: ID, attempt: 1, dueAt: new Date(), to: receiver.url, content: { message: 'm' } },
    AbortSignal.abort(),
  )
  expect(outcome.kind).not.toBe('delivered')
})

/** The spellings of this machine's addresses that a socket would connect to. */
const SPELLINGS = [
  '127.0.0.1',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0x7f.1',
  '127.1',
  '[::ffff:127.0.0.1]',
  '0.0.0.0',
  '0',
]

test.each(SPELLINGS)(
  'a send to %s reaches nobody by itself, and this receiver where it is allowed',
  async (host) => {
    const to = `http://${host}:${receiver.port}/`
    const before = receiver.received.length
    expect(await send({ to, by: channelWith({}) })).toMatchObject({
      kind: 'rejected',
      reason: { code: 'address-not-allowed' },
    })
    expect(receiver.received.length).toBe(before)
    // The same with the guard wide open: so it is the guard that kept it away.
    expect(await send({ to, by: channelWith({ allow: ['0.0.0.0/0', '::/0'] }) })).toMatchObject({
      kind: 'delivered',
    })
    expect(receiver.received.length).toBe(before + 1)
  },
)

/** Answers the given addresses, one list a look-up, and the last one ever after. */
const answering = (...lists: string[][]) => {
  const asked: string[] = []
  const lookup: Lookup = (hostname) => {
    asked.push(hostname)
    const list = lists[Math.min(asked.length, lists.length) - 1] ?? []
    return Promise.resolve(list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }
  return { lookup, asked }
}

test('a name that resolves to this machine is rejected when connecting, and the address is not told', async () => {
  const before = receiver.connections
  for (const list of [
    ['127.0.0.1'],
    ['::1', '::ffff:127.0.0.1'],
    ['169.254.169.254'],
    ['10.0.0.1', '0.0.0.0'],
  ]) {
    const by = channelWith({ lookup: answering(list).lookup })
    const outcome = await send({ by, to: `http://rebind.example:${receiver.port}/` })
    expect(outcome).toMatchObject({ kind: 'rejected', reason: { code: 'address-not-allowed' } })
    expect(JSON.stringify(outcome)).toContain('YEYAK_WEBHOOK_ALLOW')
    expect(JSON.stringify(outcome)).not.toContain(list[0])
  }
  expect(receiver.connections).toBe(before)
})

test('a name whose answer changes is judged at each connection, by the one answer that is connected to', async () => {
  const { lookup, asked } = answering(['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1'])
  const by = channelWith({ allow: ['127.0.0.1/32'], lookup })
  const to = `http://rebind.example:${receiver.port}/`
  by.check?.({ to, content: { message: 'm' } })
  expect(asked).toEqual([])
  receiver.answer((response) => void response.writeHead(200, { connection: 'close' }).end())
  expect(await send({ by, to })).toMatchObject({ kind: 'delivered' })
  expect(await send({ by, to })).toMatchObject({ kind: 'rejected' })
  expect(await send({ by, to })).toMatchObject({ kind: 'delivered' })
  expect(asked).toHaveLength(3)
})

test('of several addresses only the allowed ones are connected to', async () => {
  const { lookup } = answering(['127.0.0.1', '127.0.0.2', '::1'])
  const by = channelWith({ allow: ['127.0.0.2'], lookup })
  expect(await send({ by, to: `http://mixed.example:${receiver.port}/` })).toMatchObject({
    kind: 'delivered',
  })
  expect(last().at).toBe('127.0.0.2')
})

test('a host name in the list allows whatever it resolves to, and no other name', async () => {
  const { lookup } = answering(['127.0.0.1'])
  const by = channelWith({ allow: ['chat.internal', '*.svc.internal'], lookup })
  const to = (host: string) => ({ by, to: `http://${host}:${receiver.port}/` })
  for (const host of ['chat.internal', 'CHAT.internal.', 'a.b.svc.internal'])
    expect(await send(to(host))).toMatchObject({ kind: 'delivered' })
  for (const host of ['a.chat.internal', 'svc.internal', 'xsvc.internal', 'chat.internal.example'])
    expect(await send(to(host))).toMatchObject({ kind: 'rejected' })
})

test('localhost is reached where its address is allowed', async () => {
  expect(await send({ to: `http://localhost:${receiver.port}/` })).toMatchObject({ kind: 'delivered' })
})

test('a receiver that hangs, under more sends than it gets connections, delays no other', async () => {
  const hanging = await startWebhookReceiver()
  try {
    hanging.answer(() => {})
    const stop = new AbortController()
    const content = { message: 'm' }
    const message = { id: ID, attempt: 1, dueAt: new Date(), to: hanging.url, content }
    const stuck = Array.from({ length: 600 }, () => channel.send(message, stop.signal))
    await eventually('256 hang', () => hanging.received.length >= 256)
    const startedMs = performance.now()
    const others = await Promise.all(Array.from({ length: 200 }, () => send()))
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    expect(others.every(({ kind }) => kind === 'delivered')).toBe(true)
    expect(hanging.connections).toBe(256)
    stop.abort()
    const kinds = (await Promise.all(stuck)).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'unknown')).toHaveLength(256)
    expect(kinds.filter((kind) => kind === 'retry')).toHaveLength(344)
    // Those that had waited are not sent after all.
    expect(hanging.connections).toBe(256)
  } finally {
    await hanging.stop()
  }
})

test('a connection is used again, also by what had to wait for one', async () => {
  const before = receiver.connections
  for (let i = 0; i < 5; i++) await send()
  // A second one where the first is not quite done with the last answer.
  expect(receiver.connections).toBeLessThanOrEqual(before + 2)
  const outcomes = await Promise.all(Array.from({ length: 1_000 }, () => send()))
  expect(outcomes.every(({ kind }) => kind === 'delivered')).toBe(true)
  expect(receiver.connections).toBeLessThanOrEqual(before + 256)
})

test('the receiver that the documentation shows takes what is genuine, with either secret, and nothing else', async () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/channels/webhook.md'), 'utf8')
  const shown = /```js\n(.*?)```/s.exec(page)?.[1] ?? ''
  const program = shown.replace(
    '.listen(4000)',
    `.listen(0, '127.0.0.1', function () { console.log(this.address().port) })`,
  )
  expect(program).not.toBe(shown)
  const folder = mkdtempSync(path.join(tmpdir(), 'yeyak-webhook-'))
  const file = path.join(folder, 'receiver.mjs')
  writeFileSync(file, program)
  const child = spawn(process.execPath, [file], {
    env: { WEBHOOK_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const to = `http://127.0.0.1:${Number(line.toString())}/`
    const statusBy = async (secrets: string[]) =>
      (await send({ to, by: channelWith({ allow: ['127.0.0.1'], secrets }), content: { message: '안녕' } }))
        .statusCode
    expect(await statusBy([SECRET])).toBe(204)
    expect(await statusBy([NEXT_SECRET, SECRET])).toBe(204)
    expect(await statusBy([NEXT_SECRET])).toBe(401)
    expect(await statusBy([])).toBe(401)
  } finally {
    child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
})
