import { Temporal } from 'temporal-polyfill'
import { calendarFault, fractionMs, isFinerThanMs } from './calendar.ts'
import type { Moment } from './instant.ts'
import { MAX_TEXT_LENGTH, member, refusal, refuseLength } from './refusal.ts'
import { timeZoneNamed } from './zone.ts'

const DISAMBIGUATIONS = ['reject', 'earlier', 'later'] as const
type Disambiguation = (typeof DISAMBIGUATIONS)[number]

export interface LocalMoment extends Moment {
  /** In IANA's spelling. */
  zone: string
  zoneAsGiven: string
  /** Set where clocks change at this local time: in a gap it does not exist, in an overlap it exists twice. */
  change?: { kind: 'gap' | 'overlap'; taken: 'earlier' | 'later'; otherMs: number }
}

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,30}))?)?$/
const WITH_OFFSET = /^(.{10}[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:Z|[+-]\d\d(?::?\d\d)?)$/i

/** Resolves the wall-clock time of a zone. In a gap or an overlap `reject` throws, with both instants. */
export function readLocal(
  input: { local: unknown; timeZone: unknown; disambiguation: unknown },
  path: string,
): LocalMoment {
  const local = readWallClock(input.local, member(path, 'local'))
  const zoneAsGiven = readZone(input.timeZone, path, local.text)
  const zone = timeZoneNamed(zoneAsGiven, member(path, 'timeZone'))
  const disambiguation = readDisambiguation(input.disambiguation, member(path, 'disambiguation'))
  const { roundedUp } = local
  const earlier = local.wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = local.wall.toZonedDateTime(zone, { disambiguation: 'later' })
  // The millisecond is added after resolving: rounded up first, the last moment before a gap would fall into it.
  const extraMs = roundedUp ? 1 : 0
  const earlierMs = earlier.epochMilliseconds + extraMs
  const laterMs = later.epochMilliseconds + extraMs
  if (earlierMs === laterMs) return { epochMs: earlierMs, roundedUp, zone, zoneAsGiven }
  const kind = earlier.toPlainDateTime().equals(local.wall) ? 'overlap' : 'gap'
  if (disambiguation === 'reject') return refuseChange(kind, earlierMs, laterMs, path)
  const [epochMs, otherMs] = disambiguation === 'earlier' ? [earlierMs, laterMs] : [laterMs, earlierMs]
  return { epochMs, roundedUp, zone, zoneAsGiven, change: { kind, taken: disambiguation, otherMs } }
}

function readWallClock(value: unknown, path: string) {
  if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) refuseLength(path)
  const match = typeof value === 'string' ? LOCAL.exec(value) : null
  if (typeof value !== 'string' || match === null) return refuseLocal(value, path)
  const [, year, month, day, hour, minute, second = '0', fraction] = match
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  }
  const wrong = calendarFault(wall)
  if (wrong !== undefined) throw refusal('invalid-request', path, wrong.message, wrong.mended)
  const roundedUp = isFinerThanMs(fraction)
  const ms = fractionMs(fraction) - (roundedUp ? 1 : 0)
  return {
    text: value,
    roundedUp,
    wall: new Temporal.PlainDateTime(
      wall.year,
      wall.month,
      wall.day,
      wall.hour,
      wall.minute,
      wall.second,
      ms,
    ),
  }
}

function refuseLocal(value: unknown, path: string): never {
  const withOffset = typeof value === 'string' ? WITH_OFFSET.exec(value.trim()) : null
  if (withOffset !== null) {
    throw refusal(
      'invalid-request',
      path,
      {
        en: 'A local time has no offset: its zone says which one holds. Leave it out, or give the instant as a plain string instead of this object.',
        ko: '현지 시각에는 오프셋을 쓸 수 없습니다. 오프셋은 시간대로 정해집니다. 오프셋을 빼거나, 이 객체 대신 시각을 문자열로 써야 합니다.',
      },
      withOffset[1],
    )
  }
  const loose =
    typeof value === 'string' ? /^(\d{4}-\d\d-\d\d)(?:\s+(\d\d:\d\d(?::\d\d)?))?$/.exec(value.trim()) : null
  throw refusal(
    'invalid-request',
    path,
    {
      en: 'A local time is written YYYY-MM-DDTHH:MM, with seconds and a fraction where needed.',
      ko: '현지 시각은 YYYY-MM-DDTHH:MM 형식으로 쓰며, 필요하면 초와 소수를 붙일 수 있습니다.',
    },
    loose === null ? '2026-12-01T09:00' : `${loose[1]}T${loose[2] ?? '09:00'}`,
  )
}

function readZone(value: unknown, path: string, local: string): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) {
    throw refusal(
      'ambiguous-time',
      path,
      {
        en: 'A local time needs its timeZone: it is another instant in each zone.',
        ko: '현지 시각에는 timeZone이 필요합니다. 시간대마다 다른 순간이 됩니다.',
      },
      JSON.stringify({ local, timeZone: 'Asia/Seoul' }),
    )
  }
  throw refusal(
    'invalid-request',
    member(path, 'timeZone'),
    {
      en: 'A time zone is a string, an IANA name.',
      ko: '시간대는 IANA 이름을 나타내는 문자열이어야 합니다.',
    },
    'Asia/Seoul',
  )
}

function readDisambiguation(value: unknown, path: string): Disambiguation {
  const found = DISAMBIGUATIONS.find((name) => name === (value ?? 'reject'))
  if (found !== undefined) return found
  const message = {
    en: 'disambiguation is "reject", "earlier" or "later".',
    ko: 'disambiguation은 "reject", "earlier", "later" 중 하나여야 합니다.',
  }
  // Temporal's own default does what most people expect of it: later in a gap, earlier in an overlap.
  throw refusal('invalid-request', path, message, value === 'compatible' ? 'earlier | later' : 'reject')
}

function refuseChange(kind: 'gap' | 'overlap', earlierMs: number, laterMs: number, path: string): never {
  const candidates = [new Date(earlierMs).toISOString(), new Date(laterMs).toISOString()]
  throw refusal(
    'ambiguous-local-time',
    path,
    kind === 'gap'
      ? {
          en: 'Clocks are put forward over this local time, so it does not exist. Send one of the candidates, or disambiguation "earlier" or "later".',
          ko: '시계를 앞당기는 때여서 없는 현지 시각입니다. candidates 중 하나를 보내거나 disambiguation을 "earlier" 또는 "later"로 지정해야 합니다.',
        }
      : {
          en: 'Clocks are put back over this local time, so it comes twice. Send one of the candidates, or disambiguation "earlier" or "later".',
          ko: '시계를 늦추는 때여서 두 번 있는 현지 시각입니다. candidates 중 하나를 보내거나 disambiguation을 "earlier" 또는 "later"로 지정해야 합니다.',
        },
    candidates.join(' | '),
    { candidates },
  )
}
