import { errors } from 'undici'

/** Why no answer came. It names no address, user, password or query: it may be stored and shown. */
export interface Failure {
  /** kebab-case: `dns`, `connection-refused`, `connect-timeout`, `tls`, `unreachable`, `connection-failed`, … */
  code: string
  message: string
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** Before anything was sent: what went wrong with the connection. By the codes of Node.js, OpenSSL and undici. */
const CONNECTING: readonly (readonly [codes: RegExp, code: string, message: string])[] = [
  [/^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|EBADNAME)$/, 'dns', 'the host name could not be resolved'],
  [/^ECONNREFUSED$/, 'connection-refused', 'nobody accepts connections there'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'connect-timeout', 'no connection could be made in time'],
  [
    /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/,
    'unreachable',
    'there is no way to that address',
  ],
  [
    /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/,
    'tls',
    'no secure connection could be made',
  ],
]

/** What an error of the connection means for whoever sent. */
export const causeOf = (error: unknown, wasSent: boolean): Failure => {
  const raw = codeOf(error)
  const shown = raw === '' ? '' : ` (${raw})`
  if (wasSent) {
    const isNotHttp = error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError
    return isNotHttp
      ? { code: 'invalid-response', message: `what came back is not HTTP, or too much of it${shown}` }
      : { code: 'connection-lost', message: `the connection was lost before an answer came${shown}` }
  }
  const known = CONNECTING.find(([codes]) => codes.test(raw))
  return known === undefined
    ? { code: 'connection-failed', message: `no connection could be made${shown}` }
    : { code: known[1], message: `${known[2]}${shown}` }
}
