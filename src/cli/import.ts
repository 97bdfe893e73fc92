import type { queueImport as createImport } from '../app.ts'
import type { Language } from '../platform/errors.ts'
import { CommandError, defineCommand, EXIT, JSON_OPTION, UsageError } from './command.ts'
import { align } from './table.ts'
import { localTime } from './time.ts'
import { visible } from './visible.ts'
import { cut } from './width.ts'

type Report = Awaited<ReturnType<ReturnType<typeof createImport>['preview']>>
type Found = Extract<Report, { found: true }>
type Refusal = Exclude<Report, { found: true }>

const texts = {
  needed: {
    en: 'import needs --schema and --queue, such as --schema pgboss --queue send-alert',
    ko: '--schema와 --queue가 필요합니다. 예: --schema pgboss --queue send-alert',
  },
  own: {
    en: (schema: string) => `${schema} is Yeyak's own schema: name that of the old server`,
    ko: (schema: string) => `${schema}는 Yeyak 자신의 스키마입니다. 이전 서버의 스키마를 써야 합니다`,
  },
  noTable: {
    en: (schema: string, others: string) =>
      `the schema ${schema} has no table "job" of pg-boss in this database${others === '' ? '' : `; these have one: ${others}`}`,
    ko: (schema: string, others: string) =>
      `이 데이터베이스의 ${schema} 스키마에는 pg-boss의 "job" 테이블이 없습니다${others === '' ? '' : `. 있는 스키마: ${others}`}`,
  },
  unknownTable: {
    en: (schema: string, missing: string) =>
      `the table "job" in ${schema} is not one of pg-boss 9 to 12: it has no column ${missing}`,
    ko: (schema: string, missing: string) =>
      `${schema}의 "job" 테이블은 pg-boss 9~12의 것이 아닙니다. 없는 열: ${missing}`,
  },
  dryRun: { en: 'dry run: nothing was changed', ko: '시험 실행: 아무것도 바꾸지 않았습니다' },
  would: {
    en: (n: number, queue: string) => `would be taken over from ${queue}: ${n}`,
    ko: (n: number, queue: string) => `${queue}에서 가져올 작업: ${n}`,
  },
  taken: {
    en: (n: number, queue: string) => `taken over from ${queue}: ${n}`,
    ko: (n: number, queue: string) => `${queue}에서 가져온 작업: ${n}`,
  },
  due: {
    en: (first: string, last: string) => `  due from ${first} to ${last}`,
    ko: (first: string, last: string) => `  예정 시각 ${first} ~ ${last}`,
  },
  left: {
    withoutMessage: { en: 'left, without a message', ko: '메시지가 없어 남긴 작업' },
    tooLong: { en: 'left, a message of more than 256 kB', ko: '메시지가 256 kB를 넘어 남긴 작업' },
    blocked: { en: 'left, waiting for something else than a time', ko: '시각이 아닌 것을 기다려 남긴 작업' },
    active: { en: 'left, the old server is working on', ko: '이전 서버가 처리하고 있어 남긴 작업' },
  },
  others: {
    en: (names: string) => `other queues with something in them: ${names}`,
    ko: (names: string) => `작업이 있는 다른 큐: ${names}`,
  },
}

const REASONS = ['withoutMessage', 'tooLong', 'blocked', 'active'] as const
const MESSAGE_COLUMNS = 60

const refusalOf = (refusal: Refusal, schema: string, language: Language): CommandError =>
  new CommandError(
    refusal.reason === 'no-table'
      ? texts.noTable[language](schema, refusal.schemas.join(', '))
      : texts.unknownTable[language](schema, refusal.missing.join(', ')),
  )

const describe = (report: Found, queue: string, dryRun: boolean, language: Language): string =>
  [
    ...(dryRun ? [texts.dryRun[language]] : []),
    (dryRun ? texts.would : texts.taken)[language](report.taken, queue),
    ...(report.earliest === null || report.latest === null
      ? []
      : [texts.due[language](localTime(report.earliest), localTime(report.latest))]),
    ...align(
      report.sample.map(({ dueAt, message }) => [
        `  ${localTime(dueAt)}`,
        cut(visible(message), MESSAGE_COLUMNS),
      ]),
    ),
    ...REASONS.filter((reason) => report.left[reason] > 0).map(
      (reason) => `${texts.left[reason][language]}: ${report.left[reason]}`,
    ),
    ...(report.otherQueues.length === 0 ? [] : [texts.others[language](report.otherQueues.join(', '))]),
  ].join('\n')

export const importCommand = defineCommand({
  name: 'import',
  summary: { en: "take over an old server's waiting jobs", ko: '이전 서버에서 기다리는 작업을 가져옵니다' },
  usage: ['--schema <schema> --queue <queue> [--dry-run] [--json]'],
  details: {
    en: "What waits in a pg-boss queue (9 to 12) of Yeyak's own database becomes notifications on channel log, due when the\njobs were, and leaves the queue; in one transaction, all or nothing. A job without a message stays where it is.",
    ko: 'Yeyak의 데이터베이스에 있는 pg-boss(9~12) 큐에서 기다리는 작업을 log 채널의 알림으로 바꾸고 큐에서 지웁니다. 예정\n시각은 그대로이며, 한 트랜잭션에서 모두 바꾸거나 하나도 바꾸지 않습니다. 메시지가 없는 작업은 그대로 둡니다.',
  },
  examples: [
    'yeyak import --schema pgboss --queue send-alert --dry-run',
    'yeyak import --schema pgboss --queue send-alert',
  ],
  options: {
    schema: {
      type: 'string',
      value: '<schema>',
      doc: { en: "the old pg-boss's schema", ko: '이전 pg-boss의 스키마' },
    },
    queue: { type: 'string', value: '<queue>', doc: { en: 'its queue', ko: '이전 큐' } },
    'dry-run': {
      type: 'boolean',
      doc: { en: 'show what would be done', ko: '무엇을 할지 보여 주기만 합니다' },
    },
    json: JSON_OPTION,
  },
  most: 0,
  async run({ values, language, terminal, config: readConfig }) {
    const { schema, queue, 'dry-run': dryRun } = values
    if (schema === undefined || queue === undefined) throw new UsageError(texts.needed[language])
    const config = readConfig()
    if (schema === config.schema || schema === config.queueSchema)
      throw new UsageError(texts.own[language](schema))
    const [{ openPool, reachDatabase }, { createTables }, { migrateDatabase }, { queueImport }] =
      await Promise.all([
        import('./database.ts'),
        import('../platform/tables.ts'),
        import('../boot/index.ts'),
        import('../app.ts'),
      ])
    const reached = await reachDatabase(config, terminal)
    const db = openPool(reached, { applicationName: 'yeyak-import', maxConnections: 1 })
    try {
      const work = queueImport({ db, tables: createTables(config.schema), log: reached.log })
      // Also before the migrations: where there is nothing to take over, nothing is changed.
      const preview = await work.preview({ schema, queue })
      if (!preview.found) throw refusalOf(preview, schema, language)
      if (!dryRun) await migrateDatabase(reached)
      const report = dryRun ? preview : await work.run({ schema, queue })
      if (!report.found) throw refusalOf(report, schema, language)
      const { found: _found, ...shown } = report
      terminal.print(
        values.json ? JSON.stringify({ dryRun, ...shown }) : describe(report, queue, dryRun, language),
      )
      return EXIT.done
    } finally {
      await db.destroy()
      await reached.close()
    }
  },
})
