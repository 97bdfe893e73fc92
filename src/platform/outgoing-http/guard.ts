import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Text } from '../errors.ts'
import { ALLOW_SETTING, type AllowList, plainName } from './allow-list.ts'

/** Why a URL may not be called. `invalid-url`: whatever is allowed; `address-not-allowed`: a setting could allow it. */
export interface Refusal {
  code: 'invalid-url' | 'address-not-allowed'
  message: Text
}

export interface Guard {
  /** What is said of an address that the list does not have. */
  readonly notAllowed: Refusal
  /**
   * Judges what the URL itself says, at once and without a look-up: its form, and its host where that is an address or
   * `localhost`. What a name resolves to is judged when connecting.
   */
  judge(url: string): Refusal | null
  /** Of what a name has resolved to, the addresses that may be connected to. */
  keep<A extends { address: string }>(hostname: string, addresses: readonly A[]): A[]
}

const invalid = (en: string, ko: string): Refusal => ({ code: 'invalid-url', message: { en, ko } })

const BLANK = invalid(
  'must not have blanks or control characters: percent-encode them',
  '공백이나 제어 문자를 쓸 수 없습니다. 퍼센트 인코딩해야 합니다.',
)
const SCHEME = invalid('must begin with http:// or https://', 'http:// 또는 https://로 시작해야 합니다.')
const NO_URL = invalid('is not a URL', '올바른 URL이 아닙니다.')
const CREDENTIALS = invalid(
  'must not have a user or a password in it: send them in headers, as Authorization',
  'URL에 사용자나 비밀번호를 넣을 수 없습니다. headers의 Authorization으로 보내야 합니다.',
)

const notAllowedBut = (setting: string): Refusal => ({
  code: 'address-not-allowed',
  message: {
    en: `is not a public address: the operator can allow it with ${setting}`,
    ko: `공인 주소가 아닙니다. 운영자가 ${setting} 설정으로 허용할 수 있습니다.`,
  },
})

/** All of IPv6 that is given out to the public. Outside of it are `::127.0.0.1`, and much that means nothing yet. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * `unicast` is what remains when loopback, private, link-local, multicast, reserved and documentation ranges, NAT64, 6to4
 * and Teredo are taken away. IPv4 in the form of IPv6 is judged as the IPv4 that it means.
 */
const isPublic = (address: string): boolean => {
  if (isIP(address) === 0) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6))
}

const isLocalhost = (hostname: string): boolean => /(^|\.)localhost$/.test(plainName(hostname))

/** The URL parser has put every spelling of an address (decimal, octal, hexadecimal, mapped) into the usual one. */
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1')

/** `setting`: where the list comes from. */
export const createGuard = (allow: AllowList, setting: string = ALLOW_SETTING): Guard => {
  const notAllowed = notAllowedBut(setting)
  const mayReach = (address: string): boolean => isPublic(address) || allow.hasAddress(address)

  const isHostAllowed = (host: string): boolean => {
    if (isIP(host) !== 0) return mayReach(host)
    if (!isLocalhost(host) || allow.hasName(host)) return true
    return allow.hasAddress('127.0.0.1') || allow.hasAddress('::1')
  }

  return {
    notAllowed,
    judge(text) {
      // The parser drops these in silence, and then a person reads another URL than the one that is called.
      if (/[\u0000-\u0020\u007f]/.test(text)) return BLANK
      if (!/^https?:\/\//i.test(text)) return SCHEME
      const url = URL.parse(text)
      if (url === null) return NO_URL
      if (url.username !== '' || url.password !== '') return CREDENTIALS
      return isHostAllowed(bareHost(url)) ? null : notAllowed
    },
    keep: (hostname, addresses) =>
      allow.hasName(hostname) ? [...addresses] : addresses.filter(({ address }) => mayReach(address)),
  }
}
