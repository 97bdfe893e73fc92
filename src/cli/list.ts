import { createClient } from './client.ts'
import { defineCommand, EXIT, UsageError } from './command.ts'
import { LIST_OPTIONS, queryOf } from './list-options.ts'
import { printJson, printTable, readPages } from './list-pages.ts'
import { watch } from './list-watch.ts'

const DEFAULT_LIMIT = 50

const texts = {
  limit: { en: '--limit takes a whole number above 0', ko: '--limit에는 1 이상의 정수를 씁니다' },
  both: { en: 'give --limit or --all, not both', ko: '--limit과 --all은 함께 쓸 수 없습니다' },
  watchAll: {
    en: '--watch shows a part of the list: leave --all out',
    ko: '--watch에는 --all을 쓸 수 없습니다',
  },
}

export const listCommand = defineCommand({
  name: 'list',
  summary: { en: 'notifications, filtered', ko: '알림을 조건에 맞게 보여 줍니다' },
  usage: ['[filters] [--limit <n> | --all] [--watch] [--json]'],
  details: {
    en: 'A comma list means any of them. The order is that of dueAt; with --watch what changed last comes first.',
    ko: '쉼표로 이은 값은 그중 하나를 뜻합니다. dueAt 순서이며, --watch에서는 마지막에 바뀐 것이 먼저입니다.',
  },
  examples: [
    'yeyak list --state scheduled,queued --limit 20',
    'yeyak list --state failed --sort -updatedAt',
    'yeyak list --tag news --due-from 2030-12-01T00:00:00Z --all --json',
    'yeyak list --watch',
  ],
  options: LIST_OPTIONS,
  most: 0,
  async run({ values, language, terminal, config }) {
    if (values.limit !== undefined && values.all) throw new UsageError(texts.both[language])
    if (values.limit !== undefined && !/^[1-9]\d{0,8}$/u.test(values.limit))
      throw new UsageError(texts.limit[language])
    if (values.watch && values.all) throw new UsageError(texts.watchAll[language])
    const limit = values.all ? Number.POSITIVE_INFINITY : Number(values.limit ?? DEFAULT_LIMIT)
    const client = createClient({ config: config(), language })
    const query = queryOf(values)
    if (values.watch) {
      await watch({ client, query, limit, terminal, language, json: values.json })
      return EXIT.done
    }
    const pages = readPages(client, query, limit)
    await (values.json ? printJson(pages, terminal) : printTable(pages, terminal, language))
    return EXIT.done
  },
})
