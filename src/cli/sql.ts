import { homedir } from 'node:os'
import path from 'node:path'
import type { Language } from '../platform/errors.ts'
import { CommandError, defineCommand, EXIT, JSON_OPTION, UsageError } from './command.ts'
import type { Session, StatementResult } from './repository-sql.ts'
import type { Terminal } from './terminal.ts'

const texts = {
  timeout: {
    en: '--timeout takes whole seconds from 1 to 86400',
    ko: '--timeout에는 1~86400초를 정수로 씁니다',
  },
  limit: { en: '--limit takes a whole number above 0', ko: '--limit에는 1 이상의 정수를 씁니다' },
  readOnly: {
    en: 'This session only reads: yeyak sql --write changes.',
    ko: '이 세션은 읽기만 합니다. 바꾸려면 yeyak sql --write를 씁니다.',
  },
  dropped: {
    en: (shown: number, dropped: number) => `the first ${shown} rows; ${dropped} more with --limit`,
    ko: (shown: number, dropped: number) => `처음 ${shown}행. ${dropped}행이 더 있습니다: --limit`,
  },
  welcome: {
    en: (place: string, write: boolean) =>
      `${place}; ${write ? 'changes are made' : 'read-only'}. \\? for help, \\q ends.`,
    ko: (place: string, write: boolean) =>
      `${place}. ${write ? '변경할 수 있습니다' : '읽기 전용'}. 도움말은 \\?, 끝내기는 \\q.`,
  },
}

const DEFAULT_TIMEOUT_SECONDS = 30
const DEFAULT_ROWS = 1000

type Printed = (results: readonly StatementResult[]) => void

/** One piece of input, statements or a line of `\d` and the like. False where it asks for the end. */
const createRunner =
  (o: { session: Session; print: Printed; terminal: Terminal; language: Language }) =>
  async (text: string): Promise<boolean> => {
    const { runMeta } = await import('./sql-commands.ts')
    if (!text.trimStart().startsWith('\\')) {
      o.print(await o.session.run(text))
      return true
    }
    const meta = await runMeta(text, o.session, o.language)
    if (meta.kind === 'results') o.print(meta.results)
    if (meta.kind === 'text') o.terminal.print(meta.text)
    return meta.kind !== 'quit'
  }

export const sqlCommand = defineCommand({
  name: 'sql',
  summary: {
    en: "statements on Yeyak's database, read-only",
    ko: '데이터베이스에 SQL을 실행합니다(읽기 전용)',
  },
  usage: ["'<statements>' [options]", '[options]'],
  details: {
    en: 'Without statements they are read from the input, or asked for one by one. Names are looked up in the schemas of Yeyak,\nthen in public. An embedded database that runs is joined; one that does not is started meanwhile.',
    ko: '문장이 없으면 표준 입력에서 읽거나 하나씩 물어봅니다. 이름은 Yeyak의 스키마에서 먼저, 다음에 public에서 찾습니다.\n내장 데이터베이스가 실행 중이면 거기에 연결하고, 아니면 명령이 끝날 때까지만 시작합니다.',
  },
  examples: [
    `yeyak sql "select state, count(*) from notifications group by 1"`,
    `yeyak sql '\\dt'`,
    'yeyak sql --json "select * from upcoming limit 5"',
    'yeyak sql < report.sql',
    'yeyak sql',
  ],
  options: {
    write: { type: 'boolean', doc: { en: 'may change, too', ko: '변경도 할 수 있습니다' } },
    timeout: {
      type: 'string',
      value: '<seconds>',
      doc: { en: 'of each statement (30)', ko: '문장 하나의 제한 시간(30)' },
    },
    limit: {
      type: 'string',
      value: '<rows>',
      doc: {
        en: 'rows printed of each statement (1000; with --json all)',
        ko: '문장마다 출력할 행(1000, --json이면 전부)',
      },
    },
    json: JSON_OPTION,
  },
  most: 1,
  async run({ values, positionals: [given], language, terminal, config: readConfig }) {
    const timeoutSeconds = Number(values.timeout ?? DEFAULT_TIMEOUT_SECONDS)
    if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1 || timeoutSeconds > 86_400)
      throw new UsageError(texts.timeout[language])
    const allRows = values.json ? Number.POSITIVE_INFINITY : DEFAULT_ROWS
    const rowLimit = values.limit === undefined ? allRows : Number(values.limit)
    if (values.limit !== undefined && !(Number.isSafeInteger(rowLimit) && rowLimit > 0))
      throw new UsageError(texts.limit[language])
    const config = readConfig()
    const [
      { reachDatabase },
      { describeSqlError, isReadOnlyError, openSession },
      { jsonOf, tableOf },
      script,
    ] = await Promise.all([
      import('./database.ts'),
      import('./repository-sql.ts'),
      import('./sql-result.ts'),
      import('./sql-script.ts'),
    ])
    const { describeDatabase } = await import('../config.ts')

    const explain = (error: unknown): string =>
      isReadOnlyError(error)
        ? `${describeSqlError(error)}\n${texts.readOnly[language]}`
        : describeSqlError(error)

    const print: Printed = (results) => {
      for (const result of results) {
        terminal.print(values.json ? jsonOf(result) : tableOf(result))
        if (result.dropped > 0) terminal.complain(texts.dropped[language](result.rows.length, result.dropped))
      }
    }

    const reached = await reachDatabase(config, terminal)
    try {
      const session = await openSession({
        connection: reached.connection,
        searchPath: [config.schema, config.queueSchema, 'public'],
        write: values.write,
        timeoutSeconds,
        rowLimit,
      })
      const run = createRunner({ session, print, terminal, language })
      try {
        if (given !== undefined || !terminal.isTyped) {
          for (const piece of script.piecesOf(given ?? (await terminal.readAll()))) {
            if (!(await run(piece.kind === 'meta' ? piece.line : piece.text))) break
          }
          return EXIT.done
        }
        const { runPrompt } = await import('./sql-prompt.ts')
        terminal.print(texts.welcome[language](describeDatabase(config), values.write))
        await runPrompt({
          input: process.stdin,
          output: process.stdout,
          historyFile: path.join(homedir(), '.yeyak_sql_history'),
          lost: session.lost,
          onCancel: () => void session.cancel().catch(() => {}),
          // A statement that is refused ends nothing: the next one may be right.
          onInput: (text) =>
            run(text).catch((error: unknown) => {
              terminal.complain(explain(error))
              return true
            }),
        })
        return EXIT.done
      } catch (error) {
        throw new CommandError(explain(error), { cause: error })
      } finally {
        await session.end()
      }
    } finally {
      await reached.close()
    }
  },
})
