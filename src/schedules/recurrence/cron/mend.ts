import { closestMatch } from 'leven'
import { refusal, shown } from '../refusal.ts'
import { MACRO_NAMES, PATH } from './macros.ts'

/** Explains why a text with `@` is no expression. */
export function refuseMacro(text: string): never {
  const lower = text.toLowerCase()
  if (lower.startsWith('@reboot')) {
    throw refusal(PATH, {
      en: '@reboot is not a time. A schedule runs by the clock, however often the server is started.',
      ko: '@reboot은 시각이 아닙니다. 일정은 서버가 몇 번 시작되든 시계에 따라 실행됩니다.',
    })
  }
  const every = /^@every\s+([1-9]\d?)\s*(s|m|h)$/.exec(lower)
  if (lower.startsWith('@every')) {
    throw refusal(
      PATH,
      {
        en: '@every is not taken, as nobody can tell what it counts from. Write the fields, or an rrule with INTERVAL.',
        ko: '@every는 기준 시각을 알 수 없어 쓸 수 없습니다. 필드로 쓰거나 rrule의 INTERVAL을 써야 합니다.',
      },
      every === null ? undefined : everyOf(every[1] ?? '', every[2] ?? ''),
    )
  }
  const near = text.length > 20 ? undefined : closestMatch(lower, MACRO_NAMES, { maxDistance: 3 })
  throw refusal(
    PATH,
    {
      en: `There is no ${shown(text)}. ${near === undefined ? `There are ${MACRO_NAMES.join(', ')}.` : `Did you mean ${near}?`}`,
      ko: `${shown(text)}은(는) 없습니다. ${near === undefined ? `쓸 수 있는 이름은 ${MACRO_NAMES.join(', ')}입니다.` : `${near}을(를) 쓰려고 했나요?`}`,
    },
    near,
  )
}

/** Undefined where the field is no multiple of it, so that steps would not be as far apart everywhere. */
function everyOf(amount: string, unit: string): string | undefined {
  if ((unit === 'h' ? 24 : 60) % Number(amount) !== 0) return undefined
  if (unit === 's') return `*/${amount} * * * * *`
  return unit === 'm' ? `*/${amount} * * * *` : `0 */${amount} * * *`
}

/** A zone in front of the fields, as in some crontabs. */
export function refuseZone(text: string): never {
  const [, zone = '', rest = ''] = /^[^=]*=(\S*)\s*(.*)$/.exec(text) ?? []
  throw refusal(
    PATH,
    {
      en: `The zone is a member of its own: put ${shown(zone)} into timeZone.`,
      ko: `시간대는 따로 지정합니다. ${shown(zone)}을(를) timeZone에 써야 합니다.`,
    },
    rest === '' ? undefined : shown(rest),
  )
}

/** Begins as a field does, and not as a word. */
const FIELD = /^[\d*?L][\w*?,/#-]*$/i

/** Another number of fields than five or six. */
export function refuseCount(parts: readonly string[]): never {
  const count = parts.length
  const isYears = count === 7 && /^(?:\*|\?|\d{4}([-,/]\d+)*)$/.test(parts[6] ?? '')
  if (isYears) {
    throw refusal(
      PATH,
      {
        en: 'A seventh field, for the year, is not taken: limit the schedule by startsAt and endsAt.',
        ko: '연도를 나타내는 일곱째 필드는 쓸 수 없습니다. startsAt과 endsAt으로 기간을 정해야 합니다.',
      },
      shown(parts.slice(0, 6).join(' ')),
    )
  }
  const padded = [...parts, '*', '*', '*', '*'].slice(0, 5).join(' ')
  throw refusal(
    PATH,
    {
      en: `An expression has five fields (minute, hour, day of month, month, day of week), or six with the second first; this has ${count}.`,
      ko: `표현식에는 필드가 다섯 개(분, 시, 일, 월, 요일) 있어야 하며, 맨 앞에 초를 더하면 여섯 개입니다. 지금은 ${count}개입니다.`,
    },
    count > 0 && count < 5 && parts.every((part) => FIELD.test(part)) ? shown(padded) : '0 9 * * 1-5',
  )
}
