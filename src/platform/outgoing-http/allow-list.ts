import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The setting that the list of webhooks comes from: named by every refusal, so that whoever reads it knows what to change. */
export const ALLOW_SETTING = 'YEYAK_WEBHOOK_ALLOW'

/** What may be reached beside public addresses. */
export interface AllowList {
  /** `address` as DNS or a URL has it, without brackets; false for what is no address. */
  hasAddress(address: string): boolean
  /** A host name of the list, which allows whatever it resolves to. */
  hasName(hostname: string): boolean
}

type Cidr = [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number]

const wrong = (entry: string, what: string): Error =>
  new Error(
    `${JSON.stringify(entry)} ${what}. Give CIDRs such as 10.1.0.0/16 or fd00::/8, addresses, and host names such as chat.internal or *.internal`,
  )

/** DNS has no case, and a dot at the end changes nothing but how the name is searched. */
export const plainName = (hostname: string): string => hostname.toLowerCase().replace(/\.$/, '')

const cidrOf = (entry: string): Cidr => {
  const [address = '', bits, ...rest] = entry.split('/')
  const version = isIP(address)
  // The library would take 10/8 too, as 0.0.0.10, and 010.0.0.0 as 8.0.0.0.
  if (version === 0) throw wrong(entry, 'is no CIDR')
  const most = version === 4 ? 32 : 128
  if (rest.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
    throw wrong(entry, `is no CIDR: after the slash comes a number from 0 to ${most}`)
  const parsed = ipaddr.parse(address)
  // Mapped addresses are judged as the IPv4 that they mean, so this would never match.
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress())
    throw wrong(entry, 'is an IPv4 address in the form of IPv6: write it as IPv4')
  return [parsed, bits === undefined ? most : Number(bits)]
}

/** A name is taken only as a URL would write it: so no number slips in that a URL reads as an address. */
const nameOf = (entry: string): string => {
  const name = plainName(entry)
  const bare = name.replace(/^\*\./, '')
  if (!/^[\w-]+(\.[\w-]+)*$/.test(bare) || URL.parse(`http://${bare}/`)?.hostname !== bare)
    throw wrong(entry, 'is neither a CIDR nor a host name')
  return name
}

const isCidr = (entry: string): boolean => entry.includes('/') || isIP(entry) !== 0

const parse = (entries: readonly string[]): AllowList => {
  const cidrs = entries.filter(isCidr).map(cidrOf)
  const names = entries.filter((entry) => !isCidr(entry)).map(nameOf)
  const exact = new Set(names.filter((name) => !name.startsWith('*.')))
  const suffixes = names.filter((name) => name.startsWith('*.')).map((name) => name.slice(1))
  return {
    hasAddress(address) {
      if (isIP(address) === 0) return false
      const parsed = ipaddr.process(address)
      return cidrs.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
    },
    hasName(hostname) {
      const name = plainName(hostname)
      return exact.has(name) || suffixes.some((suffix) => name.endsWith(suffix) && name !== suffix)
    },
  }
}

/**
 * CIDRs, single addresses, host names, and `*.` before a host name for all names below it (not itself).
 * @throws Error that names the setting, the first entry that is none of these, and what to write
 */
export const parseAllowList = (entries: readonly string[], setting: string = ALLOW_SETTING): AllowList => {
  try {
    return parse(entries)
  } catch (cause) {
    throw new Error(`${setting}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
