import { closestMatch } from 'leven'
import { refusal, shown } from '../refusal.ts'
import { FREQUENCIES, WEEKDAYS } from './parts.ts'

const EXAMPLE = 'FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=9;BYMINUTE=0'

/** A line that a rule has no use for, or has twice. */
export function refuseLine(name: string): never {
  if (name === 'EXRULE') {
    throw refusal('rrule', {
      en: 'EXRULE is no longer part of RFC 5545: list what to leave out in EXDATE.',
      ko: 'EXRULE은 더 이상 RFC 5545에 없습니다. 제외할 시각을 EXDATE에 써야 합니다.',
    })
  }
  const isTwice = name === 'RRULE' || name === 'DTSTART'
  throw refusal('rrule', {
    en: isTwice
      ? `There is more than one ${name}.`
      : `${shown(name)} is no line of a rule: it takes DTSTART, RRULE, EXDATE and RDATE.`,
    ko: isTwice
      ? `${name}이(가) 두 개 이상 있습니다.`
      : `${shown(name)}은(는) 규칙에 쓸 수 없는 줄입니다. DTSTART, RRULE, EXDATE, RDATE를 쓸 수 있습니다.`,
  })
}

export function refuseNoRule(text: string): never {
  throw refusal(
    'rrule',
    {
      en: text.trim() === '' ? 'The rule is empty.' : 'There is no RRULE among these lines.',
      ko: text.trim() === '' ? '규칙이 비어 있습니다.' : '이 줄들에는 RRULE이 없습니다.',
    },
    EXAMPLE,
  )
}

/** A part that is not `NAME=value` with a name that is known. */
export function refusePart(part: string, name: string, names: readonly string[]): never {
  if (/^(?:[\d*,/?-]+\s+){4,5}\S+$/.test(part)) {
    throw refusal(
      'rrule',
      {
        en: 'This is a cron expression: give it as cron.',
        ko: 'cron 표현식입니다. cron에 써야 합니다.',
      },
      `FREQ=DAILY;BYHOUR=9;BYMINUTE=0`,
    )
  }
  if (name === 'RSCALE' || name === 'SKIP') {
    throw refusal('rrule', {
      en: `${name} (RFC 7529) is not taken: rules are of the Gregorian calendar.`,
      ko: `${name}(RFC 7529)은 쓸 수 없습니다. 규칙은 그레고리력만 따릅니다.`,
    })
  }
  const near =
    name === '' || name.length > 20 ? undefined : closestMatch(name, [...names], { maxDistance: 3 })
  throw refusal(
    'rrule',
    {
      en: `${shown(part)} is no part of a rule, which are NAME=value.${near === undefined ? ` The names are ${names.join(', ')}.` : ` Did you mean ${near}?`}`,
      ko: `${shown(part)}은(는) '이름=값' 형식의 규칙 항목이 아닙니다.${near === undefined ? ` 쓸 수 있는 이름은 ${names.join(', ')}입니다.` : ` ${near}을(를) 쓰려고 했나요?`}`,
    },
    near === undefined ? EXAMPLE : `${near}=${part.slice(part.indexOf('=') + 1)}`.slice(0, 60),
  )
}

export function refuseFrequency(value: string | undefined, text: string): never {
  if (value === undefined) {
    throw refusal(
      'rrule',
      {
        en: 'FREQ is missing: a rule says whether it is DAILY, WEEKLY, MONTHLY, …',
        ko: 'FREQ가 없습니다. DAILY, WEEKLY, MONTHLY 등 규칙의 주기를 써야 합니다.',
      },
      text.length > 60 || text.trim() === '' ? EXAMPLE : `FREQ=DAILY;${text}`,
    )
  }
  const near =
    value.length > 20 ? undefined : closestMatch(value.toUpperCase(), [...FREQUENCIES], { maxDistance: 4 })
  throw refusal(
    'rrule',
    {
      en: `There is no FREQ ${shown(value)}. ${near === undefined ? `It is one of ${FREQUENCIES.join(', ')}.` : `Did you mean ${near}?`}`,
      ko: `FREQ에 ${shown(value)}은(는) 없습니다. ${near === undefined ? `${FREQUENCIES.join(', ')} 중 하나여야 합니다.` : `${near}을(를) 쓰려고 했나요?`}`,
    },
    `FREQ=${near ?? 'DAILY'}`,
  )
}

export function refuseWeekday(text: string): never {
  const letters = text.replaceAll(/[^A-Za-z]/g, '').toUpperCase()
  const near = WEEKDAYS.find((name) => letters.startsWith(name))
  throw refusal(
    'rrule',
    {
      en: `${shown(text)} is no day of the week: they are ${WEEKDAYS.join(', ')}, in BYDAY also with a number, such as 2MO or -1FR.`,
      ko: `${shown(text)}은(는) 요일이 아닙니다. ${WEEKDAYS.join(', ')} 중 하나이며, BYDAY에서는 2MO나 -1FR처럼 번호를 붙일 수 있습니다.`,
    },
    near,
  )
}
