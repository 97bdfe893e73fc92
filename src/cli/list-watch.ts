import { setTimeout as sleep } from 'node:timers/promises'
import type { Language } from '../platform/errors.ts'
import { type Client, UnreachableError } from './client.ts'
import type { ListQuery } from './list-options.ts'
import { readPages } from './list-pages.ts'
import { headingsOf, rowOf, versionOf } from './notification-rows.ts'
import { createColumns } from './table.ts'
import { textOf } from './json.ts'
import type { Terminal } from './terminal.ts'

const INTERVAL_MS = 1000
const CLEAR = '\u001b[H\u001b[2J\u001b[3J'

type Item = Record<string, unknown>

const texts = {
  lost: { en: 'the server does not answer, trying again', ko: '서버가 응답하지 않아 다시 시도합니다' },
  back: { en: 'the server answers again', ko: '서버가 다시 응답합니다' },
  end: { en: 'Ctrl-C ends', ko: 'Ctrl-C로 끝냅니다' },
}

interface View {
  draw(items: readonly Item[], changed: readonly Item[]): void
}

/** A terminal shows the whole list anew; a file or a pipe gets a line for each item that has changed. */
const createView = (terminal: Terminal, language: Language, json: boolean): View => {
  const columns = createColumns(headingsOf(language).length)
  if (json)
    return {
      draw(_items, changed) {
        for (const item of changed) terminal.print(JSON.stringify(item))
      },
    }
  if (!terminal.isInteractive)
    return {
      draw(_items, changed) {
        for (const line of columns.lines(changed.map(rowOf))) terminal.print(line.trimEnd())
      },
    }
  return {
    draw(items) {
      const lines = columns.lines([headingsOf(language), ...items.map(rowOf)])
      terminal.write(`${CLEAR}${lines.map((line) => line.trimEnd()).join('\n')}\n\n${texts.end[language]}\n`)
    },
  }
}

/** Shows the list, and what changes in it, until a signal ends it. Throws what the first look or a refusal throws. */
export const watch = async (o: {
  client: Client
  query: ListQuery
  limit: number
  terminal: Terminal
  language: Language
  json: boolean
}): Promise<void> => {
  const { terminal, language } = o
  const ending = new AbortController()
  const end = () => ending.abort()
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  const view = createView(terminal, language, o.json)
  const query = { ...o.query, sort: o.query['sort'] ?? '-updatedAt' }
  let known: Map<string, string> | null = null
  let isLost = false

  const look = async (): Promise<void> => {
    const items: Item[] = []
    for await (const page of readPages(o.client, query, o.limit, ending.signal)) items.push(...page.items)
    const before = known
    const now = new Map(items.map((item) => [textOf(item['id']), versionOf(item)]))
    // In the order of the changes, as lines of a log: the list itself has one of its own.
    const changed = items
      .filter((item) => before?.get(textOf(item['id'])) !== versionOf(item))
      .sort((a, b) => (textOf(a['updatedAt']) < textOf(b['updatedAt']) ? -1 : 1))
    const isGone = before !== null && [...before.keys()].some((id) => !now.has(id))
    known = now
    if (before === null || changed.length > 0 || isGone) view.draw(items, changed)
    if (isLost) terminal.complain(texts.back[language])
    isLost = false
  }

  try {
    while (!ending.signal.aborted) {
      try {
        await look()
      } catch (error) {
        if (ending.signal.aborted) break
        if (known === null || !(error instanceof UnreachableError)) throw error
        if (!isLost) terminal.complain(texts.lost[language])
        isLost = true
      }
      await sleep(INTERVAL_MS, undefined, { signal: ending.signal }).catch(() => undefined)
    }
  } finally {
    process.off('SIGINT', end)
    process.off('SIGTERM', end)
  }
}
