import { domainToASCII } from 'node:url'

export interface SmtpSettings {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS where it is offered. */
  isTls: boolean
  /** Nothing is sent without TLS. */
  needsTls: boolean
  takesAnyCertificate: boolean
  login: { user: string; password: string } | null
  /** Connections at most. */
  pool: number
}

const PORTS = { 'smtps:': 465, 'smtp:': 587 } as const
const MOST_CONNECTIONS = 100
const PARAMETERS = ['tls', 'pool', 'rejectUnauthorized']

const wrong = (text: string): Error => new Error(`YEYAK_SMTP_URL ${text}`)

/**
 * Reads `smtps://user:password@host:465?pool=5`; what it does not know it refuses, since a mistyped `tls=require` must not
 * come to nothing. No message has the text itself in it, which bears a password.
 * @throws Error naming YEYAK_SMTP_URL and the mend
 */
export const parseSmtpUrl = (text: string): SmtpSettings => {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    throw wrong('is not a URL such as smtps://user:password@smtp.example.com')
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '')
    throw wrong('has a part after the host that means nothing: percent-encode / and # in user and password')
  for (const name of url.searchParams.keys())
    if (!PARAMETERS.includes(name))
      throw wrong(`has the parameter "${name}", which is none of ${PARAMETERS.join(', ')}`)
  const isTls = url.protocol === 'smtps:'
  return {
    host: hostOf(url.hostname),
    port: url.port === '' ? PORTS[url.protocol] : Number(url.port),
    isTls,
    needsTls: isTls || parameter(url, 'tls', ['require']) === 'require',
    takesAnyCertificate: parameter(url, 'rejectUnauthorized', ['false', 'true']) === 'false',
    login: url.username === '' ? null : { user: decoded(url.username), password: decoded(url.password) },
    pool: poolOf(url),
  }
}

const parameter = (url: URL, name: string, values: readonly string[]): string | null => {
  const value = url.searchParams.get(name)
  if (value === null || values.includes(value)) return value
  throw wrong(`takes ${name}=${values.join(` or ${name}=`)}`)
}

const poolOf = (url: URL): number => {
  const text = url.searchParams.get('pool')
  if (text === null) return 5
  const size = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (size < 1 || size > MOST_CONNECTIONS) throw wrong(`takes pool=1 to pool=${MOST_CONNECTIONS}`)
  return size
}

/** The URL parser leaves hosts of schemes that it does not know as they are. */
const hostOf = (hostname: string): string =>
  hostname.startsWith('[') ? hostname.slice(1, -1) : domainToASCII(decoded(hostname)) || hostname

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('has a % that is not percent-encoded: write %25')
  }
}
