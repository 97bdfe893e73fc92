import { refusal } from './refusal.ts'

const DAY_MS = 86_400_000
/**
 * What people write for units, in small letters; a capital M is taken for minutes, the nearer guess beside s and h.
 * Months and years stand for the days that are suggested in their place.
 */
const UNIT_NAMES: readonly [unitMs: number, ...names: string[]][] = [
  [1, 'ms', 'msec', 'msecs', 'millisecond', 'milliseconds', '밀리초'],
  [1000, 's', 'sec', 'secs', 'second', 'seconds', '초'],
  [60_000, 'm', 'min', 'mins', 'minute', 'minutes', '분'],
  [3_600_000, 'h', 'hr', 'hrs', 'hour', 'hours', '시간'],
  [DAY_MS, 'd', 'day', 'days', '일'],
  [7 * DAY_MS, 'w', 'wk', 'wks', 'week', 'weeks', '주'],
  [30 * DAY_MS, 'mo', 'mon', 'mos', 'month', 'months', '개월', '달'],
  [365 * DAY_MS, 'y', 'yr', 'yrs', 'year', 'years', '년'],
]
const UNITS = new Map(
  UNIT_NAMES.flatMap(([unitMs, ...names]) => names.map((name) => [name, unitMs] as const)),
)
const TOKENS = /^(?:\d+(?:[.,]\d+)? ?[a-z가-힣]+ ?)+$/
const TOKEN = /(\d+(?:[.,]\d+)?) ?([a-z가-힣]+)/g

interface Guess {
  totalMs: number
  /** Months or years are in it. */
  calendar: boolean
}

/** Explains why the text is not a delay. */
export function refuseDelay(text: string, path: string): never {
  const trimmed = text.trim()
  const unsigned = trimmed.replaceAll(/[+-]/g, '')
  const guess = guessOf(unsigned)
  const suggestion = (guess && shortForm(guess.totalMs)) ?? '10s'
  if (/^P?T?-/i.test(trimmed)) {
    throw refusal(
      'invalid-request',
      path,
      {
        en: 'A delay cannot be negative. For now, use 0.',
        ko: '지연 시간은 음수일 수 없습니다. 지금 바로 처리하려면 0을 써야 합니다.',
      },
      suggestion,
    )
  }
  if (guess?.calendar === true) {
    throw refusal(
      'invalid-request',
      path,
      {
        en: 'Months and years have no fixed length. Write days, or the date itself as {"local":…,"timeZone":…}.',
        ko: '개월과 년은 길이가 일정하지 않습니다. 일로 쓰거나, {"local":…,"timeZone":…}으로 날짜를 직접 써야 합니다.',
      },
      suggestion,
    )
  }
  throw refusal(
    'invalid-request',
    path,
    {
      en: 'This is not a delay: write a number of seconds, units from large to small as in 1w2d3h4m5s (a fraction on the last only), or an ISO 8601 duration such as PT10S.',
      ko: '지연 시간으로 읽을 수 없습니다. 초를 나타내는 숫자, 1w2d3h4m5s처럼 큰 단위부터 쓴 문자열(소수는 마지막 단위에만), 또는 PT10S와 같은 ISO 8601 기간으로 써야 합니다.',
    },
    suggestion,
  )
}

/** What to write for `delay` where a text that should have been a time looks like a delay; else undefined. */
export function delayFor(text: string): string | number | undefined {
  const unsigned = text.replaceAll(/[+-]/g, '')
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const guess = guessOf(unsigned)
  if (guess === undefined) return undefined
  // What is right but for the missing object is suggested as it was written.
  if (!guess.calendar && /^(?:P[\dTWDHMS]+|\d+[wdhms])$/.test(text)) return text
  return shortForm(guess.totalMs)
}

function guessOf(unsigned: string): Guess | undefined {
  const lower = unsigned.toLowerCase()
  if (/^\d+(?:\.\d+)?$/.test(lower)) return { totalMs: Number(lower) * 1000, calendar: false }
  if (lower.startsWith('p')) return guessOfIso(lower)
  if (!TOKENS.test(lower)) return undefined
  let totalMs = 0
  let calendar = false
  for (const [, amount, name] of lower.matchAll(TOKEN)) {
    const unitMs = UNITS.get(name ?? '')
    if (unitMs === undefined) return undefined
    totalMs += Number((amount ?? '').replace(',', '.')) * unitMs
    calendar ||= unitMs >= 30 * DAY_MS
  }
  return { totalMs, calendar }
}

/** In ISO 8601 an M before the T is months and one after it minutes. */
function guessOfIso(lower: string): Guess | undefined {
  const parts = /^p([\d.,ymwd]*)(?:t([\d.,hms]*))?$/.exec(lower)
  if (parts === null) return undefined
  const date = (parts[1] ?? '').replaceAll('m', 'mo')
  const guess = guessOf(date + (parts[2] ?? ''))
  return /\d$/.test(date) ? undefined : guess
}

/** `5400000` as `1h30m`; undefined where it is too large to be meant. */
function shortForm(totalMs: number): string | undefined {
  if (!(totalMs < 1e12)) return undefined
  let restMs = Math.ceil(totalMs)
  let text = ''
  for (const [unitMs, unit] of [
    [DAY_MS, 'd'],
    [3_600_000, 'h'],
    [60_000, 'm'],
  ] as const) {
    const amount = Math.floor(restMs / unitMs)
    restMs -= amount * unitMs
    if (amount > 0) text += `${amount}${unit}`
  }
  return restMs > 0 || text === '' ? `${text}${restMs / 1000}s` : text
}
