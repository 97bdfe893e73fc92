/** Read and written by hand: one cookie, of which every request with one is asked. A plugin parses all, for all requests. */
const NAME = 'yeyak_session'
const PATTERN = new RegExp(`(?:^|;\\s*)${NAME}=([A-Za-z0-9_-]{43})(?:\\s*;|\\s*$)`, 'u')

/** The session's secret, if the `Cookie` header bears one. */
export const secretIn = (cookie: string | undefined): string | null =>
  cookie === undefined ? null : (PATTERN.exec(cookie)?.[1] ?? null)

interface Place {
  /** The request came over TLS, here or at the proxy in front. */
  isSecure: boolean
}

const attributes = (maxAgeSeconds: number, { isSecure }: Place): string =>
  `Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`

export const sessionCookie = (secret: string, maxAgeSeconds: number, place: Place): string =>
  `${NAME}=${secret}; ${attributes(maxAgeSeconds, place)}`

/** Makes the browser forget it. */
export const endedCookie = (place: Place): string => `${NAME}=; ${attributes(0, place)}`
