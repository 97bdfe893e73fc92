import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface S3Request {
  method: string
  /** Without the bucket. */
  key: string
  /** What it was answered. */
  status: number
}

export interface S3Server {
  /** Scheme, host and port. */
  endpoint: string
  readonly requests: readonly S3Request[]
  readonly objects: ReadonlyMap<string, { bytes: Buffer; contentType: string }>
  /** Asked for each request whose signature is right: a status and a code to refuse it with. */
  refuse(judge: (method: string, key: string) => readonly [status: number, code: string] | null): void
  clear(): void
  stop(): Promise<void>
}

export const S3_KEYS = {
  bucket: 'pictures',
  region: 'eu-test-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
} as const

const hash = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** RFC 3986, as AWS wants it: each byte but the unreserved ones, and here the slash. */
const encoded = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9_.~/-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')

const MOST_SKEW_MS = 15 * 60_000

const instantOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

/**
 * Signature version 4, from its description: what is wrong with the request, as the code that S3 has for it. It shares no code with
 * what signs.
 */
const signatureFault = (request: IncomingMessage, path: string, body: Buffer): string | null => {
  const { headers } = request
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  if (parts === null) return 'AccessDenied'
  const [, keyId, day, region, names = '', signature] = parts
  if (keyId !== S3_KEYS.accessKeyId) return 'InvalidAccessKeyId'
  if (region !== S3_KEYS.region) return 'AuthorizationHeaderMalformed'
  const date = String(headers['x-amz-date'])
  if (!date.startsWith(String(day)) || !(Math.abs(Date.now() - instantOf(date)) < MOST_SKEW_MS))
    return 'RequestTimeTooSkewed'
  const signed = names.split(';')
  if (!signed.includes('host') || !signed.includes('x-amz-content-sha256')) return 'AccessDenied'
  if (signed.toSorted().join(';') !== names) return 'SignatureDoesNotMatch'
  const payload = String(headers['x-amz-content-sha256'])
  if (payload !== hash(body)) return 'XAmzContentSHA256Mismatch'
  const canonical = [
    request.method,
    encoded(decodeURIComponent(path)),
    '',
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    names,
    payload,
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const key = ['s3', 'aws4_request'].reduce(
    hmac,
    hmac(hmac(`AWS4${S3_KEYS.secretAccessKey}`, String(day)), region),
  )
  const wanted = hmac(key, ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n')).toString('hex')
  return signature === wanted ? null : 'SignatureDoesNotMatch'
}

const STATUS_OF: Readonly<Record<string, number>> = {
  AuthorizationHeaderMalformed: 400,
  XAmzContentSHA256Mismatch: 400,
}

/** Storage that speaks the protocol of S3 as far as puts and look-ups go, and checks every signature. */
export const startS3Server = async (): Promise<S3Server> => {
  const requests: S3Request[] = []
  const objects = new Map<string, { bytes: Buffer; contentType: string }>()
  const nobody = () => null
  let judge: (method: string, key: string) => readonly [number, string] | null = nobody

  const answer = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://s3')
    const [bucket, ...rest] = pathname.slice(1).split('/')
    const key = rest.join('/')
    const method = request.method ?? ''
    const reply = (status: number, code?: string) => {
      requests.push({ method, key, status })
      if (code === undefined) return response.writeHead(status).end()
      const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>No.</Message></Error>`
      return response
        .writeHead(status, { 'content-type': 'application/xml' })
        .end(method === 'HEAD' ? '' : xml)
    }
    const fault = signatureFault(request, pathname, body)
    if (fault !== null) return void reply(STATUS_OF[fault] ?? 403, fault)
    if (bucket !== S3_KEYS.bucket) return void reply(404, 'NoSuchBucket')
    const refusal = judge(method, key)
    if (refusal !== null) return void reply(...refusal)
    if (method === 'PUT') {
      objects.set(key, { bytes: body, contentType: request.headers['content-type'] ?? '' })
      return void reply(200)
    }
    const found = objects.get(key)
    if (method !== 'HEAD' || found === undefined) return void reply(404, 'NoSuchKey')
    response.setHeader('content-length', found.bytes.length)
    return void reply(200)
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answer(request, response, Buffer.concat(chunks)))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    objects,
    refuse(value) {
      judge = value
    },
    clear() {
      judge = nobody
      objects.clear()
      requests.length = 0
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
