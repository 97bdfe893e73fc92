import type { Text } from '../../platform/errors.ts'

/** Pieces of sentences that both kinds of rules are put into words with. */
const DAYS: readonly Text[] = [
  { en: 'Sunday', ko: '일요일' },
  { en: 'Monday', ko: '월요일' },
  { en: 'Tuesday', ko: '화요일' },
  { en: 'Wednesday', ko: '수요일' },
  { en: 'Thursday', ko: '목요일' },
  { en: 'Friday', ko: '금요일' },
  { en: 'Saturday', ko: '토요일' },
]
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const PLACES_KO = ['', '첫째', '둘째', '셋째', '넷째', '다섯째']

const two = (n: number): string => String(n).padStart(2, '0')

/** `a, b and c`. */
export function listed(items: readonly Text[], last: Text = { en: ' and ', ko: ', ' }): Text {
  const join = (language: 'en' | 'ko'): string => {
    const texts = items.map((item) => item[language])
    const end = texts.pop() ?? ''
    return texts.length === 0 ? end : `${texts.join(', ')}${last[language]}${end}`
  }
  return { en: join('en'), ko: join('ko') }
}

/** Rising numbers, three or more in a row as a range, each put into words by `say`. */
export function ranges(values: readonly number[], say: (value: number) => Text): Text {
  const items: Text[] = []
  for (let i = 0; i < values.length;) {
    const from = values[i] ?? 0
    let size = 1
    while (values[i + size] === from + size) size++
    if (size < 3) size = 1
    const [first, last] = [say(from), say(from + size - 1)]
    items.push(size === 1 ? first : { en: `${first.en} to ${last.en}`, ko: `${first.ko}부터 ${last.ko}까지` })
    i += size
  }
  return listed(items)
}

export const plain =
  (unit: string) =>
  (value: number): Text => ({ en: String(value), ko: `${value}${unit}` })

/** Monday to Friday reads better than Friday, Monday, …: Sunday comes last unless all that is there begins with it. */
export function weekdays(values: readonly number[]): Text {
  const sorted = values.map((day) => (day === 0 && values.includes(6) ? 7 : day)).sort((a, b) => a - b)
  return ranges(sorted, (day) => weekdayName(day % 7))
}

export function weekdayName(day: number): Text {
  return DAYS[day] ?? { en: '', ko: '' }
}

export function months(values: readonly number[]): Text {
  const names = ranges(values, (month) => ({ en: MONTHS[month - 1] ?? '', ko: `${month}월` }))
  return { en: `in ${names.en}`, ko: names.ko }
}

/** `the 2nd`, `the last`, `the 2nd last`; of more than five, in Korean by number. */
export function place(n: number): Text {
  const size = Math.abs(n)
  const ko = PLACES_KO[size] ?? `${size}번째`
  if (n > 0) return { en: `the ${ordinal(size)}`, ko }
  return size === 1
    ? { en: 'the last', ko: '마지막' }
    : { en: `the ${ordinal(size)} last`, ko: `끝에서 ${ko}` }
}

function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}

const MAX_TIMES = 8

/** `at 09:00 and 18:00`; undefined where they are too many to be listed. */
export function times(
  hours: readonly number[],
  minutes: readonly number[],
  seconds: readonly number[],
): Text | undefined {
  if (hours.length * minutes.length * seconds.length > MAX_TIMES) return undefined
  const hasSeconds = seconds.some((second) => second !== 0)
  const all = hours.flatMap((hour) =>
    minutes.flatMap((minute) =>
      seconds.map((second) => `${two(hour)}:${two(minute)}${hasSeconds ? `:${two(second)}` : ''}`),
    ),
  )
  const list = listed(all.map((time) => ({ en: time, ko: time })))
  return { en: `at ${list.en}`, ko: `${list.ko}에` }
}

/** One sentence: English from the smallest unit to the largest, Korean the other way round. */
export function sentence(smallestFirst: readonly (Text | undefined)[]): Text {
  const pieces = smallestFirst.filter((piece) => piece !== undefined)
  const en = pieces.map((piece) => piece.en).join(', ')
  const ko = pieces
    .map((piece) => piece.ko)
    .toReversed()
    .join(' ')
  return { en: `${en.charAt(0).toUpperCase()}${en.slice(1)}.`, ko: `${ko} 실행됩니다.` }
}
