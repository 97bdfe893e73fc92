import {
  type Answered,
  type Exchange,
  type OutgoingHttp,
  retryAfterMs,
} from '../../platform/outgoing-http/index.ts'
import { ALLOW_SETTING } from './schema.ts'
import { ImageError, refuse } from './trouble.ts'

const MOST_REDIRECTS = 5
/** Of the whole: what drips for longer is given up, and tried again another time. */
const LIMIT_MS = 60_000

/** What may pass: the far side is busy, or in the middle of something. */
const isPassing = (status: number): boolean => status >= 500 || [408, 409, 423, 425, 429].includes(status)

const passing = (code: string, message: string, afterMs?: number | null): ImageError =>
  new ImageError({ code, message, isFinal: false, ...(afterMs != null && { afterMs }) })

const isRedirect = ({ status, headers }: Answered): boolean =>
  [301, 302, 303, 307, 308].includes(status) && headers.has('location')

const bytesOf = (answered: Answered, maxBytes: number): Buffer => {
  const { status, headers, bytes, isWhole } = answered
  if (status >= 300) {
    const message = `the server of the image answered ${status}`
    if (!isPassing(status)) refuse(`http-${status}`, message)
    throw passing(`http-${status}`, message, retryAfterMs(headers.get('retry-after'), headers.get('date')))
  }
  if (bytes.length > maxBytes)
    refuse('too-large', `it has more than the ${maxBytes.toLocaleString('en')} bytes that are taken`)
  if (!isWhole) throw passing('image-cut-off', 'the image did not come whole, or not in time')
  return bytes
}

const troubleOf = (exchange: Exclude<Exchange, Answered>): ImageError => {
  if (exchange.kind !== 'refused') return passing(exchange.failure.code, exchange.failure.message)
  // Not which address it is: that would tell callers what names mean inside this network.
  const { code, message } = exchange.refusal
  return new ImageError({
    code,
    message:
      code === 'invalid-url'
        ? `the URL ${message.en}`
        : `the host is, or resolves to, no public address: see ${ALLOW_SETTING}`,
    isFinal: true,
  })
}

/**
 * The image behind a URL, whole. Redirects are followed, and each address is judged anew.
 * @throws ImageError for everything else
 */
export const fetchImage = async (o: {
  http: Pick<OutgoingHttp, 'request'>
  url: string
  maxBytes: number
  /** Of the whole, redirects among it; 60 s where left out. */
  limitMs?: number
  signal: AbortSignal
}): Promise<Buffer> => {
  const limitMs = o.limitMs ?? LIMIT_MS
  const signal = AbortSignal.any([o.signal, AbortSignal.timeout(limitMs)])
  let { url } = o
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const exchange = await o.http.request({
      ...{ url, method: 'GET', signal, bodyAs: 'bytes', bodyMs: limitMs },
      headers: [
        ['accept', 'image/avif, image/webp, image/png, image/jpeg'],
        ['accept-encoding', 'identity'],
      ],
      body: Buffer.alloc(0),
      // One more than is taken tells the two apart.
      bodyBytes: o.maxBytes + 1,
    })
    o.signal.throwIfAborted()
    if (exchange.kind !== 'answered') throw troubleOf(exchange)
    if (!isRedirect(exchange)) return bytesOf(exchange, o.maxBytes)
    const next = URL.parse(exchange.headers.get('location') ?? '', url)
    if (next === null) return refuse('invalid-url', 'the server redirects to what is no URL')
    url = next.href
  }
  return refuse('too-many-redirects', `the server redirects more than ${MOST_REDIRECTS} times`)
}
