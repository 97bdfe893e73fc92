import { CommandError, defineCommand, EXIT, JSON_OPTION, UsageError } from '../command.ts'
import { whenMs } from './when.ts'

const texts = {
  instant: {
    en: (name: string) => `--${name} takes an instant such as 2026-12-01T09:00:00Z, or how long ago: 24h, 7d`,
    ko: (name: string) => `--${name}에는 2026-12-01T09:00:00Z 같은 시각이나 24h, 7d처럼 얼마 전인지를 씁니다`,
  },
  late: {
    en: '--late takes seconds from 0 to 86400000, such as 1 or 0.25',
    ko: '--late에는 0~86400000초를 씁니다. 예: 1, 0.25',
  },
  limit: { en: '--limit takes a whole number from 1 to 100000', ko: '--limit에는 1~100000의 정수를 씁니다' },
  refused: {
    'not-migrated': {
      en: 'there is nothing to check: the database was never migrated (yeyak migrate)',
      ko: '확인할 것이 없습니다. 데이터베이스가 마이그레이션되지 않았습니다(yeyak migrate)',
    },
    'no-such-project': { en: 'there is no such project', ko: '그런 프로젝트가 없습니다' },
    'empty-period': { en: '--from must be before --to', ko: '--from은 --to보다 앞이어야 합니다' },
  },
}

const DEFAULT_LIMIT = 20
const DAY_MS = 86_400_000
/** What is due now may be on its way. */
const SETTLED_MS = 60_000
const MAX_LATE_SECONDS = 86_400_000

export const verifyCommand = defineCommand({
  name: 'verify',
  summary: {
    en: 'checks that all that was accepted came out as it should',
    ko: '접수한 모든 것이 제대로 끝났는지 확인합니다',
  },
  usage: ['[--from <when>] [--to <when>] [--late <seconds>] [--project <name>] [--json]'],
  details: {
    en: 'Matches everything that was due or accepted in a period with its outcome, and names what was lost, begun early, after its\ncancellation or expiry, delivered twice, or late, with the reason where it can be told. It only reads, a page at a time.\nExit code 0: all is well; 1: something was found, or it could not be checked.',
    ko: '기간 안에 예정되었거나 접수된 모든 것을 그 결과와 맞추어 유실, 이른 시작, 취소나 만료 뒤의 시작, 중복, 지연을 이유와 함께\n보여 줍니다. 읽기만 하며 조금씩 나누어 읽습니다. 종료 코드 0: 이상 없음, 1: 문제를 찾았거나 확인하지 못함.',
  },
  examples: [
    'yeyak verify',
    'yeyak verify --from 7d --late 5',
    'yeyak verify --from 2026-12-01T00:00:00Z --to 2026-12-02T00:00:00Z --json',
  ],
  options: {
    from: {
      type: 'string',
      value: '<when>',
      doc: { en: 'an instant, or how long ago (24h)', ko: '시각 또는 얼마 전(24h)' },
    },
    to: {
      type: 'string',
      value: '<when>',
      doc: { en: 'the same (1m: a minute ago)', ko: '마찬가지(1m: 1분 전)' },
    },
    late: {
      type: 'string',
      value: '<seconds>',
      doc: { en: 'later than this is a finding (1)', ko: '이보다 늦으면 지연으로 봅니다(1)' },
    },
    project: {
      type: 'string',
      value: '<name>',
      doc: { en: 'of this project alone', ko: '이 프로젝트만' },
    },
    limit: {
      type: 'string',
      value: '<n>',
      doc: {
        en: `findings shown of each kind (${DEFAULT_LIMIT})`,
        ko: `종류마다 보여 줄 개수(${DEFAULT_LIMIT})`,
      },
    },
    json: JSON_OPTION,
  },
  most: 0,
  async run({ values, language, terminal, config: readConfig }) {
    const { from, to } = values
    for (const [name, text] of Object.entries({ from, to }))
      if (text !== undefined && whenMs(text, 0) === null) throw new UsageError(texts.instant[language](name))
    const lateSeconds = Number(values.late ?? 1)
    if (!/^\d+(\.\d+)?$/u.test(values.late ?? '1') || lateSeconds > MAX_LATE_SECONDS)
      throw new UsageError(texts.late[language])
    const limit = Number(values.limit ?? DEFAULT_LIMIT)
    if (!Number.isInteger(limit) || limit < 1 || limit > 100_000) throw new UsageError(texts.limit[language])
    const config = readConfig()
    const [{ reachDatabase }, { verify }, { isWell, jsonOf, textOf }] = await Promise.all([
      import('../database.ts'),
      import('./run.ts'),
      import('./report.ts'),
    ])
    const reached = await reachDatabase(config, terminal)
    try {
      const lateMs = lateSeconds * 1000
      const done = await verify({
        reached,
        config,
        choose: (nowMs) => {
          const toMs = whenMs(to ?? '', nowMs) ?? nowMs - SETTLED_MS
          return { fromMs: whenMs(from ?? '', nowMs) ?? toMs + SETTLED_MS - DAY_MS, toMs }
        },
        lateMs,
        project: values.project ?? null,
        limit,
      })
      if (done === 'empty-period') throw new UsageError(texts.refused[done][language])
      if (typeof done === 'string') throw new CommandError(texts.refused[done][language])
      terminal.print(values.json ? JSON.stringify(jsonOf(done, lateMs, language)) : textOf(done, language))
      return isWell(done) ? EXIT.done : EXIT.refused
    } finally {
      await reached.close()
    }
  },
})
