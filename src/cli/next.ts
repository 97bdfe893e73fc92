import { YeyakError } from '../platform/errors.ts'
import { CommandError, defineCommand, EXIT, JSON_OPTION, UsageError } from './command.ts'
import { duration } from './time.ts'

const MOST = 100
const DEFAULT_COUNT = 10

const texts = {
  expression: {
    en: 'next takes one expression, in quotes: yeyak next "0 9 * * 1-5"',
    ko: 'next에는 표현식 하나를 따옴표로 묶어 씁니다: yeyak next "0 9 * * 1-5"',
  },
  count: {
    en: `--count takes a whole number from 1 to ${MOST}`,
    ko: `--count에는 1~${MOST}의 정수를 씁니다`,
  },
  dst_gap: {
    en: 'clocks go forward: this local time does not exist, and it runs when the gap ends',
    ko: '시계를 앞당기는 때: 없는 현지 시각이므로 그 간격이 끝날 때 실행합니다',
  },
  dst_overlap: {
    en: 'clocks go back: this local time comes twice',
    ko: '시계를 늦추는 때: 이 현지 시각은 두 번 옵니다',
  },
}

export const nextCommand = defineCommand({
  name: 'next',
  summary: { en: 'when a cron or RRULE expression runs', ko: 'cron이나 RRULE이 언제 실행되는지 보여 줍니다' },
  usage: ["'<expression>' [--zone <zone>] [--count <n>] [--from <instant>] [--json]"],
  details: {
    en: 'Puts the rule into words, and lists its next runs: in the zone, in UTC, and how far off. Where a clock change\nmatters, it says so. Works without a server and without a database; "now" is the clock of this machine.',
    ko: '규칙을 말로 풀고 다음 실행들을 보여 줍니다: 시간대의 시각, UTC, 남은 시간. 시계가 바뀌는 때이면 그렇다고\n알립니다. 서버와 데이터베이스 없이 동작하며, "지금"은 이 컴퓨터의 시계입니다.',
  },
  examples: [
    "yeyak next '0 9 * * 1-5' --zone Asia/Seoul",
    "yeyak next '30 2 * * *' --zone America/New_York --from 2027-03-13T00:00:00Z --count 3",
    "yeyak next 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17;BYMINUTE=0;BYSECOND=0'",
  ],
  options: {
    zone: { type: 'string', value: '<zone>', doc: { en: 'an IANA name (UTC)', ko: 'IANA 이름(UTC)' } },
    count: { type: 'string', value: '<n>', doc: { en: 'so many runs (10)', ko: '실행 개수(10)' } },
    from: {
      type: 'string',
      value: '<instant>',
      doc: { en: 'from then on, instead of now', ko: '지금 대신 이 시각부터' },
    },
    json: JSON_OPTION,
  },
  // Without quotes a shell makes many of one: that is said in words of its own.
  most: Infinity,
  async run({ values, positionals: [expression, ...more], language, terminal }) {
    if (expression === undefined || expression.trim() === '' || more.length > 0)
      throw new UsageError(texts.expression[language])
    const count = Number(values.count ?? DEFAULT_COUNT)
    if (!Number.isInteger(count) || count < 1 || count > MOST) throw new UsageError(texts.count[language])
    const { isRrule, nextRuns } = await import('../app.ts')
    const now = new Date()
    const rule = isRrule(expression) ? { rrule: expression } : { cron: expression }
    const zone = values.zone === undefined ? {} : { timeZone: values.zone }
    const found = (() => {
      try {
        return nextRuns({ ...rule, ...zone, from: values.from, count }, { now, language })
      } catch (error) {
        if (!(error instanceof YeyakError)) throw error
        const [first] = error.fieldErrors
        const said =
          first === undefined ? error.detail[language] : `${first.path}: ${first.message[language]}`
        const mend = first?.suggestion === undefined ? '' : `\n  ${first.suggestion}`
        throw new CommandError(`${said}${mend}`)
      }
    })()
    if (values.json) {
      terminal.print(JSON.stringify(found))
      return EXIT.done
    }
    terminal.print(`${found.text} (${found.timeZone})`)
    for (const { at, local, note } of found.runs) {
      const far = duration(Date.parse(at) - now.getTime())
      terminal.print(`  ${local.replace('T', ' ')}  ${at}  ${far}`)
      if (note !== null) terminal.print(`    ${texts[note][language]}`)
    }
    return EXIT.done
  },
})
