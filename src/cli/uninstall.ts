import type { Language } from '../platform/errors.ts'
import { CommandError, defineCommand, EXIT } from './command.ts'
import type { Contents, OtherProcess } from './repository-uninstall.ts'
import { align } from './table.ts'
import { localTime } from './time.ts'

const texts = {
  nothing: {
    en: (schema: string) => `there is nothing to remove: no schema ${schema}`,
    ko: (schema: string) => `지울 것이 없습니다. ${schema} 스키마가 없습니다`,
  },
  removes: {
    en: (schemas: string, place: string) =>
      `This removes the schemas ${schemas} of ${place}, with all that is in them:`,
    ko: (schemas: string, place: string) => `${place}의 스키마 ${schemas}와 그 안의 모든 것을 지웁니다:`,
  },
  waiting: {
    en: (count: number) => `  ${count} notifications that still wait, and will never be sent`,
    ko: (count: number) => `  아직 보내지 않은 알림 ${count}개. 다시는 보내지 않습니다`,
  },
  earliest: {
    en: (time: string) => `earliest due ${time}`,
    ko: (time: string) => `가장 이른 예정 시각 ${time}`,
  },
  final: {
    en: (count: number) => `  ${count} that are final, with their attempts and events`,
    ko: (count: number) => `  끝난 알림 ${count}개와 그 시도, 이벤트`,
  },
  dependents: {
    en: '  and what others have built on it:',
    ko: '  그리고 이것에 의존하는 다음 항목:',
  },
  strangers: {
    en: 'These are not tables of Yeyak. Move them elsewhere first, or mend YEYAK_SCHEMA; nothing was removed:',
    ko: '다음은 Yeyak의 테이블이 아닙니다. 먼저 다른 곳으로 옮기거나 YEYAK_SCHEMA를 고쳐야 합니다. 아무것도 지우지 않았습니다:',
  },
  running: {
    en: 'Yeyak is connected to this database: stop it first, or give --force.',
    ko: '이 데이터베이스에 연결된 Yeyak이 있습니다. 먼저 멈추거나 --force를 써야 합니다.',
  },
  ask: {
    en: (schema: string) => `Type ${schema} to remove it: `,
    ko: (schema: string) => `지우려면 ${schema}를 입력하십시오: `,
  },
  kept: { en: 'not confirmed: nothing was removed', ko: '확인되지 않았습니다. 아무것도 지우지 않았습니다' },
  removed: {
    en: (schemas: string) => `removed: ${schemas}`,
    ko: (schemas: string) => `지웠습니다: ${schemas}`,
  },
  folder: {
    en: (folder: string) =>
      `The embedded PostgreSQL itself is in ${folder}, which can be deleted once nothing runs on it.`,
    ko: (folder: string) =>
      `내장 PostgreSQL 자체는 ${folder}에 있습니다. 실행 중이 아닐 때 지울 수 있습니다.`,
  },
}

const describe = (contents: Contents, place: string, language: Language): string => {
  const { schemas, waiting, final, dependents } = contents
  const total = waiting.reduce((sum, row) => sum + row.count, 0)
  const rows = waiting.map((row) => [
    `    ${row.channel}`,
    row.state,
    String(row.count),
    texts.earliest[language](localTime(row.earliest)),
  ])
  return [
    texts.removes[language](schemas.join(', '), place),
    texts.waiting[language](total),
    ...align(rows),
    texts.final[language](final),
    ...(dependents.length === 0
      ? []
      : [texts.dependents[language], ...dependents.map((name) => `    ${name}`)]),
  ].join('\n')
}

const describeOthers = (others: readonly OtherProcess[]): string[] =>
  align(others.map(({ pid, name, client }) => [`  ${name}`, client ?? 'local', `backend ${pid}`]))

export const uninstallCommand = defineCommand({
  name: 'uninstall',
  summary: { en: 'remove Yeyak from its database', ko: '데이터베이스에서 Yeyak을 지웁니다' },
  usage: ['[--yes] [--force]'],
  details: {
    en: 'Shows what still waits, asks for the name of the schema, and drops both schemas in one transaction. There is no way\nback but a backup. It refuses while other processes of Yeyak are connected; one that is idle may not be.',
    ko: '아직 기다리는 것을 보여 주고, 스키마 이름을 물은 다음, 두 스키마를 한 트랜잭션에서 지웁니다. 백업 없이는 되돌릴 수\n없습니다. 다른 Yeyak 프로세스가 연결되어 있으면 거절합니다. 쉬고 있는 프로세스는 연결이 없을 수 있습니다.',
  },
  examples: ['yeyak uninstall'],
  options: {
    yes: { type: 'boolean', doc: { en: 'do not ask', ko: '묻지 않습니다' } },
    force: {
      type: 'boolean',
      doc: { en: 'also while Yeyak is connected', ko: 'Yeyak이 연결되어 있어도 지웁니다' },
    },
  },
  most: 0,
  async run({ values, language, terminal, config: readConfig }) {
    const config = readConfig()
    const [{ openPool, reachDatabase }, repository, { describeDatabase }] = await Promise.all([
      import('./database.ts'),
      import('./repository-uninstall.ts'),
      import('../config.ts'),
    ])
    const reached = await reachDatabase(config, terminal)
    const db = openPool(reached, {
      applicationName: 'yeyak-uninstall',
      maxConnections: 1,
      queryTimeoutMs: 310_000,
    })
    const refuseWhileUsed = async () => {
      const others = values.force ? [] : await repository.otherProcesses(db)
      if (others.length > 0)
        throw new CommandError([texts.running[language], ...describeOthers(others)].join('\n'))
    }
    try {
      const contents = await repository.readContents(db, config.schema, config.queueSchema)
      if (contents.schemas.length === 0) {
        terminal.print(texts.nothing[language](config.schema))
        return EXIT.done
      }
      terminal.print(describe(contents, describeDatabase(config), language))
      if (contents.strangers.length > 0)
        throw new CommandError(
          [texts.strangers[language], ...contents.strangers.map((name) => `  ${name}`)].join('\n'),
        )
      await refuseWhileUsed()
      if (!values.yes) {
        const answer = await terminal.ask(texts.ask[language](config.schema))
        if (answer?.trim() !== config.schema) throw new CommandError(texts.kept[language])
        // The person took a while.
        await refuseWhileUsed()
      }
      await repository.dropSchemas(db, contents.schemas)
      terminal.print(texts.removed[language](contents.schemas.join(', ')))
      if (config.database.kind === 'embedded') terminal.print(texts.folder[language](config.database.dataDir))
      return EXIT.done
    } finally {
      await db.destroy()
      await reached.close()
    }
  },
})
