import { closestMatch } from 'leven'
import { refusal } from './refusal.ts'

/** Where an abbreviation is mostly used. It stands for a suggestion only: many have several meanings. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  KST: 'Asia/Seoul',
  KDT: 'Asia/Seoul',
  JST: 'Asia/Tokyo',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  CST6CDT: 'America/Chicago',
  CT: 'America/Chicago',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  EST5EDT: 'America/New_York',
  ET: 'America/New_York',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  MST7MDT: 'America/Denver',
  MT: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  PST8PDT: 'America/Los_Angeles',
  PT: 'America/Los_Angeles',
  AKST: 'America/Anchorage',
  AKDT: 'America/Anchorage',
  HST: 'Pacific/Honolulu',
  AST: 'America/Halifax',
  ADT: 'America/Halifax',
  NST: 'America/St_Johns',
  BRT: 'America/Sao_Paulo',
  ART: 'America/Argentina/Buenos_Aires',
  CET: 'Europe/Paris',
  CEST: 'Europe/Paris',
  MET: 'Europe/Paris',
  MEZ: 'Europe/Berlin',
  MESZ: 'Europe/Berlin',
  EET: 'Europe/Helsinki',
  EEST: 'Europe/Helsinki',
  WET: 'Europe/Lisbon',
  WEST: 'Europe/Lisbon',
  BST: 'Europe/London',
  MSK: 'Europe/Moscow',
  TRT: 'Europe/Istanbul',
  SAST: 'Africa/Johannesburg',
  GST: 'Asia/Dubai',
  PKT: 'Asia/Karachi',
  IST: 'Asia/Kolkata',
  ICT: 'Asia/Bangkok',
  WIB: 'Asia/Jakarta',
  HKT: 'Asia/Hong_Kong',
  SGT: 'Asia/Singapore',
  AWST: 'Australia/Perth',
  ACST: 'Australia/Adelaide',
  ACDT: 'Australia/Adelaide',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
  NZST: 'Pacific/Auckland',
  NZDT: 'Pacific/Auckland',
  Z: 'UTC',
}
/** Names in use that the runtime's list leaves out, as it has the older link in their place. */
const NEWER_NAMES = [
  'UTC',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'America/Argentina/Buenos_Aires',
  'America/Nuuk',
  'Europe/Kyiv',
  'Pacific/Kanton',
]
/** Places that people look for and IANA has under another name. */
const OTHER_PLACES: Readonly<Record<string, string>> = {
  beijing: 'Asia/Shanghai',
  busan: 'Asia/Seoul',
  central: 'America/Chicago',
  delhi: 'Asia/Kolkata',
  eastern: 'America/New_York',
  hanoi: 'Asia/Ho_Chi_Minh',
  korea: 'Asia/Seoul',
  mountain: 'America/Denver',
  mumbai: 'Asia/Kolkata',
  osaka: 'Asia/Tokyo',
  pacific: 'America/Los_Angeles',
  san_francisco: 'America/Los_Angeles',
  seattle: 'America/Los_Angeles',
  washington: 'America/New_York',
}
/** Distances grow with the product of the lengths; no zone's name is longer than 32 characters. */
const MAX_COMPARED = 40

/** By the full name and by the last part, both in small letters. Filled on the first wrong name. */
let candidates: Map<string, string> | undefined

/** Explains why the name is not a zone. */
export function refuseZone(name: string, path: string): never {
  const offset = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?$/i.exec(name)
  if (offset !== null) {
    const [, sign, hours = '', minutes = '00'] = offset
    const real = Number(hours) <= 23 && Number(minutes) <= 59
    throw refusal(
      'unknown-time-zone',
      path,
      {
        en: 'An offset is not a time zone: use an IANA name, or write an instant with the offset in it.',
        ko: '오프셋은 시간대가 아닙니다. IANA 이름을 쓰거나, 오프셋을 넣은 시각을 문자열로 써야 합니다.',
      },
      real ? `Asia/Seoul | 2026-12-01T09:00:00${sign}${hours.padStart(2, '0')}:${minutes}` : 'Asia/Seoul',
    )
  }
  const usual = Object.hasOwn(ABBREVIATIONS, name.toUpperCase())
    ? ABBREVIATIONS[name.toUpperCase()]
    : undefined
  if (usual !== undefined) {
    throw refusal(
      'unknown-time-zone',
      path,
      {
        en: `Abbreviations are not taken, as many mean several zones or only half of the year. Did you mean ${usual}?`,
        ko: `여러 시간대를 뜻하거나 일 년의 절반만 맞는 경우가 많아 약어는 쓸 수 없습니다. ${usual}을(를) 쓰려고 했나요?`,
      },
      usual,
    )
  }
  const near = nearest(name)
  throw refusal(
    'unknown-time-zone',
    path,
    {
      en: `There is no such time zone.${near === undefined ? ' Use an IANA name such as Asia/Seoul.' : ` Did you mean ${near}?`}`,
      ko: `없는 시간대입니다.${near === undefined ? ' Asia/Seoul과 같은 IANA 이름을 써야 합니다.' : ` ${near}을(를) 쓰려고 했나요?`}`,
    },
    near,
  )
}

function nearest(name: string): string | undefined {
  const wanted = name.trim().toLowerCase().replaceAll(/[ -]/g, '_')
  if (wanted === '' || wanted.length > MAX_COMPARED) return undefined
  candidates ??= readCandidates()
  const maxDistance = Math.max(1, Math.floor(wanted.length / 4))
  const match = closestMatch(wanted, [...candidates.keys()], { maxDistance }) ?? lastPart(wanted)
  return candidates.get(match)
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function readCandidates(): Map<string, string> {
  const map = new Map(Object.entries(OTHER_PLACES))
  for (const zone of [...NEWER_NAMES, ...Intl.supportedValuesOf('timeZone')]) {
    const lower = zone.toLowerCase().replaceAll('-', '_')
    map.set(lower, zone)
    const city = lastPart(lower)
    if (!map.has(city)) map.set(city, zone)
  }
  return map
}
