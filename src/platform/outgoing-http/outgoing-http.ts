import { lookup as systemLookup } from 'node:dns/promises'
import { Pool } from 'undici'
import { parseAllowList } from './allow-list.ts'
import { exchange, type Exchange, type Method } from './exchange.ts'
import { createGuard, type Refusal } from './guard.ts'
import { createOrigins } from './origins.ts'
import { createResolver, type Lookup } from './resolver.ts'

export interface OutgoingHttpOptions {
  /** CIDRs, addresses and host names (exact, or `*.example.internal`) that may be called beside public addresses. */
  allow: readonly string[]
  /** The setting that they come from, which refusals name; that of webhooks where left out. */
  allowSetting?: string
  /** Sent where the request's headers have no `user-agent`. */
  userAgent: string
  /** How names are resolved; by the system, as `/etc/hosts` and search domains count too, where left out. */
  lookup?: Lookup
}

export interface OutgoingRequest {
  url: string
  method?: Method
  /** Names are tokens and values one line each, which the caller has checked. Not `host` and `content-length`. */
  headers: readonly (readonly [name: string, value: string])[]
  body: Buffer
  /** How much of the response body is read, in bytes. The connection is cut there. */
  bodyBytes: number
  /** Text where left out. */
  bodyAs?: 'text' | 'bytes'
  /** How long the response body may take, once the status is known; 2 s where left out. */
  bodyMs?: number
  /** Ends it: a request that is under way is cut. */
  signal: AbortSignal
}

/**
 * HTTP to addresses that callers name: guarded, so that nobody reaches what only this machine can reach. Redirects are
 * not followed, proxies not used, compressed answers not unpacked. Certificates are checked as Node.js does.
 */
export interface OutgoingHttp {
  /** Whether the URL may be called, as far as it can be said without a look-up. At once. */
  judge(url: string): Refusal | null
  /** Judges again, also each address that the name resolves to. Never rejects; each outcome is an answer. */
  request(request: OutgoingRequest): Promise<Exchange>
  /** Ends all connections, also those in use. */
  close(): Promise<void>
}

const CONNECT_MS = 5_000
const BODY_MS = 2_000
/** Of all headers of a response together. More of them ends the exchange. */
const MAX_HEADER_BYTES = 16 * 1024
/** Without a hint of the far side an idle connection is closed before it closes it: most do after 5 s or later. */
const KEEP_ALIVE_MS = 4_000
const KEEP_ALIVE_MOST_MS = 60_000

/** @throws Error that names an entry of `allow` which is neither a CIDR nor a host name */
export const createOutgoingHttp = (o: OutgoingHttpOptions): OutgoingHttp => {
  const guard = createGuard(parseAllowList(o.allow, o.allowSetting), o.allowSetting)
  const lookup = createResolver(guard, o.lookup ?? ((hostname) => systemLookup(hostname, { all: true })))
  const origins = createOrigins(
    (origin, connections) =>
      new Pool(origin, {
        connections,
        connect: { lookup, timeout: CONNECT_MS },
        maxHeaderSize: MAX_HEADER_BYTES,
        keepAliveTimeout: KEEP_ALIVE_MS,
        keepAliveMaxTimeout: KEEP_ALIVE_MOST_MS,
        // Many requests on one connection would share its fate.
        allowH2: false,
      }),
  )

  return {
    judge: guard.judge,
    async request(request) {
      const { url, method = 'POST', headers, body, bodyBytes, bodyAs = 'text', signal } = request
      // Again, as the list may be another one than when it was accepted, and sockets resolve no addresses.
      const refusal = guard.judge(url)
      if (refusal !== null) return { kind: 'refused', refusal, addresses: [] }
      const { origin, pathname, search } = new URL(url)
      const hasOwnAgent = headers.some(([name]) => name.toLowerCase() === 'user-agent')
      return exchange(
        origins,
        {
          ...{ origin, method, body, bodyBytes, bodyAs, signal },
          path: `${pathname}${search}`,
          headers: hasOwnAgent ? headers : [...headers, ['user-agent', o.userAgent]],
        },
        { connectMs: CONNECT_MS, bodyMs: request.bodyMs ?? BODY_MS },
      )
    },
    close: () => origins.close(),
  }
}
