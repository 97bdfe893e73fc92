import { refusal, shown, unbounded } from '../refusal.ts'
import {
  type CronFields,
  DAY_OF_MONTH,
  DAY_OF_WEEK,
  type Field,
  fieldOf,
  HOUR,
  MINUTE,
  MONTH,
  SECOND,
} from './fields.ts'
import { MACROS, PATH } from './macros.ts'
import { refuseCount, refuseMacro, refuseZone } from './mend.ts'
import { type Faults, readMonthDays, readRanges, readWeekDays } from './ranges.ts'

/** All values of all fields, written out, are some 600 characters. */
const MAX_LENGTH = 1000

/** Reads a cron expression of five fields, of six with the second first, or a name such as `@daily`. */
export function parseCron(text: string): CronFields {
  if (text.length > MAX_LENGTH) {
    throw unbounded(PATH, {
      en: `This is longer than ${MAX_LENGTH} characters, which no cron expression has to be.`,
      ko: `${MAX_LENGTH}자보다 깁니다. cron 표현식은 그렇게 길 수 없습니다.`,
    })
  }
  const trimmed = text.trim()
  if (trimmed.startsWith('@')) {
    const known = Object.hasOwn(MACROS, trimmed.toLowerCase()) ? MACROS[trimmed.toLowerCase()] : undefined
    return parseFields((known ?? refuseMacro(trimmed)).split(' '))
  }
  if (/^(?:CRON_)?TZ=/i.test(trimmed)) return refuseZone(trimmed)
  const parts = trimmed === '' ? [] : trimmed.split(/\s+/)
  if (parts.length !== 5 && parts.length !== 6) return refuseCount(parts)
  return parseFields(parts)
}

function parseFields(parts: readonly string[]): CronFields {
  const hasSeconds = parts.length === 6
  const read = <Read>(index: number, reader: (text: string, faults: Faults) => Read): Read => {
    const place = hasSeconds ? index : index - 1
    const text = parts[place] ?? ''
    return reader(text, {
      refuse: (message, mended) => refusal(PATH, message, mendedWith(parts, place, mended)),
      unbounded: (message) => unbounded(PATH, message),
    })
  }
  const plain = (index: number, kind: typeof MINUTE): Field =>
    read(index, (text, faults) => fieldOf(readRanges(text, kind, faults)))
  return {
    hasSeconds,
    second: hasSeconds ? plain(0, SECOND) : fieldOf([{ from: 0, to: 0, step: 1, isStar: false }]),
    minute: plain(1, MINUTE),
    hour: plain(2, HOUR),
    monthDay: read(3, (text, faults) => readMonthDays(text, DAY_OF_MONTH, faults)),
    month: plain(4, MONTH),
    weekDay: read(5, (text, faults) => readWeekDays(text, DAY_OF_WEEK, faults)),
  }
}

/** The whole expression, so that it can be taken over as it is. */
function mendedWith(parts: readonly string[], place: number, mended: string | undefined): string | undefined {
  if (mended === undefined) return undefined
  return shown(parts.map((part, i) => (i === place ? mended : part)).join(' '))
}
