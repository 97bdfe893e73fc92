import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { YeyakError } from '../../platform/errors.ts'
import { describeWhen, formatInstant, resolveWhen } from './when.ts'

const now = new Date('2026-11-22T00:00:00.000Z')
const past = { path: 'at', now, past: 'allow' } as const

/** The instant, or the error; anything else that is thrown fails the test. */
function outcome(input: unknown, o: Parameters<typeof resolveWhen>[1] = past): Date | YeyakError {
  try {
    return resolveWhen(input, o).at
  } catch (error) {
    if (error instanceof YeyakError) return error
    throw error
  }
}

const oneOf = (characters: string) => fc.constantFrom(...characters.split(''))
const digits = (length: number) => (n: number) => String(n).padStart(length, '0')
const two = (max: number) => fc.integer({ min: 0, max }).map(digits(2))
const fraction = fc
  .string({ unit: oneOf('0123456789'), maxLength: 9 })
  .map((text) => (text === '' ? '' : `.${text}`))
const offset = fc.oneof(
  fc.constantFrom('Z', 'z', '-00:00'),
  fc.tuple(fc.constantFrom('+', '-'), two(23), two(59)).map(([sign, h, m]) => `${sign}${h}:${m}`),
)

/** What Temporal makes of a text, rounded up to milliseconds. */
function ceiling(text: string): number {
  const ns = Temporal.Instant.from(text).epochNanoseconds
  const floored = ns / 1_000_000n
  return Number(floored * 1_000_000n < ns ? floored + 1n : floored)
}

test('instants with any offset and fraction are what Temporal says, rounded up', () => {
  const date = fc
    .date({
      min: new Date('0000-01-02T00:00:00Z'),
      max: new Date('2036-11-20T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((d) => d.toISOString().slice(0, 19))
  fc.assert(
    fc.property(date, fraction, offset, (wall, frac, off) => {
      const text = wall + frac + off
      const at = outcome(text)
      expect(at).toEqual(new Date(ceiling(text)))
    }),
    { numRuns: 3000 },
  )
})

test('an instant that is formatted and read again is the same', () => {
  const date = fc.date({ min: now, max: new Date('2036-11-22T00:00:00.000Z'), noInvalidDate: true })
  fc.assert(
    fc.property(date, (d) => {
      expect(outcome(formatInstant(d))).toEqual(d)
    }),
  )
})

test('a date is taken if and only if Temporal has it in its calendar', () => {
  const fields = fc.tuple(
    fc.integer({ min: 0, max: 2035 }).map(digits(4)),
    two(19),
    two(39),
    two(29),
    two(69),
    two(69),
  )
  fc.assert(
    fc.property(fields, ([y, mo, d, h, mi, s]) => {
      const text = `${y}-${mo}-${d}T${h}:${mi}:${s}`
      // Temporal takes :60 for :59: the one thing in which it must not be followed.
      const real = s !== '60' && isDateTime(text)
      for (const input of [`${text}Z`, { local: text, timeZone: 'UTC' }]) {
        const at = outcome(input)
        if (real) expect(at).toEqual(new Date(ceiling(`${text}Z`)))
        else expect(at).toMatchObject({ code: 'invalid-request' })
      }
    }),
    { numRuns: 5000 },
  )
})

test('29 February is taken in exactly the leap years from 0000 to 9999', () => {
  const wrong = []
  for (let year = 0; year <= 9999; year++) {
    const at = outcome(`${digits(4)(year)}-02-29T00:00:00Z`)
    const taken = at instanceof Date || at.code === 'time-too-far'
    if (taken !== new Temporal.PlainDate(year, 1, 1).inLeapYear) wrong.push(year)
  }
  expect(wrong).toEqual([])
})

function isDateTime(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text)
    return true
  } catch {
    return false
  }
}

const unitsMs = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 }
const delayOf = (delay: unknown) => {
  const at = outcome({ delay })
  return at instanceof Date ? at.getTime() - now.getTime() : at.code
}

test('delays are exact in every unit, also with a fraction, and never shorter', () => {
  const unit = fc.constantFrom(...(Object.keys(unitsMs) as (keyof typeof unitsMs)[]))
  fc.assert(
    fc.property(unit, fc.integer({ min: 0, max: 500 }), fraction, (name, whole, frac) => {
      const tail = frac.slice(1)
      const scale = 10n ** BigInt(tail.length)
      const scaled = BigInt(whole + tail) * BigInt(unitsMs[name])
      const expected = Number((scaled + scale - 1n) / scale)
      expect(delayOf(`${whole}${frac}${name}`)).toBe(expected)
      const iso = `P${name === 'w' || name === 'd' ? '' : 'T'}${whole}${frac}${name.toUpperCase()}`
      expect(delayOf(iso)).toBe(expected)
    }),
    { numRuns: 2000 },
  )
})

test('ISO 8601 delays are what Temporal says, a day being 24 hours', () => {
  const amount = fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined })
  const parts = fc.record({ weeks: amount, days: amount, hours: amount, minutes: amount, seconds: amount })
  fc.assert(
    fc.property(parts, (given) => {
      const named = Object.entries(given).filter(([, value]) => value !== undefined)
      fc.pre(named.length > 0)
      const part = (names: string[]) =>
        named
          .map(([name, value]) => (names.includes(name) ? `${value}${name.charAt(0).toUpperCase()}` : ''))
          .join('')
      const time = part(['hours', 'minutes', 'seconds'])
      const text = `P${part(['weeks', 'days'])}${time === '' ? '' : `T${time}`}`
      const duration = Temporal.Duration.from(text)
      const hours = (duration.weeks * 7 + duration.days) * 24 + duration.hours
      const ms = Temporal.Duration.from({ hours }).total('milliseconds')
      expect(delayOf(text)).toBe(ms + duration.minutes * 60_000 + duration.seconds * 1000)
    }),
  )
})

test('a number of seconds is never shortened, by less than a millisecond lengthened, and monotone', () => {
  const seconds = fc.double({ min: 0, max: 300_000_000, noNaN: true })
  fc.assert(
    fc.property(seconds, seconds, (a, b) => {
      const [msA, msB] = [Number(delayOf(a)), Number(delayOf(b))]
      expect(msA / 1000).toBeGreaterThanOrEqual(a)
      expect((msA - 1) / 1000).toBeLessThan(a)
      expect(a <= b ? msA <= msB : msA >= msB).toBe(true)
    }),
    { numRuns: 5000 },
  )
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300_000_000_000 }), (ms) => {
      expect(delayOf(ms / 1000)).toBe(ms)
    }),
    { numRuns: 5000 },
  )
})

const ZONES =
  `UTC Etc/GMT+9 Asia/Seoul Asia/Tokyo Asia/Shanghai Asia/Kolkata Asia/Kathmandu Asia/Tehran Asia/Beirut Asia/Gaza
  Asia/Jerusalem Asia/Amman Europe/London Europe/Dublin Europe/Berlin Europe/Paris Europe/Istanbul Europe/Moscow
  Europe/Chisinau Europe/Kyiv Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Lagos Atlantic/Azores
  America/New_York America/Chicago America/Denver America/Los_Angeles America/St_Johns America/Havana
  America/Santiago America/Asuncion America/Scoresbysund America/Nuuk America/Sao_Paulo Australia/Lord_Howe
  Australia/Sydney Pacific/Auckland Pacific/Chatham Antarctica/Troll Pacific/Apia`.split(/\s+/)
const zone = fc.constantFrom(...ZONES)
const endOfRange = Date.UTC(2036, 0, 1)

/** Local times of 2020-2035 in a zone: half of them within three hours of a change of its clocks. */
const localTime = fc
  .record({
    zone,
    ms: fc.integer({ min: Date.UTC(2020, 0, 1), max: endOfRange - 1 }),
    near: fc.boolean(),
    byMs: fc.integer({ min: -10_800_000, max: 10_800_000 }),
  })
  .map(({ zone: timeZone, ms, near, byMs }) => {
    const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)
    const change = near ? zoned.getTimeZoneTransition('next') : null
    const plain =
      change !== null && change.epochMilliseconds < endOfRange
        ? change.toPlainDateTime().add({ milliseconds: byMs })
        : zoned.toPlainDateTime()
    return { timeZone, local: plain.toString({ fractionalSecondDigits: 3 }), plain }
  })
const from2020 = { path: 'at', now: new Date('2027-06-01T00:00:00Z'), past: 'allow' } as const

test('there are 40 zones and more', () => expect(new Set(ZONES).size).toBeGreaterThanOrEqual(40))

test('local times are what Temporal says for earlier and later, and reject names exactly these two', () => {
  const seen = { plain: 0, gap: 0, overlap: 0 }
  fc.assert(
    fc.property(localTime, ({ timeZone, local, plain }) => {
      const [earlier, later] = (['earlier', 'later'] as const).map((disambiguation) => {
        const expected = new Date(plain.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds)
        expect(outcome({ local, timeZone, disambiguation }, from2020)).toEqual(expected)
        return formatInstant(expected)
      })
      const rejected = outcome({ local, timeZone }, from2020)
      if (earlier === later) {
        seen.plain++
        expect(rejected).toEqual(new Date(earlier ?? ''))
      } else {
        seen[wallClock(earlier ?? '', timeZone) === local.slice(0, 19) ? 'overlap' : 'gap']++
        expect(rejected).toMatchObject({
          code: 'ambiguous-local-time',
          members: { candidates: [earlier, later] },
        })
      }
    }),
    { numRuns: 6000 },
  )
  // Else the property would hold without ever having met a change of clocks.
  expect(Math.min(seen.plain, seen.gap, seen.overlap)).toBeGreaterThan(50)
})

const formats = new Map<string, Intl.DateTimeFormat>()
/** What the clocks of a zone show, by Intl alone: an oracle that shares nothing with Temporal's arithmetic. */
function wallClock(instant: string, timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' })
  formats.set(timeZone, format)
  return format.format(new Date(instant)).replace(' ', 'T')
}

test('the clocks of the zone show the local time at the instant; in a gap no clock shows it at either candidate', () => {
  fc.assert(
    fc.property(localTime, ({ timeZone, local }) => {
      const result = outcome({ local, timeZone }, from2020)
      const shown = local.slice(0, 19)
      if (result instanceof Date) {
        expect(wallClock(formatInstant(result), timeZone)).toBe(shown)
        return
      }
      const [earlier, later] = (result.members['candidates'] as string[]).map((c) => wallClock(c, timeZone))
      const isOverlap = earlier === shown
      expect(later === shown).toBe(isOverlap)
    }),
    { numRuns: 3000 },
  )
})

test('what a description says of a local time is itself a When for the same instant', () => {
  fc.assert(
    fc.property(localTime, ({ timeZone, local }) => {
      for (const disambiguation of ['earlier', 'later']) {
        const first = describeWhen({ local, timeZone, disambiguation }, from2020)
        const again = outcome({ local: first.local, timeZone: first.timeZone, disambiguation }, from2020)
        expect(again).toEqual(new Date(first.instant))
      }
    }),
    { numRuns: 500 },
  )
})

test('a fraction of any length never makes a local time earlier', () => {
  const long = fc.string({ unit: oneOf('0123456789'), minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(localTime, long, ({ timeZone, local }, frac) => {
      const text = local.slice(0, 19)
      const at = (value: string) => outcome({ local: value, timeZone, disambiguation: 'later' }, from2020)
      const [plain, finer] = [at(text), at(`${text}.${frac}`)]
      if (!(plain instanceof Date) || !(finer instanceof Date)) throw new Error('refused')
      const ms = Number(BigInt(frac.padEnd(30, '0')) / 10n ** 27n)
      const rest = /[1-9]/.test(frac.slice(3)) ? 1 : 0
      expect(finer.getTime() - plain.getTime()).toBe(ms + rest)
    }),
  )
})

test('garbage is refused by a YeyakError or taken, never anything else, whatever the rule for the past', () => {
  const timely = fc.string({
    unit: oneOf('0123456789-+:.,TtZzPpWDHMSwdhms[] /년초'),
    maxLength: 110,
  })
  const text = fc.oneof(timely, fc.string({ maxLength: 120 }), fc.string({ unit: 'binary', maxLength: 120 }))
  const value = fc.oneof(text, fc.double(), fc.constantFrom(null, true, [], {}), fc.constantFrom(...ZONES))
  const object = fc.record(
    { delay: value, local: value, timeZone: value, disambiguation: value, other: value },
    { requiredKeys: [] },
  )
  const input = fc.oneof(text, object, fc.record({ delay: value }), fc.jsonValue())
  fc.assert(
    fc.property(
      input,
      fc.constantFrom('now' as const, 'refuse' as const, 'allow' as const),
      (garbage, rule) => {
        const result = outcome(garbage, { path: 'at', now, past: rule })
        if (result instanceof Date) expect(result.getTime()).not.toBeNaN()
        else {
          expect(result.fieldErrors.length).toBeGreaterThan(0)
          for (const { path, message } of result.fieldErrors) {
            expect(path.startsWith('at')).toBe(true)
            expect([message.en, message.ko]).not.toContain('')
          }
        }
      },
    ),
    { numRuns: 10_000 },
  )
})

test('no text takes long: repeated parts of every form do not make a pattern backtrack', () => {
  const seeds = [
    '2026-12-01T09:00:00',
    '1w',
    '1.5',
    '9',
    'P1',
    'PT1H',
    '1 h ',
    '+09:00',
    '[',
    '/a',
    ' ',
    '.',
    'T-',
    'é',
  ]
  const repeated = fc
    .array(fc.constantFrom(...seeds), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('').repeat(1000))
  fc.assert(
    fc.property(repeated, fc.nat(100), (text, length) => {
      for (const cut of [text, text.slice(0, length)]) {
        for (const garbage of [
          cut,
          { delay: cut },
          { local: cut, timeZone: cut },
          { local: '2026-12-01T09:00', timeZone: cut },
        ]) {
          const start = performance.now()
          outcome(garbage)
          // A pattern that backtracks needs seconds for 100 characters; the bound leaves room for a busy machine.
          expect(performance.now() - start).toBeLessThan(1000)
        }
      }
    }),
    { numRuns: 500 },
  )
})
