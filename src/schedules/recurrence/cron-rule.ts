import { type CronFields, cronSeries, cronWords, isElapsed, parseCron } from './cron/index.ts'
import { unbounded } from './refusal.ts'
import type { Rule } from './rule.ts'

/** A day of 2000: the calendar repeats every 400 years, and no date stays away for longer than eight. */
const ANY_DAY_SECONDS = 946_684_800

export function readCronRule(text: string): Rule {
  const fields: CronFields = parseCron(text)
  const series = cronSeries(fields)
  if (series.next(ANY_DAY_SECONDS) === Infinity) {
    throw unbounded('cron', {
      en: 'No month of this expression has such a day, so that it never runs.',
      ko: '이 표현식의 어느 달에도 그런 날이 없어 한 번도 실행되지 않습니다.',
    })
  }
  const bound = { series, until: Infinity, without: new Set<number>() }
  return {
    path: 'cron',
    timeZone: null,
    isElapsed: isElapsed(fields),
    bind: () => bound,
    describe: (language) => cronWords(fields)[language],
  }
}
