import { AwsV4Signer } from 'aws4fetch'
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Answered,
  createOutgoingHttp,
  type Exchange,
  retryAfterMs,
} from '../../platform/outgoing-http/index.ts'
import type { Store } from './store.ts'
import { ImageError } from './trouble.ts'

export interface S3Settings {
  /** Scheme, host and port, without a slash at the end. */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** Empty, or with a slash at the end. */
  prefix: string
}

/** Of one request, and then again: storage that is overloaded says so, and is fine a moment later. */
const REQUEST_MS = 30_000
const TRIES = 3
const FIRST_PAUSE_MS = 200
/** An answer that says no is some 300 bytes of XML. */
const ANSWER_BYTES = 4_096
const EMPTY = Buffer.alloc(0)

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** `AccessDenied`, `NoSuchBucket`, `SignatureDoesNotMatch`: what operators look for. */
const codeOf = ({ body }: Answered): string => /<Code>([A-Za-z]{1,60})<\/Code>/.exec(body)?.[1] ?? ''

const PASSING_STATUS: readonly number[] = [408, 409, 425, 429]
const PASSING_CODES: readonly string[] = ['RequestTimeout', 'SlowDown', 'InternalError', 'OperationAborted']

const troubleOf = (exchange: Exchange): ImageError => {
  if (exchange.kind === 'refused')
    return new ImageError({
      code: 'storage-refused',
      message: 'the endpoint of YEYAK_S3_ENDPOINT may not be called',
      isFinal: true,
    })
  if (exchange.kind !== 'answered')
    return new ImageError({
      code: 'storage-unreachable',
      message: `the storage did not answer: ${exchange.failure.message}`,
      isFinal: false,
    })
  const { status, headers } = exchange
  const code = codeOf(exchange)
  const isPassing = status >= 500 || PASSING_STATUS.includes(status) || PASSING_CODES.includes(code)
  const afterMs = retryAfterMs(headers.get('retry-after'), headers.get('date'))
  return new ImageError({
    code: isPassing ? 'storage-failed' : 'storage-refused',
    message: `the storage answered ${status}${code === '' ? '' : ` (${code})`}`,
    isFinal: !isPassing,
    ...(isPassing && afterMs !== null && { afterMs }),
  })
}

/**
 * A bucket of S3, or of what speaks its protocol, addressed by its path: `endpoint/bucket/name`. A put is whole or not there, as
 * the checksum of the body is part of what is signed.
 * @param o.url what `location` begins with, instead of the address of the object
 */
export const createS3Store = (o: { settings: S3Settings; url: string; userAgent: string }): Store => {
  const { endpoint, bucket, region, prefix, accessKeyId, secretAccessKey } = o.settings
  const host = new URL(endpoint).hostname.replace(/^\[(.*)\]$/, '$1')
  // Whoever sets an endpoint means it to be called, wherever it is; and nothing else is.
  const http = createOutgoingHttp({
    ...{ allow: [host], allowSetting: 'YEYAK_S3_ENDPOINT', userAgent: o.userAgent },
  })
  /** Of the day; derived once. */
  const cache = new Map<string, ArrayBuffer>()
  const addressOf = (name: string) => `${endpoint}/${bucket}/${prefix}${name}`

  const call = async (
    method: 'HEAD' | 'PUT',
    name: string,
    body: Buffer,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Exchange> => {
    const url = addressOf(name)
    const signed = await new AwsV4Signer({
      ...{ method, url, accessKeyId, secretAccessKey, region, service: 's3', cache },
      // Not `UNSIGNED-PAYLOAD`, its default: a body that was changed on the way is refused.
      headers: { ...headers, 'x-amz-content-sha256': sha256(body) },
    }).sign()
    return http.request({
      ...{ url, method, body, headers: [...signed.headers], bodyBytes: ANSWER_BYTES },
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
    })
  }

  return {
    async find(name, signal) {
      const found = await call('HEAD', name, EMPTY, {}, signal)
      signal.throwIfAborted()
      // Whatever else it says, a key without the right to look is no reason not to write: the put will tell.
      if (found.kind !== 'answered' || found.status !== 200) return null
      return { bytes: Number(found.headers.get('content-length') ?? 0) }
    },
    async put(name, { bytes, contentType }, signal) {
      // For ever, as another image has another name.
      const headers = { 'content-type': contentType, 'cache-control': 'public, max-age=31536000, immutable' }
      for (let tries = 1; ; tries += 1) {
        const answer = await call('PUT', name, bytes, headers, signal)
        signal.throwIfAborted()
        if (answer.kind === 'answered' && answer.status < 300) return
        const error = troubleOf(answer)
        if (error.trouble.isFinal || tries === TRIES) throw error
        await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1) * (1 + Math.random()), null, { signal })
      }
    },
    locationOf: (name) => (o.url === '' ? addressOf(name) : `${o.url}/${prefix}${name}`),
    tidy: () => Promise.resolve(),
    close: () => http.close(),
  }
}
