import { latenessOf, median } from '../figures.ts'
import {
  createOccurrences,
  type Occurrences,
  parseRule,
  requireRun,
  type RuleInput,
} from '../../src/schedules/recurrence/index.ts'
import { atMost, rowsOf, type Scenario, type Table } from '../scenario.ts'

const goals = {
  next: { what: 'the next run, rule and zone known: median', unit: 'ms', bound: atMost(0.2, 'ms') },
  nextP99: { what: 'the same: p99', unit: 'ms' },
  fresh: {
    what: 'a rule read for the first time, and its next run: median',
    unit: 'ms',
    bound: atMost(0.2, 'ms'),
  },
  zone: { what: 'the next run in a zone that is met for the first time: median', unit: 'ms' },
  hostile: { what: 'a rule that is refused or rare: the slowest', unit: 'ms', bound: atMost(50, 'ms') },
}

const RULES: readonly RuleInput[] = [
  { cron: '0 9 * * *' },
  { cron: '*/15 * * * *' },
  { cron: '30 2 * * 1-5' },
  { cron: '0 0 1 * *' },
  { cron: '0 0 L * FRI#2' },
  { cron: '*/10 * * * * *' },
  { cron: '0 0 29 2 *' },
  { rrule: 'FREQ=DAILY;BYHOUR=9;BYMINUTE=0' },
  { rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR' },
  { rrule: 'FREQ=MONTHLY;BYDAY=-1FR' },
  { rrule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=17;BYMINUTE=30' },
  { rrule: 'FREQ=YEARLY;BYMONTH=11;BYDAY=4TH' },
  { rrule: 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO' },
  { rrule: 'FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12' },
  { rrule: 'DTSTART:20260105T090000\nRRULE:FREQ=DAILY;COUNT=1000' },
]
const ZONES =
  'UTC Asia/Seoul America/New_York Europe/Berlin Asia/Kathmandu Australia/Lord_Howe Africa/Casablanca America/St_Johns'.split(
    ' ',
  )
const HOSTILE: readonly RuleInput[] = [
  { cron: '1--100000000 * * * *' },
  { cron: '0 0 31 2,4,6,9,11 *' },
  { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' },
  { rrule: 'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30' },
  { rrule: 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO' },
  { rrule: 'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6' },
  { rrule: 'DTSTART:20260101T000001\nRRULE:FREQ=SECONDLY;INTERVAL=3599;BYMINUTE=0;BYSECOND=0;COUNT=10000' },
  { rrule: 'DTSTART:20260101T000001\nRRULE:FREQ=SECONDLY;INTERVAL=86399;BYHOUR=0;BYMINUTE=0;BYSECOND=0' },
  { rrule: 'DTSTART:20260101T000001\nRRULE:FREQ=DAILY;COUNT=10000' },
]
const START_MS = Date.UTC(2026, 0, 5, 9)
const YEAR_MS = 365 * 86_400_000

const bind = (input: RuleInput, timeZone: string): Occurrences =>
  createOccurrences(parseRule(input), {
    timeZone,
    dstGap: 'next',
    dstOverlap: 'first',
    exclude: [],
    anchorMs: START_MS,
  })

const timed = (run: () => unknown): number => {
  const startedMs = performance.now()
  run()
  return performance.now() - startedMs
}

/** Each from another instant of ten years, as schedules of all ages are asked. */
const nextTimes = (occurrences: Occurrences, times: number): number[] =>
  Array.from({ length: times }, (_, i) => {
    const afterMs = START_MS + Math.floor((i * 7919 * 86_400_000) % (10 * YEAR_MS))
    return timed(() => occurrences.next(afterMs))
  })

const attempt = (input: RuleInput): void => {
  try {
    requireRun(parseRule(input), bind(input, 'UTC'), START_MS)
  } catch {
    // Most of them are refused: how fast is what is measured.
  }
}

export const recurrence: Scenario = {
  name: 'recurrence',
  title: 'The next run of a schedule',
  about: `In one process and without a database: fifteen rules of cron and RRULE in eight zones, each asked for its next run after instants
spread over ten years. *For the first time* reads the rule's text, which is then remembered. A zone that is met for the first time has its
clock changes of four years looked up, once. Hostile rules never run, run once in decades, or take long to count.`,
  goals,
  run({ smoke, rounds, say }) {
    const times = smoke ? 50 : 2000
    const next: number[] = []
    const p99: number[] = []
    const fresh: number[] = []
    const cells = new Map<string, number[]>()
    for (let round = 1; round <= rounds; round++) {
      say(`round ${round} of ${rounds}`)
      const all: number[] = []
      const first: number[] = []
      for (const rule of RULES) {
        const text = rule.cron ?? rule.rrule ?? ''
        for (const [i, timeZone] of ZONES.entries()) {
          const occurrences = bind(rule, timeZone)
          nextTimes(occurrences, times)
          const took = nextTimes(occurrences, times)
          all.push(...took)
          cells.set(text, [...(cells.get(text) ?? []), median(took)])
          // Spaces make it another text with the same meaning, which is not remembered yet.
          const unread =
            rule.cron === undefined
              ? `${text}\n${' '.repeat(round * 10 + i)}`
              : `${text}${' '.repeat(round * 10 + i)}`
          const input = rule.cron === undefined ? { rrule: unread } : { cron: unread }
          first.push(timed(() => bind(input, timeZone).next(START_MS)))
        }
      }
      next.push(latenessOf(all).p50)
      p99.push(latenessOf(all).p99)
      fresh.push(median(first))
    }
    const unmet = Intl.supportedValuesOf('timeZone')
      .filter((zone) => !ZONES.includes(zone))
      .slice(0, smoke ? 10 : 200)
    const zone = unmet.map((name) => timed(() => bind({ cron: '0 9 * * *' }, name).next(START_MS)))
    const hostile = HOSTILE.map((input) => timed(() => attempt(input)))
    const table: Table = {
      title: 'Median by rule, µs',
      head: ['rule', 'next run'],
      cells: [...cells].map(([text, took]) => [
        `\`${text.replace('\n', ' ')}\``,
        Number((median(took) * 1000).toPrecision(2)),
      ]),
    }
    return Promise.resolve({
      rows: rowsOf(goals, { next, nextP99: p99, fresh, zone: median(zone), hostile: Math.max(...hostile) }),
      tables: [table],
    })
  },
}
