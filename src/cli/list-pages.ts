import type { Language } from '../platform/errors.ts'
import type { Client } from './client.ts'
import type { ListQuery } from './list-options.ts'
import { headingsOf, itemsOf, rowOf } from './notification-rows.ts'
import { createColumns } from './table.ts'
import type { Terminal } from './terminal.ts'

/** The most that the server gives at once. */
const PAGE = 200

interface Page {
  items: Record<string, unknown>[]
  nextCursor: string | null
}

/** The pages of a list, up to `limit` items in all. */
export async function* readPages(
  client: Client,
  query: ListQuery,
  limit: number,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  let left = limit
  let cursor: string | undefined
  do {
    const { body } = await client.call(
      {
        method: 'GET',
        path: '/v1/notifications',
        query: { ...query, limit: String(Math.min(left, PAGE)), cursor },
      },
      signal,
    )
    const items = itemsOf(body)
    const nextCursor = typeof body['nextCursor'] === 'string' ? body['nextCursor'] : null
    yield { items, nextCursor }
    left -= items.length
    cursor = nextCursor ?? undefined
  } while (cursor !== undefined && left > 0)
}

/** As the server answers, the pages put together; written as they come, whatever the length of the list. */
export const printJson = async (pages: AsyncIterable<Page>, terminal: Terminal): Promise<void> => {
  let nextCursor: string | null = null
  let before = '{"items":['
  for await (const page of pages) {
    for (const item of page.items) {
      terminal.write(before + JSON.stringify(item))
      before = ',\n'
    }
    nextCursor = page.nextCursor
  }
  const opening = before === ',\n' ? '' : before
  terminal.print(`${opening}],"nextCursor":${JSON.stringify(nextCursor)}}`)
}

const texts = {
  none: { en: 'none', ko: '없음' },
  more: { en: 'there are more: --limit, --all', ko: '더 있습니다: --limit, --all' },
}

/** Aligned rows, page by page. */
export const printTable = async (
  pages: AsyncIterable<Page>,
  terminal: Terminal,
  language: Language,
): Promise<void> => {
  const columns = createColumns(headingsOf(language).length)
  let isFirst = true
  let hasMore = false
  for await (const { items, nextCursor } of pages) {
    hasMore = nextCursor !== null
    if (items.length === 0) continue
    const rows = items.map(rowOf)
    for (const line of columns.lines(isFirst ? [headingsOf(language), ...rows] : rows))
      terminal.print(line.trimEnd())
    isFirst = false
  }
  if (isFirst) terminal.complain(texts.none[language])
  else if (hasMore) terminal.complain(texts.more[language])
}
