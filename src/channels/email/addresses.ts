import addressparser from 'nodemailer/lib/addressparser'
import { domainToASCII } from 'node:url'
import type { Text } from '../../platform/errors.ts'
import { CONTROLS_TEXT, hasControls } from './faults.ts'

export interface Mailbox {
  /** Empty where there is none. */
  name: string
  /** The domain in ASCII, so that every server can be told it; the part before the `@` as it was given. */
  address: string
}

export type ParsedAddress = { mailbox: Mailbox } | { wrong: Text; suggestion?: string }

const NO_ADDRESS: Text = {
  en: 'is not an e-mail address: write name@example.com or Name <name@example.com>',
  ko: '이메일 주소가 아닙니다. name@example.com 또는 이름 <name@example.com> 형식으로 써야 합니다.',
}
const SEVERAL: Text = {
  en: 'has several addresses in one text: write an array',
  ko: '한 문자열에 주소가 여러 개 있습니다. 배열로 써야 합니다.',
}
const LONG_NAME: Text = {
  en: 'has a name of more than 320 characters',
  ko: '이름이 320자를 넘습니다.',
}
const UNQUOTED: Text = {
  en: 'has a name that needs quotes: write "Name" <name@example.com>',
  ko: '이름에 따옴표가 필요합니다. "이름" <name@example.com> 형식으로 써야 합니다.',
}

/** Letters, digits and signs of any script, but nothing that is blank or cannot be seen (RFC 5321, RFC 6531). */
const ATOM = /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\u0000-\u007f\p{C}\p{Z}])+$/u
const DOMAIN = /^(?:[A-Za-z0-9.-]|[^\u0000-\u007f\p{C}\p{Z}])+$/u
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/u
const MOST = { localBytes: 64, domain: 253, addressBytes: 254, name: 320 } as const

/** One address and no more. nodemailer's parser reads what others would; where it sees something else, it is refused. */
export const parseAddress = (text: string): ParsedAddress => {
  if (hasControls(text)) return { wrong: CONTROLS_TEXT }
  const trimmed = text.trim()
  if (trimmed !== text) return { wrong: NO_ADDRESS, ...(trimmed !== '' && { suggestion: trimmed }) }
  const { label, given } = split(text)
  const read = addressparser(text)
  const address = given === null ? null : toAscii(given)
  const [first] = read
  if (read.length > 1) return several(text)
  const isGroup = first === undefined || first.group !== undefined
  if (isGroup && label !== '' && address !== null)
    return { wrong: UNQUOTED, suggestion: quoted(label, address) }
  if (isGroup || address === null || first.address !== given) return { wrong: NO_ADDRESS }
  const name = nameOf(label)
  if (name === null) return { wrong: UNQUOTED }
  return name.length > MOST.name ? { wrong: LONG_NAME } : { mailbox: { name, address } }
}

const quoted = (name: string, address: string): string =>
  `"${name.replace(/["\\]/g, String.raw`\$&`)}" <${address}>`

/** What stands before `<…>`, and what in it; null where the text has no such form. */
const split = (text: string): { label: string; given: string | null } => {
  const open = text.lastIndexOf('<')
  if (open === -1) return { label: '', given: text }
  return { label: text.slice(0, open).trim(), given: text.endsWith('>') ? text.slice(open + 1, -1) : null }
}

const several = (text: string): ParsedAddress => {
  const parts = text.split(/[,;]/).map((part) => part.trim())
  const isList = parts.every((part) => part.includes('@'))
  return { wrong: SEVERAL, ...(isList && { suggestion: JSON.stringify(parts) }) }
}

const nameOf = (label: string): string | null => {
  if (!/["<>]/.test(label)) return label
  const inner = QUOTED.exec(label)?.[1]
  return inner === undefined ? null : inner.replace(/\\(.)/gu, '$1')
}

/** Null where it is no address. Quoted local parts and `[1.2.3.4]` are: nobody has one, and they hide tricks. */
const toAscii = (address: string): string | null => {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = asciiDomain(address.slice(at + 1))
  const isLocal = at > 0 && Buffer.byteLength(local) <= MOST.localBytes
  if (!isLocal || domain === null || !local.split('.').every((atom) => ATOM.test(atom))) return null
  const ascii = `${local}@${domain}`
  return Buffer.byteLength(ascii) <= MOST.addressBytes ? ascii : null
}

const asciiDomain = (domain: string): string | null => {
  // domainToASCII reads like a browser's address bar: it would stop at "/", and take "1" for 0.0.0.1.
  if (!DOMAIN.test(domain)) return null
  const ascii = domainToASCII(domain)
  const labels = ascii.split('.')
  const isName = labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
  return isName && ascii.length <= MOST.domain ? ascii : null
}
