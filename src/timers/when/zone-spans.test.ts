import { expect, test } from 'vitest'
import { IS_FUZZ } from '../../../test/kit/fuzz-size.ts'
import { spanAt } from './zone-spans.ts'

const DAY = 86_400
const from = Date.UTC(2000, 0, 1) / 1000
const until = Date.UTC(2038, 0, 1) / 1000

/** Every zone under `npm run fuzz`, else some of all kinds and six others at each run. */
const all = Intl.supportedValuesOf('timeZone')
const HARD =
  'Africa/Casablanca Africa/Cairo America/Recife America/St_Johns Antarctica/Troll Asia/Gaza Australia/Lord_Howe Europe/Dublin Pacific/Apia'.split(
    ' ',
  )
const zones = IS_FUZZ
  ? all
  : [...HARD, ...Array.from({ length: 6 }, () => all[Math.floor(Math.random() * all.length)] ?? 'UTC')]

test.each(zones)('%s: the spans are what its clocks show on every day from 2000 to 2037', (timeZone) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  const offsetAt = (seconds: number): number =>
    Date.parse(`${format.format(seconds * 1000).replace(' ', 'T')}Z`) / 1000 - seconds
  const wrong: string[] = []
  for (let at = from; at < until; at += DAY) {
    if (spanAt(timeZone, at).offset !== offsetAt(at)) wrong.push(new Date(at * 1000).toISOString())
  }
  expect(wrong).toEqual([])
  for (let at = from; at < until;) {
    const span = spanAt(timeZone, at)
    // Each span is the one that it says, up to its very last second, and knows those beside it.
    expect([offsetAt(span.until - 1), offsetAt(span.until)]).toEqual([span.offset, span.after])
    expect([offsetAt(span.from), offsetAt(span.from - 1)]).toEqual([span.offset, span.before])
    at = span.until
  }
})

test('spans of any years are there, and a zone that is asked for far and wide costs no memory for ever', () => {
  for (let year = 1900; year < 2200; year++) {
    const at = Date.UTC(year, 6, 1) / 1000
    const span = spanAt('Asia/Kathmandu', at)
    expect(span.from <= at && at < span.until).toBe(true)
  }
})
