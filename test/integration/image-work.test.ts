import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createOutgoingHttp, type Lookup } from '../../src/platform/outgoing-http/index.ts'
import { fetchImage } from '../../src/tasks/image-resize/download.ts'
import { createFolderStore } from '../../src/tasks/image-resize/folder-store.ts'
import { createImageProcesses } from '../../src/tasks/image-resize/image-processes.ts'
import { createImageThread } from '../../src/tasks/image-resize/image-thread-client.ts'
import { planSizes } from '../../src/tasks/image-resize/plan.ts'
import { createS3Store } from '../../src/tasks/image-resize/s3-store.ts'
import type { ImageError } from '../../src/tasks/image-resize/trouble.ts'
import { eventually } from '../kit/poll.ts'
import { S3_KEYS, type S3Server, startS3Server } from '../kit/s3-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

const LIMITS = { maxBytes: 20_000_000, maxPixels: 100_000_000, maxFrames: 100 }
const NEVER = new AbortController().signal
const PICTURE = Buffer.from('a picture, for whoever does not look')

let far: WebhookReceiver
let s3: S3Server
let directory: string
/** What the far side does, by path. */
const pages = new Map<string, (response: ServerResponse) => void>()
const http = createOutgoingHttp({
  allow: ['127.0.0.1'],
  allowSetting: 'YEYAK_IMAGE_ALLOW',
  userAgent: 'test',
})
const processes = createImageProcesses({ limits: LIMITS, count: 2 })

beforeAll(async () => {
  far = await startWebhookReceiver()
  far.answer((response, { path: at }) => {
    const page = pages.get(at)
    if (page === undefined) response.writeHead(404).end()
    else page(response)
  })
  s3 = await startS3Server()
  directory = await mkdtemp(path.join(tmpdir(), 'yeyak-images-'))
})
beforeEach(() => s3.clear())
afterAll(async () => {
  processes.close()
  await Promise.all([http.close(), far.stop(), s3.stop()])
  await rm(directory, { recursive: true })
})

const at = (page: string, does: (response: ServerResponse) => void): string => {
  pages.set(page, does)
  return `http://127.0.0.1:${far.port}${page}`
}
const fetched = (url: string, o: { maxBytes?: number; limitMs?: number; signal?: AbortSignal } = {}) =>
  fetchImage({ http, url, maxBytes: 1_000, signal: NEVER, ...o })
const troubleOf = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: ImageError) => error.trouble,
  )

test('an image is fetched whole, through redirects, of which each address is judged anew', async () => {
  at('/picture', (response) => response.end(PICTURE))
  at('/second', (response) => response.writeHead(301, { location: './picture' }).end())
  const url = at('/first', (response) => response.writeHead(302, { location: '/second' }).end())
  expect(await fetched(url)).toEqual(PICTURE)
  const { headers } = far.received.at(-1) ?? {}
  expect(headers).toMatchObject({ accept: expect.stringContaining('image/avif'), 'user-agent': 'test' })
})

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:10.0.0.1]/',
  'http://[::1]:1/',
  'file:///etc/passwd',
  'http://user:pw@example.com/',
])('a redirect to %s is not followed, and not tried again', async (location) => {
  const url = at('/away', (response) => response.writeHead(302, { location }).end())
  const before = far.received.length
  expect(await troubleOf(fetched(url))).toMatchObject({
    code: expect.stringMatching(/^(address-not-allowed|invalid-url)$/),
    isFinal: true,
  })
  expect(far.received.length).toBe(before + 1)
})

test('a name that means a private address is refused, without saying which', async () => {
  const lookup: Lookup = async () => [{ address: '10.11.12.13', family: 4 }]
  const guarded = createOutgoingHttp({
    ...{ allow: [], allowSetting: 'YEYAK_IMAGE_ALLOW' },
    userAgent: 'test',
    lookup,
  })
  const trouble = await troubleOf(
    fetchImage({ http: guarded, url: 'http://pictures.example.com/', maxBytes: 9, signal: NEVER }),
  )
  expect(trouble).toMatchObject({ code: 'address-not-allowed', isFinal: true })
  expect(trouble?.message).toContain('YEYAK_IMAGE_ALLOW')
  expect(JSON.stringify(trouble)).not.toContain('10.11')
  await guarded.close()
})

test('redirects in a circle end', async () => {
  const url = at('/circle', (response) => response.writeHead(307, { location: '/circle' }).end())
  expect(await troubleOf(fetched(url))).toMatchObject({ code: 'too-many-redirects', isFinal: true })
})

test.each([
  [404, true],
  [410, true],
  [403, true],
  [429, false],
  [500, false],
  [503, false],
])('an answer of %i is for good: %s', async (status, isFinal) => {
  const url = at('/no', (response) => response.writeHead(status, { 'retry-after': '7' }).end('no'))
  expect(await troubleOf(fetched(url))).toEqual({
    ...{ code: `http-${status}`, isFinal, message: `the server of the image answered ${status}` },
    ...(!isFinal && { afterMs: 7000 }),
  })
})

test('a body without end is cut at the limit of bytes', async () => {
  let ended = false
  const url = at('/endless', (response) => {
    const more = () => {
      while (response.write(Buffer.alloc(10_000)));
    }
    response.on('drain', more).on('close', () => (ended = true))
    more()
  })
  expect(await troubleOf(fetched(url, { maxBytes: 100_000 }))).toMatchObject({
    code: 'too-large',
    isFinal: true,
  })
  await eventually('the end of the endless', () => ended)
  const fits = at('/fits', (response) => response.end(Buffer.alloc(1_000)))
  expect((await fetched(fits, { maxBytes: 1_000 })).length).toBe(1_000)
  expect(await troubleOf(fetched(fits, { maxBytes: 999 }))).toMatchObject({ code: 'too-large' })
})

test('what drips, says nothing or breaks off is given up, and tried again another time', async () => {
  const drips = at('/drips', (response) => {
    const timer = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(timer))
  })
  expect(await troubleOf(fetched(drips, { limitMs: 150 }))).toMatchObject({
    code: 'image-cut-off',
    isFinal: false,
  })
  const silent = at('/silent', () => {})
  expect(await troubleOf(fetched(silent, { limitMs: 100 }))).toMatchObject({
    code: 'timeout',
    isFinal: false,
  })
  const breaks = at('/breaks', (response) => {
    response.writeHead(200, { 'content-length': '900' })
    response.write('only the beginning', () => response.destroy())
  })
  expect(await troubleOf(fetched(breaks))).toMatchObject({ code: 'image-cut-off', isFinal: false })
})

const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const
const noisy = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'red', noise } })
    .jpeg()
    .toBuffer()
const avif = (header: Parameters<typeof planSizes>[0], size: number) => {
  const [planned] = planSizes(header, { sizes: [size], format: 'avif' })
  if (planned?.recipe === undefined) throw new Error('it cannot be made')
  return planned.recipe
}

test('an abort ends an image in the middle, and the next one is made all the same', async () => {
  const large = await noisy(2400, 1600)
  const stopping = new AbortController()
  let begunMs = 0
  const working = processes.use(large, stopping.signal, async ({ header, make }) => {
    setTimeout(() => {
      begunMs = performance.now()
      stopping.abort(new Error('canceled'))
    }, 100)
    // Some seconds of work.
    return make(avif(header, 2400), [])
  })
  await expect(working).rejects.toThrow('canceled')
  expect(performance.now() - begunMs).toBeLessThan(1_000)
  const small = await noisy(64, 64)
  const made = await processes.use(small, NEVER, ({ header, make }) => make(avif(header, 32), []))
  expect((await sharp(made).metadata()).width).toBe(32)
})

test('whatever waits for a process gives up with its signal, and no more than there are work at a time', async () => {
  const one = createImageProcesses({ limits: LIMITS, count: 1 })
  const small = await noisy(32, 32)
  const gate = Promise.withResolvers<null>()
  const first = one.use(small, NEVER, () => gate.promise)
  const impatient = one.use(small, AbortSignal.timeout(50), async () => 'it had its turn')
  await expect(impatient).rejects.toThrow(/timeout/)
  gate.resolve(null)
  await first
  expect(await one.use(small, NEVER, async ({ header }) => header.width)).toBe(32)
  const left = one.use(small, NEVER, async ({ make, header }) => {
    one.close()
    return make(avif(header, 16), [])
  })
  expect(await troubleOf(left)).toMatchObject({ code: 'image-process-lost', isFinal: false })
})

test('the thread that images pass through takes a file as it is, gives up with its signal, and starts nothing once it is closed', async () => {
  const folder = path.join(directory, 'thread')
  const thread = createImageThread({
    ...{ allow: [], limits: LIMITS, count: 1 },
    store: { storage: { kind: 'folder', directory: folder }, url: '', userAgent: 'test' },
  })
  const run = (data: object, signal = NEVER): Parameters<typeof thread.run>[0] => ({
    ...{ id: 'a', attempt: 1, projectId: 1, previous: null, signal, progress: () => {} },
    data: { imageUrl: 'upload:', ...data },
  })
  // Small enough to be cut from the pool that all small buffers share.
  const small = Buffer.from(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  )
  const neighbour = Buffer.from('a neighbour')
  expect(await thread.run(run({ sizes: [4] }), small)).toMatchObject({ sizes: [{ width: 4, height: 4 }] })
  expect(neighbour.toString()).toBe('a neighbour')
  const large = Buffer.from(await noisy(2400, 1600))
  const stopping = AbortSignal.timeout(300)
  await expect(thread.run(run({ sizes: [2400], format: 'avif' }, stopping), large)).rejects.toThrow(/timeout/)
  expect(large.length, 'what was handed over is here no more').toBe(0)
  const cut = thread.run(run({ sizes: [2400], format: 'avif' }), Buffer.from(await noisy(2400, 1600)))
  // Whatever is left when it closes is tried again elsewhere.
  await Promise.all([expect(cut).rejects.toThrow(/stopped|ended/), thread.close()])
  await expect(thread.run(run({}), await noisy(8, 8))).rejects.toMatchObject({
    code: 'image-process-lost',
    isFinal: false,
  })
})

const s3Store = (o: Partial<typeof S3_KEYS> & { url?: string } = {}) => {
  const { url = '', ...keys } = o
  return createS3Store({
    settings: { endpoint: s3.endpoint, prefix: 'small/', ...S3_KEYS, ...keys },
    ...{ url, userAgent: 'test' },
  })
}
const IMAGE = { bytes: Buffer.from('bytes of an image'), contentType: 'image/png' }

test('a bucket takes what is signed, byte by byte, and finds it again', async () => {
  const store = s3Store()
  expect(await store.find('ab/c-320.png', NEVER)).toBeNull()
  await store.put('ab/c-320.png', IMAGE, NEVER)
  expect(s3.objects.get('small/ab/c-320.png')).toEqual(IMAGE)
  expect(await store.find('ab/c-320.png', NEVER)).toEqual({ bytes: IMAGE.bytes.length })
  expect(store.locationOf('ab/c.png')).toBe(`${s3.endpoint}/pictures/small/ab/c.png`)
  expect(s3Store({ url: 'https://cdn.example.com' }).locationOf('ab/c.png')).toBe(
    'https://cdn.example.com/small/ab/c.png',
  )
  await store.close()
})

test.each([
  ['another secret', { secretAccessKey: 'wrong' }, 'the storage answered 403 (SignatureDoesNotMatch)'],
  ['another key', { accessKeyId: 'AKIDOTHER' }, 'the storage answered 403 (InvalidAccessKeyId)'],
  ['another region', { region: 'us-east-1' }, 'the storage answered 400 (AuthorizationHeaderMalformed)'],
  ['another bucket', { bucket: 'nobodys' }, 'the storage answered 404 (NoSuchBucket)'],
])('%s is refused for good, and told by the code of S3', async (_what, keys, message) => {
  const store = s3Store(keys as Partial<typeof S3_KEYS>)
  expect(await troubleOf(store.put('a/b.png', IMAGE, NEVER))).toEqual({
    ...{ code: 'storage-refused', message, isFinal: true },
  })
  expect(s3.requests).toHaveLength(1)
  await store.close()
})

test('storage that is overloaded is asked three times, and storage that is away is no fault of the image', async () => {
  const store = s3Store()
  let failures = 2
  s3.refuse((method) => (method === 'PUT' && failures-- > 0 ? [503, 'SlowDown'] : null))
  await store.put('a/b.png', IMAGE, NEVER)
  expect(s3.requests.map(({ status }) => status)).toEqual([503, 503, 200])
  s3.refuse(() => [500, 'InternalError'])
  expect(await troubleOf(store.put('a/c.png', IMAGE, NEVER))).toMatchObject({
    ...{ code: 'storage-failed', message: 'the storage answered 500 (InternalError)', isFinal: false },
  })
  // Whether it is there cannot be told: then it is made.
  expect(await store.find('a/b.png', NEVER)).toBeNull()
  await store.close()
  const away = createS3Store({
    settings: { endpoint: 'http://127.0.0.1:9', prefix: '', ...S3_KEYS },
    ...{ url: '', userAgent: 'test' },
  })
  expect(await troubleOf(away.put('a/b.png', IMAGE, NEVER))).toMatchObject({
    ...{ code: 'storage-unreachable', isFinal: false },
  })
})

test('a folder gets whole files, has no others to show, and loses what was left half done', async () => {
  const store = createFolderStore({ directory, url: '' })
  expect(await store.find('ab/c-320.png', NEVER)).toBeNull()
  await Promise.all([1, 2, 3].map(() => store.put('ab/c-320.png', IMAGE, NEVER)))
  expect(await store.find('ab/c-320.png', NEVER)).toEqual({ bytes: IMAGE.bytes.length })
  const file = store.locationOf('ab/c-320.png')
  expect(file).toBe(path.join(directory, 'ab', 'c-320.png'))
  expect(await readFile(file)).toEqual(IMAGE.bytes)
  const unfinished = path.join(directory, '.unfinished')
  expect([await readdir(path.join(directory, 'ab')), await readdir(unfinished)]).toEqual([['c-320.png'], []])
  await writeFile(path.join(unfinished, 'left'), 'half')
  await writeFile(path.join(unfinished, 'under way'), 'half')
  const longAgo = new Date(Date.now() - 7_200_000)
  await utimes(path.join(unfinished, 'left'), longAgo, longAgo)
  await store.tidy()
  expect(await readdir(unfinished)).toEqual(['under way'])
  expect(createFolderStore({ directory, url: 'https://cdn.example.com' }).locationOf('ab/c.png')).toBe(
    'https://cdn.example.com/ab/c.png',
  )
})

test('a folder that cannot be written to is no fault of the image, and its path is nobody’s business', async () => {
  const file = path.join(directory, 'a-file')
  await writeFile(file, '')
  const store = createFolderStore({ directory: path.join(file, 'below'), url: '' })
  expect(await troubleOf(store.put('ab/c.png', IMAGE, NEVER))).toEqual({
    ...{ code: 'storage-failed', message: 'the folder could not be written to (ENOTDIR)', isFinal: false },
  })
})
