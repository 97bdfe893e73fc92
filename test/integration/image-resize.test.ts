import { tmpdir } from 'node:os'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDatabase } from '../../src/platform/database.ts'
import { createTables } from '../../src/platform/tables.ts'
import { createImageResize } from '../../src/tasks/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { silentLog, testConfig } from '../kit/config.ts'
import { expectProblem } from '../kit/http-server.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns, type Runs } from '../kit/runs.ts'
import { S3_KEYS, type S3Server, startS3Server } from '../kit/s3-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

const MAX_BYTES = 3_000_000

let app: TestApp
let runs: Runs
let s3: S3Server
let far: WebhookReceiver
/** What the far side has, by path. */
const pictures = new Map<string, Buffer>()

const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const
const noisy = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'red', noise } })

beforeAll(async () => {
  s3 = await startS3Server()
  far = await startWebhookReceiver()
  far.answer((response, { path }) => {
    const bytes = pictures.get(path)
    if (path === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end()
    else if (bytes === undefined) response.writeHead(404).end()
    else response.end(bytes)
  })
  app = await startTestApp({
    env: {
      YEYAK_IMAGE_ALLOW: '127.0.0.1',
      YEYAK_IMAGE_MAX_BYTES: String(MAX_BYTES),
      YEYAK_IMAGE_MAX_PIXELS: '20000000',
      YEYAK_S3_ENDPOINT: s3.endpoint,
      YEYAK_S3_BUCKET: S3_KEYS.bucket,
      YEYAK_S3_REGION: S3_KEYS.region,
      YEYAK_S3_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
      YEYAK_S3_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
      YEYAK_S3_PREFIX: 'small',
      YEYAK_POLL_SECONDS: '1',
    },
  })
  runs = createRuns(app.client)
})
beforeEach(() => s3.clear())
afterAll(async () => {
  await app.end()
  await Promise.all([s3.stop(), far.stop()])
})

const FINAL = ['succeeded', 'failed', 'canceled', 'expired']
const NOW = { limit: 5, delaySeconds: 0, backoff: 'fixed' }

const hosted = (name: string, bytes: Buffer): string => {
  pictures.set(`/${name}`, bytes)
  return `http://127.0.0.1:${far.port}/${name}`
}
const start = (data: object, more: object = {}) => runs.start('image-resize', { data, retry: NOW, ...more })
const ended = async (data: object, more: object = {}) => runs.inState(await start(data, more), FINAL, 30_000)

const upload = async (
  bytes: Buffer,
  data?: unknown,
  headers: Record<string, string> = {},
  fields: Record<string, string> = {},
) => {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), '../../etc/passwd.png')
  if (data !== undefined) form.set('data', JSON.stringify(data))
  for (const [name, text] of Object.entries(fields)) form.set(name, text)
  const url = app.app.url?.replace('localhost', '127.0.0.1') ?? ''
  const response = await fetch(new URL('/v1/tasks/image-resize', url), {
    method: 'POST',
    body: form,
    headers,
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: JSON.parse(text),
    body: JSON.parse(text),
  }
}
/** What upkeep does every hour. */
const prune = async (): Promise<void> => {
  const db = createDatabase({
    connection: () => ({ connectionString: app.database.url }),
    ...{ applicationName: 'test', maxConnections: 1, onConnectionLost: () => {} },
  })
  const settings = testConfig({ YEYAK_IMAGE_DIR: tmpdir() }).images
  const task = createImageResize({
    ...{ db, tables: createTables('yeyak'), settings, version: 'test', log: silentLog() },
  })
  await task.prune?.()
  await task.close?.()
  await db.destroy()
}
const putsOf = (key: string) => s3.requests.filter((one) => one.method === 'PUT' && one.key === key)
const stored = (location: string) => {
  const prefix = `${s3.endpoint}/${S3_KEYS.bucket}/`
  return s3.objects.get(location.startsWith(prefix) ? location.slice(prefix.length) : '')
}

test('an image behind a URL becomes one of each size, in the bucket, and the run says where', async () => {
  const imageUrl = hosted('photo', await noisy(800, 600).jpeg().toBuffer())
  const run = await ended({ imageUrl, sizes: [100, 200, 4000], format: 'webp' })
  expect(run).toMatchObject({ state: 'succeeded', progress: 100, attemptCount: 1 })
  expect(run.result.sizes).toEqual([
    { size: 100, width: 100, height: 75, bytes: expect.any(Number), location: expect.any(String) },
    { size: 200, width: 200, height: 150, bytes: expect.any(Number), location: expect.any(String) },
    { size: 4000, width: 800, height: 600, bytes: expect.any(Number), location: expect.any(String) },
  ])
  for (const { width, height, bytes, location } of run.result.sizes) {
    const object = stored(location)
    expect([object?.bytes.length, object?.contentType]).toEqual([bytes, 'image/webp'])
    expect(await sharp(object?.bytes).metadata()).toMatchObject({ format: 'webp', width, height })
  }
  // The same again makes nothing, and finds what is there.
  const puts = s3.requests.filter(({ method }) => method === 'PUT').length
  const again = await ended({ imageUrl, sizes: [100, 200, 4000], format: 'webp' })
  expect(again.result).toEqual(run.result)
  expect(s3.requests.filter(({ method }) => method === 'PUT')).toHaveLength(puts)
})

test('a file that comes with the request is kept until its run is final, whatever it is called', async () => {
  const bytes = await noisy(800, 600).png().toBuffer()
  const reply = await upload(bytes, { sizes: [60] }, { 'idempotency-key': 'picture-1' })
  expect(reply.status).toBe(201)
  const run = await runs.inState(reply.body.id, FINAL, 30_000)
  expect(run.result.sizes).toMatchObject([{ size: 60, width: 60, height: 45 }])
  expect(await sharp(stored(run.result.sizes[0].location)?.bytes).metadata()).toMatchObject({ format: 'png' })
  const same = await upload(bytes, { sizes: [60] }, { 'idempotency-key': 'picture-1' })
  expect([same.body.id, same.headers.get('idempotency-replayed')]).toEqual([reply.body.id, 'true'])
  const other = await upload(
    await noisy(9, 9).png().toBuffer(),
    { sizes: [60] },
    { 'idempotency-key': 'picture-1' },
  )
  expectProblem(other, 'idempotency-key-reused')
})

test('a file comes with the other fields of a run, and is replaced with it', async () => {
  const [first, second] = await Promise.all([300, 200].map((width) => noisy(width, 100).png().toBuffer()))
  if (first === undefined || second === undefined) throw new Error('no pictures')
  const send = (bytes: Buffer, fields: Record<string, string>) =>
    upload(bytes, { sizes: [1000] }, {}, { dedupeKey: 'photo', ...fields })
  const later = { runAt: '{"delay":"1h"}', priority: '7', tags: '["shop"]', metadata: '{"a":1}' }
  const made = await send(first, { ...later, retry: '{"limit":0}', groupKey: 'photos' })
  expect(made.status, made.text).toBe(201)
  expect(made.json).toMatchObject({
    ...{ state: 'scheduled', runAt: { delay: '1h' }, priority: 7, dedupeKey: 'photo', groupKey: 'photos' },
    ...{ tags: ['shop'], metadata: { a: 1 } },
    retry: { limit: 0 },
  })
  const { id } = made.json
  expect(await send(second, later)).toMatchObject({ status: 200, json: { id, deduplicated: true } })
  expectProblem(await send(second, { ...later, onDuplicate: 'reject' }), 'duplicate')
  const replaced = await send(second, { onDuplicate: 'replace' })
  expect(replaced).toMatchObject({ status: 200, json: { id, priority: 0 } })
  const { result } = await runs.inState(id, 'succeeded', 30_000)
  expect(result.sizes).toMatchObject([{ width: 200 }])

  for (const [fields, path, more] of [
    [{ prioritaet: '1' }, 'prioritaet', {}],
    [{ Priority: '1' }, 'Priority', { suggestion: 'priority' }],
    [{ priority: '1000' }, 'priority', {}],
    [{ runAt: 'tomorrow' }, 'runAt', {}],
    [{ onDuplicate: 'replac' }, 'onDuplicate', {}],
  ] as const) {
    const refused = await send(first, fields)
    expect(refused.status, refused.text).toBe(422)
    expect(refused.json.errors).toMatchObject([{ path, ...more }])
  }
})

test('storage that fails half of the puts gets every size in the end, and none twice', async () => {
  const imageUrl = hosted('half', await noisy(500, 500).jpeg().toBuffer())
  const seen = new Set<string>()
  // Each second object fails for a whole attempt, as a put is tried three times.
  const failures = new Map<string, number>()
  s3.refuse((method, key) => {
    if (method !== 'PUT') return null
    if (!seen.has(key)) failures.set(key, seen.size % 2 === 0 ? 3 : 0)
    seen.add(key)
    const left = failures.get(key) ?? 0
    failures.set(key, left - 1)
    return left > 0 ? [503, 'SlowDown'] : null
  })
  const run = await ended({ imageUrl, sizes: [10, 20, 30, 40] })
  expect(run).toMatchObject({ state: 'succeeded', attemptCount: 2 })
  expect(run.attempts[0]).toMatchObject({
    outcome: 'failed',
    error: {
      code: 'storage-failed',
      message: '2 of 4 sizes could not be made: the storage answered 503 (SlowDown)',
    },
  })
  expect(run.result.sizes.map(({ size, error }: { size: number; error?: string }) => [size, error])).toEqual(
    [10, 20, 30, 40].map((size) => [size, undefined]),
  )
  expect(seen.size).toBe(4)
  for (const key of seen) expect(putsOf(key).filter(({ status }) => status === 200)).toHaveLength(1)
})

test('a run that fails says of each size what became of it, and one more retry makes only what is missing', async () => {
  const imageUrl = hosted('denied', await noisy(400, 400).jpeg().toBuffer())
  s3.refuse((method, key) => (method === 'PUT' && key.includes('-30-') ? [403, 'AccessDenied'] : null))
  const partly = await ended({ imageUrl, sizes: [20, 30] })
  expect(partly).toMatchObject({ state: 'succeeded', attemptCount: 1 })
  expect(partly.result.sizes).toMatchObject([
    { size: 20, width: 20 },
    { size: 30, error: 'the storage answered 403 (AccessDenied)' },
  ])
  const failed = await ended({ imageUrl, sizes: [30] })
  expect(failed).toMatchObject({ state: 'failed', reason: 'rejected', attemptCount: 1 })
  expect(failed.attempts[0].error.code).toBe('storage-refused')
  expect(failed.result).toEqual({ sizes: [{ size: 30, error: 'the storage answered 403 (AccessDenied)' }] })
  s3.refuse(() => null)
  expect((await runs.act(failed.id, 'retry')).status).toBe(200)
  expect((await runs.inState(failed.id, ['succeeded'], 30_000)).result.sizes).toMatchObject([{ width: 30 }])
})

test.each([
  ['a text named .png', 'text.png', () => Buffer.from('Hello, I am a text'), 'not-an-image'],
  ['an SVG', 'drawing.svg', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'not-an-image'],
  [
    'more pixels than are taken',
    'huge',
    () => noisy(1, 1).resize(5000, 5000).png().toBuffer(),
    'too-many-pixels',
  ],
  ['more bytes than are taken', 'large', () => Buffer.alloc(MAX_BYTES + 1, 1), 'too-large'],
  [
    'half an image',
    'half.jpg',
    async () => (await noisy(200, 200).jpeg().toBuffer()).subarray(0, 4_000),
    'unreadable-image',
  ],
])('%s is refused for good, with the reason', async (_what, name, make, code) => {
  const run = await ended({ imageUrl: hosted(name, await make()) })
  expect(run).toMatchObject({ state: 'failed', reason: 'rejected', attemptCount: 1 })
  expect(run.attempts[0].error.code).toBe(code)
  expect(s3.requests.filter(({ method }) => method === 'PUT')).toEqual([])
})

test('a redirect to the metadata address, and an image that is not there, end the run', async () => {
  const redirected = await ended({ imageUrl: `http://127.0.0.1:${far.port}/redirect` })
  expect(redirected.attempts).toMatchObject([{ outcome: 'rejected', error: { code: 'address-not-allowed' } }])
  const missing = await ended({ imageUrl: `http://127.0.0.1:${far.port}/missing` })
  expect(missing.attempts).toMatchObject([{ outcome: 'rejected', error: { code: 'http-404' } }])
})

test('a cancel ends an image in the middle, and nothing of it is stored', async () => {
  const imageUrl = hosted('long', await noisy(2400, 1600).jpeg({ quality: 60 }).toBuffer())
  const id = await start({ imageUrl, sizes: [2400], format: 'avif' })
  await runs.inState(id, 'running')
  await eventually('the look for what is there', () => s3.requests.some(({ method }) => method === 'HEAD'))
  const begunMs = performance.now()
  expect((await runs.act(id, 'cancel')).status).toBe(202)
  await runs.inState(id, 'canceled', 5_000)
  expect(performance.now() - begunMs).toBeLessThan(3_000)
  expect(s3.requests.filter(({ method }) => method === 'PUT')).toEqual([])
})

test.each([
  'http://169.254.169.254/latest/',
  'http://10.0.0.1/a.png',
  'http://[fd00::1]/',
  'http://0x7f000002/',
])('%s is refused at once, naming the setting', async (imageUrl) => {
  const reply = await app.client.call('POST', '/v1/tasks/image-resize', { data: { imageUrl } })
  expect(reply.body).toMatchObject({ code: 'address-not-allowed', setting: 'YEYAK_IMAGE_ALLOW' })
  expect(reply.body.errors).toMatchObject([{ path: 'data.imageUrl' }])
})

const IMAGE = Buffer.from('not looked at')
test.each([
  [{}, 'data.imageUrl'],
  [{ imageUrl: 'ftp://example.com/a.png' }, 'data.imageUrl'],
  // Only a file that comes along makes one of these.
  [{ imageUrl: `upload:${'0'.repeat(64)}` }, 'data.imageUrl'],
  [{ imageUrl: 'https://user:pw@example.com/a.png' }, 'data.imageUrl'],
  [{ imageUrl: 'https://example.com/a.png', sizes: [] }, 'data.sizes'],
  [{ imageUrl: 'https://example.com/a.png', sizes: [0] }, 'data.sizes[0]'],
  [{ imageUrl: 'https://example.com/a.png', sizes: [9000] }, 'data.sizes[0]'],
  [{ imageUrl: 'https://example.com/a.png', sizes: [1, 1] }, 'data.sizes'],
  [{ imageUrl: 'https://example.com/a.png', format: 'gif' }, 'data.format'],
  [{ imageUrl: 'https://example.com/a.png', quality: 0 }, 'data.quality'],
  [{ imageUrl: 'https://example.com/a.png', path: '/etc/passwd' }, 'data.path'],
])('%j is refused at once, naming %s', async (data, path) => {
  const reply = await app.client.call('POST', '/v1/tasks/image-resize', { data })
  expect(reply.status).toBe(422)
  expect(reply.body.errors.map((error: { path: string }) => error.path)).toEqual([path])
})

test('a file that is no image, is too large, or comes beside a URL is refused at once', async () => {
  const text = await upload(IMAGE)
  expectProblem(text, 'invalid-request')
  expect(text.body.errors).toMatchObject([
    { path: 'file', message: expect.stringContaining('none of these') },
  ])
  const both = await upload(await noisy(4, 4).png().toBuffer(), { imageUrl: 'https://example.com/a.png' })
  expect(both.body.errors).toMatchObject([{ path: 'data.imageUrl' }])
  const large = await upload(Buffer.alloc(MAX_BYTES + 1))
  expectProblem(large, 'too-large')
  expect(large.body.limitBytes).toBe(MAX_BYTES)
})

test('files are removed once their run has succeeded, and stay where it may be retried', async () => {
  const count = async (id: string) =>
    (
      await app.database.query<{ n: number }>(
        'select count(*)::int as n from yeyak.uploads where run_id = $1',
        [id],
      )
    )[0]?.n
  const bytes = await noisy(500, 500).png().toBuffer()
  const [done, failing] = await Promise.all([
    upload(bytes, { sizes: [10] }),
    upload(bytes.subarray(0, bytes.length / 2), { sizes: [10] }),
  ])
  await runs.inState(done.body.id, 'succeeded', 30_000)
  await runs.inState(failing.body.id, 'failed', 30_000)
  expect(await count(done.body.id)).toBeGreaterThan(1)
  await prune()
  expect(await count(done.body.id)).toBe(0)
  expect(await count(failing.body.id)).toBeGreaterThan(0)
})
