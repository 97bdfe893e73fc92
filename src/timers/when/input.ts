import { closestMatch } from 'leven'
import type { FieldError, Text } from '../../platform/errors.ts'
import { readDelay } from './delay.ts'
import { readInstant, type Moment } from './instant.ts'
import { refuseNumber } from './instant-mend.ts'
import { readLocal, type LocalMoment } from './local.ts'
import { EXAMPLES, fault, member, refusal, refusals } from './refusal.ts'

/** What an input says, not yet held against the clock. */
export type Reading =
  | ({ given: 'instant' } & Moment)
  | ({ given: 'delay' } & Moment)
  | ({ given: 'local' } & LocalMoment)

const MEMBERS = ['delay', 'local', 'timeZone', 'disambiguation']
const OTHER_NAMES: Readonly<Record<string, string>> = {
  tz: 'timeZone',
  zone: 'timeZone',
  time_zone: 'timeZone',
  in: 'delay',
  after: 'delay',
  wait: 'delay',
  seconds: 'delay',
  localtime: 'local',
  localdatetime: 'local',
}
/** An object may have any number of wrong members; naming the first ones is enough. */
const MAX_NAMED = 10

/** Tells the forms of `When` apart and reads them; `baseMs` is what a delay counts from. */
export function readInput(input: unknown, path: string, baseMs: number): Reading {
  if (typeof input === 'string') return { given: 'instant', ...readInstant(input, path) }
  if (typeof input === 'number') return refuseNumber(input, path)
  if (input instanceof Date) return readDate(input, path)
  if (isRecord(input)) return readObject(input, path, baseMs)
  throw refusal('invalid-request', path, NO_FORM, EXAMPLES)
}

const NO_FORM: Text = {
  en: 'A time is a string with an RFC 3339 instant, or an object with delay, or one with local and timeZone.',
  ko: '시각은 RFC 3339 시각을 나타내는 문자열이거나, delay를 가진 객체이거나, local과 timeZone을 가진 객체여야 합니다.',
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON has no dates; the callers of the library do. */
function readDate(date: Date, path: string): Reading {
  const epochMs = date.getTime()
  if (!Number.isNaN(epochMs)) return { given: 'instant', epochMs, roundedUp: false }
  throw refusal('invalid-request', path, { en: 'This Date is invalid.', ko: '유효하지 않은 Date입니다.' })
}

function readObject(input: Readonly<Record<string, unknown>>, path: string, baseMs: number): Reading {
  if (!Object.keys(input).every((name) => MEMBERS.includes(name))) refuseMembers(input, path)
  const { delay = null, local = null, timeZone = null, disambiguation = null } = input
  if (delay !== null) {
    if (local !== null || timeZone !== null || disambiguation !== null) refuseBoth(path)
    const { delayMs, roundedUp } = readDelay(delay, member(path, 'delay'))
    return { given: 'delay', epochMs: baseMs + delayMs, roundedUp }
  }
  if (local !== null) return { given: 'local', ...readLocal({ local, timeZone, disambiguation }, path) }
  throw refusal('invalid-request', path, NO_FORM, EXAMPLES)
}

function refuseBoth(path: string): never {
  throw refusal('invalid-request', path, {
    en: 'A time is either a delay or a local time with its zone, not both.',
    ko: '시각은 delay이거나 시간대가 있는 local이어야 하며, 둘 다일 수는 없습니다.',
  })
}

function refuseMembers(input: Readonly<Record<string, unknown>>, path: string): never {
  const errors: FieldError[] = []
  for (const name of Object.keys(input)) {
    if (MEMBERS.includes(name)) continue
    if (errors.length === MAX_NAMED) break
    // A name of any length can come in; it is shown so far as anyone would read it.
    const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name
    errors.push(
      fault(
        member(path, shown),
        {
          en: 'A time has no such member. It has delay, or local, timeZone and disambiguation.',
          ko: '시각에는 없는 필드입니다. delay, 또는 local, timeZone, disambiguation을 쓸 수 있습니다.',
        },
        memberMeant(shown),
      ),
    )
  }
  throw refusals('invalid-request', errors)
}

function memberMeant(name: string): string | undefined {
  const lower = name.toLowerCase()
  if (Object.hasOwn(OTHER_NAMES, lower)) return OTHER_NAMES[lower]
  return (
    MEMBERS.find((known) => known.toLowerCase() === lower) ?? closestMatch(name, MEMBERS, { maxDistance: 3 })
  )
}
