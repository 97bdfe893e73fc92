import { calendarFault, formatWallClock, type WallClock } from './calendar.ts'
import { delayFor } from './delay-mend.ts'
import { EXAMPLES, refusal } from './refusal.ts'

/** What people write for a date and time. Used only to explain a refusal, never to accept anything. */
const LOOSE =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[Tt ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,80}))?)?)?(?: ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?(?:\[([^\]]{1,60})\])?$/i

/** Explains why the text is not an instant. */
export function refuseInstant(text: string, path: string): never {
  const trimmed = text.trim()
  const match = LOOSE.exec(trimmed)
  if (match !== null) return refuseLoose(match, path)
  const delay = delayFor(trimmed)
  if (delay !== undefined) return refuseBareDelay(delay, path)
  throw refusal(
    'invalid-request',
    path,
    {
      en: 'This is not a time: an RFC 3339 instant with seconds and offset is needed, or an object with delay or local.',
      ko: '시각으로 읽을 수 없습니다. 초와 오프셋이 있는 RFC 3339 시각이나, delay 또는 local을 가진 객체가 필요합니다.',
    },
    EXAMPLES,
  )
}

/** A delay that was not wrapped: `"10s"` or `10` instead of `{"delay":"10s"}`. */
export function refuseBareDelay(delay: string | number, path: string): never {
  throw refusal(
    'invalid-request',
    path,
    {
      en: 'A delay goes into an object, so that it cannot be taken for a time.',
      ko: '지연 시간은 시각과 헷갈리지 않도록 객체에 넣어야 합니다.',
    },
    JSON.stringify({ delay }),
  )
}

/** A bare number: a delay in seconds, unless it can only be a time since 1970. */
export function refuseNumber(value: number, path: string): never {
  const sinceMs =
    value >= 1e9 && value < 1e10 ? value * 1000 : value >= 1e12 && value < 1e13 ? value : undefined
  if (sinceMs === undefined) {
    if (value >= 0 && value < 1e9) refuseBareDelay(value, path)
    return refuseInstant('', path)
  }
  throw refusal(
    'invalid-request',
    path,
    {
      en: 'A number since 1970 is not taken, as nobody can tell its unit: write an RFC 3339 instant.',
      ko: '1970년 이후 경과 시간을 나타내는 숫자는 단위를 알 수 없어 쓸 수 없습니다. RFC 3339 시각으로 써야 합니다.',
    },
    new Date(Math.ceil(sinceMs)).toISOString(),
  )
}

function refuseLoose(match: RegExpExecArray, path: string): never {
  const [, year, month, day, hour, minute, second, fraction, offset, zone] = match
  const wall: WallClock = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 9),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
  }
  const wrong = calendarFault(wall)
  const written = formatWallClock(wall) + (fraction === undefined ? '' : `.${fraction.slice(0, 9)}`)
  const good = wrong === undefined ? written : wrong.mended
  const forms = good === undefined ? undefined : rightForms(good, offset, zone)
  if (wrong !== undefined) throw refusal('invalid-request', path, wrong.message, forms)
  if (offset === undefined && zone === undefined) {
    throw refusal(
      'ambiguous-time',
      path,
      {
        en: `This ${hour === undefined ? 'date needs a time of day, and an' : 'time needs an'} offset or a time zone: it is another instant in each zone.`,
        ko: `${hour === undefined ? '날짜에는 시각과' : '시각에는'} 오프셋이나 시간대가 필요합니다. 시간대마다 다른 순간이 됩니다.`,
      },
      forms,
    )
  }
  throw refusal('invalid-request', path, notQuite(offset, zone), forms)
}

function notQuite(offset: string | undefined, zone: string | undefined) {
  if (offset !== undefined && normalOffset(offset) === undefined) {
    return {
      en: 'There is no such offset: its hours are 00 to 23, its minutes 00 to 59.',
      ko: '없는 오프셋입니다. 오프셋의 시는 00부터 23까지, 분은 00부터 59까지입니다.',
    }
  }
  if (zone !== undefined) {
    return {
      en: 'A time zone in brackets is not taken: it goes into an object, beside the local time.',
      ko: '대괄호로 쓴 시간대는 쓸 수 없습니다. 현지 시각과 함께 객체에 넣어야 합니다.',
    }
  }
  return {
    en: 'This is not quite RFC 3339: it needs T between date and time, two digits everywhere, seconds, at most 30 digits of fraction, and Z or an offset such as +09:00.',
    ko: 'RFC 3339 형식이 아닙니다. 날짜와 시각 사이의 T, 두 자리 숫자, 초, 30자리 이하의 소수, 그리고 Z 또는 +09:00과 같은 오프셋이 필요합니다.',
  }
}

/** The same time as it should have been written: one way where an offset or a zone is known, else both ways. */
function rightForms(wall: string, offset: string | undefined, zone: string | undefined): string | undefined {
  if (offset !== undefined) {
    const normal = normalOffset(offset)
    return normal === undefined ? undefined : wall + normal
  }
  const local = JSON.stringify({ local: wall, timeZone: zone ?? 'Asia/Seoul' })
  return zone === undefined ? `${wall}Z | ${local}` : local
}

function normalOffset(offset: string): string | undefined {
  if (!/^[+-]/.test(offset)) return 'Z'
  const hours = offset.slice(1, 3)
  const minutes = offset.slice(3).replace(':', '') || '00'
  return Number(hours) > 23 || Number(minutes) > 59 ? undefined : `${offset.charAt(0)}${hours}:${minutes}`
}
