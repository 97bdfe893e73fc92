import { refusal, shown, unbounded } from '../refusal.ts'
import { refuseLine, refuseNoRule } from './mend.ts'
import { readParts } from './read-parts.ts'
import type { Recurrence, RuleParts, Stamp } from './parts.ts'
import { readStamp } from './stamp.ts'

/** A thousand excluded times are some 16,000 characters. */
const MAX_LENGTH = 20_000
const MAX_STAMPS = 1000

/** `DTSTART;TZID=Asia/Seoul;VALUE=DATE-TIME:20261201T090000`; no quantifier is nested. */
const LINE = /^([A-Za-z-]+)((?:;[^:]*)?):(.*)$/

/** Reads a rule by itself (`FREQ=DAILY`), or lines of RFC 5545: DTSTART, RRULE, EXDATE and RDATE. */
export function parseRRule(text: string): Recurrence {
  if (text.length > MAX_LENGTH) {
    throw unbounded('rrule', {
      en: `This is longer than ${MAX_LENGTH} characters.`,
      ko: `${MAX_LENGTH}자보다 깁니다.`,
    })
  }
  // A line that begins with a space goes on with the one before it.
  const lines = text
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  let parts: RuleParts | null = null
  let start: Stamp | null = null
  let timeZone: string | null = null
  const excluded: Stamp[] = []
  const added: Stamp[] = []

  const stampsOf = (name: string, parameters: string, values: string): Stamp[] => {
    for (const parameter of parameters.split(';').slice(1)) {
      const [key = '', value = ''] = parameter.split('=')
      if (key.toUpperCase() === 'TZID') timeZone = sameZone(timeZone, value.replaceAll('"', ''))
      else if (key.toUpperCase() !== 'VALUE' || !/^DATE(?:-TIME)?$/i.test(value))
        refuseParameter(name, parameter)
    }
    const stamps = values.split(',').map((value) => readStamp(value.trim(), name))
    if (stamps.length + excluded.length + added.length > MAX_STAMPS) refuseStamps()
    return stamps
  }

  for (const line of lines) {
    const [, name = '', parameters = '', value = ''] = LINE.exec(line) ?? ['', 'RRULE', '', line]
    const upper = name.toUpperCase()
    if (upper === 'RRULE' && parts === null) parts = readParts(value)
    else if (upper === 'DTSTART' && start === null) start = stampsOf('DTSTART', parameters, value)[0] ?? null
    else if (upper === 'EXDATE') excluded.push(...stampsOf('EXDATE', parameters, value))
    else if (upper === 'RDATE') added.push(...stampsOf('RDATE', parameters, value))
    else return refuseLine(upper)
  }
  if (parts === null) return refuseNoRule(text)
  return { parts, start, timeZone, excluded, added }
}

function sameZone(known: string | null, zone: string): string {
  if (known === null || known.toLowerCase() === zone.toLowerCase()) return zone
  throw refusal('rrule', {
    en: `All times of a rule are in one zone; these are in ${shown(known)} and ${shown(zone)}.`,
    ko: `규칙의 모든 시각은 한 시간대에 있어야 합니다. 지금은 ${shown(known)}과(와) ${shown(zone)}입니다.`,
  })
}

function refuseParameter(name: string, parameter: string): never {
  throw refusal('rrule', {
    en: `${name} takes TZID, and VALUE=DATE or DATE-TIME, but not ${shown(parameter)}.`,
    ko: `${name}에는 TZID와 VALUE=DATE 또는 DATE-TIME만 쓸 수 있으며, ${shown(parameter)}은(는) 쓸 수 없습니다.`,
  })
}

function refuseStamps(): never {
  throw refusal('rrule', {
    en: `A rule takes at most ${MAX_STAMPS} times in EXDATE and RDATE.`,
    ko: `EXDATE와 RDATE에는 시각을 모두 ${MAX_STAMPS}개까지 쓸 수 있습니다.`,
  })
}
