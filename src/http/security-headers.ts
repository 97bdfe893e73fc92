import type { FastifyHelmetOptions } from '@fastify/helmet'

/**
 * On every answer of the API, and on every refusal: it is data, never a page. Nothing may be run, framed or guessed from it,
 * and no copy of it kept. No `Access-Control-*` is sent, ever: pages of other origins can read nothing. As constants they
 * are 1 µs of the 12 that the smallest answer takes; helmet's own hook is 14.
 */
export const API_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** Everything from this server, nothing from elsewhere, and no script but its own files. */
const PAGE_DIRECTIVES = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}

/** For pages: /docs. */
export const PAGE_HELMET: FastifyHelmetOptions = {
  contentSecurityPolicy: { useDefaults: false, directives: PAGE_DIRECTIVES },
  referrerPolicy: { policy: 'no-referrer' },
  frameguard: { action: 'deny' },
  // Whether this name is for ever reached by TLS is for the proxy to say that ends TLS.
  hsts: false,
}

/** For the files of the dashboard: an image that is opened by itself is a page, too. */
export const ASSET_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const

/**
 * For the dashboard. Its components write style sheets while they run, each with the nonce of the page; its files are named by
 * `'self'`. Images may also be made in the page, as previews are.
 */
export const dashboardHeaders = (nonce: string): Record<string, string> => ({
  'content-security-policy': [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join(';'),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
})
