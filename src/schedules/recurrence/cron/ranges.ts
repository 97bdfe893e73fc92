import { closestMatch } from 'leven'
import type { Text, YeyakError } from '../../../platform/errors.ts'
import { shown } from '../refusal.ts'
import { type FieldKind, fieldOf, type MonthDays, type Range, type WeekDays } from './fields.ts'

/** Makes the errors of a field; `mended` is what to write for the whole field. */
export interface Faults {
  refuse(message: Text, mended?: string): YeyakError
  unbounded(message: Text): YeyakError
}

/** No value is as large; what is meant to exhaust a program is. */
const HUGE = /\d{5}/

/** Reads a list of ranges. */
export function readRanges(text: string, kind: FieldKind, faults: Faults): Range[] {
  return text.split(',').map((part) => readRange(part, text, kind, faults))
}

export function readMonthDays(text: string, kind: FieldKind, faults: Faults): MonthDays {
  const ranges: Range[] = []
  const beforeLast: number[] = []
  const nearestWeekday: number[] = []
  let lastWeekday = false
  for (const part of text.split(',')) {
    const last = /^L(?:-(\d{1,2}))?$/i.exec(part)
    const nearest = /^(\d{1,2})W$/i.exec(part)
    if (/^(?:LW|WL)$/i.test(part)) lastWeekday = true
    else if (last !== null) beforeLast.push(within(Number(last[1] ?? 0), 0, 30, part, kind, faults))
    else if (nearest !== null) nearestWeekday.push(within(Number(nearest[1]), 1, 31, part, kind, faults))
    else if (/^L-\d+W$/i.test(part)) refusePart(part, text, kind, faults)
    else ranges.push(readRange(part, text, kind, faults))
  }
  return { ...fieldOf(ranges), beforeLast, nearestWeekday, lastWeekday }
}

export function readWeekDays(text: string, kind: FieldKind, faults: Faults): WeekDays {
  const ranges: Range[] = []
  const nth: { day: number; n: number }[] = []
  const last: number[] = []
  for (const part of text.split(',')) {
    const numbered = /^(\w+)#(\d+)$/.exec(part)
    const isLast = /^(\d|SUN|MON|TUE|WED|THU|FRI|SAT)L$/i.exec(part)
    if (part.toUpperCase() === 'L') {
      throw faults.refuse(
        {
          en: 'L alone says which week, but not which day of it: FRIL is the last Friday of the month.',
          ko: 'L만으로는 요일을 알 수 없습니다. FRIL은 그 달의 마지막 금요일입니다.',
        },
        replaced(text, part, 'SAT'),
      )
    }
    const fromEnd = /^(\d|SUN|MON|TUE|WED|THU|FRI|SAT)#(?:-\d+|L)$/i.exec(part)
    if (fromEnd !== null) {
      const mended = `${fromEnd[1]?.toUpperCase()}L`
      throw faults.refuse(
        {
          en: `${shown(part)} is not taken. ${mended} is the last such day of the month.`,
          ko: `${shown(part)}은(는) 쓸 수 없습니다. 그 달의 마지막 요일은 ${mended}로 씁니다.`,
        },
        replaced(text, part, mended),
      )
    }
    if (numbered !== null) {
      const day = readValue(numbered[1] ?? '', text, kind, faults) % 7
      nth.push({ day, n: within(Number(numbered[2]), 1, 5, part, kind, faults) })
    } else if (isLast !== null) last.push(readValue(isLast[1] ?? '', text, kind, faults) % 7)
    else ranges.push(readRange(part, text, kind, faults))
  }
  const { values, ...field } = fieldOf(ranges)
  return { ...field, values: [...new Set(values.map((day) => day % 7))].sort((a, b) => a - b), nth, last }
}

function readRange(part: string, text: string, kind: FieldKind, faults: Faults): Range {
  const [, from = '', to, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/([^-/]+))?$/.exec(part) ?? []
  if (from === '') return refusePart(part, text, kind, faults)
  const isStar = from === '*' || from === '?'
  if (isStar && to !== undefined) return refusePart(part, text, kind, faults)
  const first = isStar ? kind.min : readValue(from, text, kind, faults)
  // 5/15 is 5-59/15, as in Quartz and Go; crontab(5) does not take it. A star for the weekday is Sunday to Saturday.
  const lastOfAll = kind.max === 7 ? 6 : kind.max
  const open = isStar || (step !== undefined && to === undefined)
  const last =
    to === undefined ? (open ? Math.max(first, lastOfAll) : first) : readValue(to, text, kind, faults)
  if (last < first) return refuseReversed(part, first, last, step, text, kind, faults)
  return {
    from: first,
    to: last,
    step: step === undefined ? 1 : readStep(step, part, text, kind, faults),
    isStar,
  }
}

function readStep(step: string, part: string, text: string, kind: FieldKind, faults: Faults): number {
  const size = (kind.max === 7 ? 6 : kind.max) - kind.min + 1
  if (HUGE.test(step)) throw faults.unbounded(tooLarge(step))
  if (!/^\d+$/.test(step) || Number(step) === 0) {
    throw faults.refuse(
      {
        en: `The step of ${shown(part)} is a whole number from 1.`,
        ko: `${shown(part)}의 간격은 1 이상의 정수여야 합니다.`,
      },
      replaced(text, part, `${part.slice(0, part.indexOf('/'))}/1`),
    )
  }
  if (Number(step) <= size) return Number(step)
  throw faults.refuse(
    {
      en: `Steps begin again with each round of a field, and the field for the ${kind.name.en} has only ${size} values: ${shown(part)} would run once a round. Use a wider field, or an rrule with INTERVAL.`,
      ko: `간격은 필드가 한 바퀴 돌 때마다 다시 시작하며, ${kind.name.ko} 필드에는 값이 ${size}개뿐입니다. ${shown(part)}은(는) 한 바퀴에 한 번만 실행됩니다. 더 큰 단위의 필드나 rrule의 INTERVAL을 써야 합니다.`,
    },
    replaced(text, part, `${part.slice(0, part.indexOf('/'))}/${size}`),
  )
}

function readValue(value: string, text: string, kind: FieldKind, faults: Faults): number {
  if (HUGE.test(value)) throw faults.unbounded(tooLarge(value))
  if (/^\d+$/.test(value)) {
    const number = Number(value)
    if (number >= kind.min && number <= kind.max) return number
    const near = Math.min(Math.max(number, kind.min), kind.max)
    throw faults.refuse(outside(value, kind), replaced(text, value, String(near)))
  }
  const index = kind.names.indexOf(value.toUpperCase())
  if (index !== -1) return kind.min + index
  return refuseName(value, text, kind, faults)
}

function within(
  value: number,
  min: number,
  max: number,
  part: string,
  kind: FieldKind,
  faults: Faults,
): number {
  if (value >= min && value <= max) return value
  throw faults.refuse({
    en: `The number in ${part} for the ${kind.name.en} is ${min} to ${max}.`,
    ko: `${kind.name.ko} 필드의 ${part}에 쓸 수 있는 수는 ${min}부터 ${max}까지입니다.`,
  })
}

function refuseName(value: string, text: string, kind: FieldKind, faults: Faults): never {
  const near =
    value.length > 12
      ? undefined
      : (kind.names.find((name) => value.toUpperCase().startsWith(name)) ??
        closestMatch(value.toUpperCase(), [...kind.names], { maxDistance: 1 }))
  throw faults.refuse(
    {
      en: `There is no ${kind.name.en} ${shown(value)}.${near === undefined ? ` ${allowed(kind).en}` : ` Did you mean ${near}?`}`,
      ko: `${kind.name.ko} 필드에 ${shown(value)}은(는) 없습니다.${near === undefined ? ` ${allowed(kind).ko}` : ` ${near}을(를) 쓰려고 했나요?`}`,
    },
    near === undefined ? undefined : replaced(text, value, near),
  )
}

function refusePart(part: string, text: string, kind: FieldKind, faults: Faults): never {
  if (HUGE.test(part)) throw faults.unbounded(tooLarge(part))
  const tidy = text
    .replaceAll(/--+/g, '-')
    .replaceAll(/,,+/g, ',')
    .replaceAll(/^,|,$/g, '')
    .replaceAll(/\*+/g, '*')
  throw faults.refuse(
    {
      en:
        part === ''
          ? `A part of the field for the ${kind.name.en} is empty.`
          : `${shown(part)} cannot be read as a ${kind.name.en}. ${allowed(kind).en}`,
      ko:
        part === ''
          ? `${kind.name.ko} 필드에 빈 값이 있습니다.`
          : `${shown(part)}은(는) ${kind.name.ko} 필드로 읽을 수 없습니다. ${allowed(kind).ko}`,
    },
    tidy === text || tidy === '' ? undefined : tidy,
  )
}

/** `22-2` as `22-23,0-2`. */
function refuseReversed(
  part: string,
  first: number,
  last: number,
  step: string | undefined,
  text: string,
  kind: FieldKind,
  faults: Faults,
): never {
  const lastOfAll = kind.max === 7 ? 6 : kind.max
  const name = (n: number): string => kind.names[n - kind.min] ?? String(n)
  const range = (from: number, to: number): string => (from === to ? name(from) : `${name(from)}-${name(to)}`)
  // Sunday as 7 begins the week just as well.
  const two =
    first > lastOfAll ? range(kind.min, last) : `${range(first, lastOfAll)},${range(kind.min, last)}`
  throw faults.refuse(
    {
      en: `The range ${part} for the ${kind.name.en} ends before it begins: write it as two ranges.`,
      ko: `${kind.name.ko} 필드의 범위 ${part}은(는) 끝이 시작보다 앞섭니다. 두 범위로 나누어 써야 합니다.`,
    },
    step === undefined ? replaced(text, part, two) : undefined,
  )
}

function outside(value: string, kind: FieldKind): Text {
  const { en, ko } = allowed(kind)
  return {
    en: `${value} is outside the field for the ${kind.name.en}. ${en}`,
    ko: `${value}은(는) ${kind.name.ko} 필드의 범위를 벗어납니다. ${ko}`,
  }
}

function allowed(kind: FieldKind): Text {
  const names = kind.names.length === 0 ? '' : ` (${kind.names[0]}-${kind.names[kind.names.length - 1]})`
  return {
    en: `It takes ${kind.min} to ${kind.max}${names}, *, lists, ranges and steps.`,
    ko: `${kind.min}부터 ${kind.max}까지${names}의 값, *, 목록, 범위, 간격을 쓸 수 있습니다.`,
  }
}

function tooLarge(text: string): Text {
  return {
    en: `${shown(text)} would expand without bound: no field has values of five digits.`,
    ko: `${shown(text)}은(는) 한없이 펼쳐집니다. 다섯 자리 값을 가진 필드는 없습니다.`,
  }
}

/** The field with one of its parts exchanged. */
function replaced(text: string, part: string, mended: string): string {
  return text.replace(part, () => mended)
}
