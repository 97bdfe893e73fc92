import { DAY_SECONDS, dayNumber, LAST_YEAR, monthLength } from '../civil.ts'
import { refusal, shown } from '../refusal.ts'
import type { Stamp } from './parts.ts'

const STAMP = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/i
const FIRST_YEAR = 1900

/** Reads `19970902T090000`, the same with `Z`, or `19970902`. */
export function readStamp(text: string, name: string): Stamp {
  const match = STAMP.exec(text)
  if (match === null) return refuseStamp(text, name)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= monthLength(year, month)
  // A leap second is taken for the one before it, as RFC 5545 says.
  if (!isReal || hour > 23 || minute > 59 || second > 60) return refuseStamp(text, name)
  if (year < FIRST_YEAR) {
    throw refusal('rrule', {
      en: `${name} is before the year ${FIRST_YEAR}: ${shown(text)}.`,
      ko: `${name}이(가) ${FIRST_YEAR}년보다 앞섭니다: ${shown(text)}.`,
    })
  }
  // Whoever writes 99991231T235959Z means for ever.
  const date = dayNumber(Math.min(year, LAST_YEAR + 1), month, day)
  const wall = date * DAY_SECONDS + hour * 3600 + minute * 60 + Math.min(second, 59)
  if (match[4] === undefined) return { wall, kind: 'date' }
  return { wall, kind: match[7] === '' ? 'local' : 'utc' }
}

/** ISO's and other people's spelling of the same. */
const LOOSE = /^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:\.\d+)?(Z?))?$/i

function refuseStamp(text: string, name: string): never {
  const loose = LOOSE.exec(text)
  const [, year, month, day, hour, minute, second = '00', utc = ''] = loose ?? []
  const mended =
    hour === undefined ? `${year}${month}${day}` : `${year}${month}${day}T${hour}${minute}${second}${utc}`
  const isMended = loose !== null && mended !== text.toUpperCase()
  throw refusal(
    'rrule',
    {
      en: `${name} ${shown(text)} is not a time of the calendar, written 20261201T090000, with Z for UTC, or 20261201.`,
      ko: `${name}의 ${shown(text)}은(는) 달력에 있는 시각이 아닙니다. 20261201T090000 형식으로 쓰고, UTC이면 Z를 붙이거나, 20261201처럼 날짜만 쓸 수 있습니다.`,
    },
    isMended ? mended : undefined,
  )
}
