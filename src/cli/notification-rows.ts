import type { Language } from '../platform/errors.ts'
import { isRecord, textOf } from './json.ts'
import { visible } from './visible.ts'
import { localTime } from './time.ts'
import { cut } from './width.ts'

const HEADINGS = {
  en: ['ID', 'STATE', 'DUE', 'CHANNEL', 'TO', 'CONTENT'],
  ko: ['ID', '상태', '예정 시각', '채널', '수신자', '내용'],
} as const satisfies Record<Language, readonly string[]>

const TO_COLUMNS = 30
const CONTENT_COLUMNS = 50

/** What a notification says, in one line: its subject, else the first content that there is. */
const contentOf = (item: Record<string, unknown>): string => {
  const found = ['subject', 'message', 'text', 'payload', 'html']
    .map((field) => item[field])
    .find((value) => value !== undefined && value !== null)
  return textOf(found)
}

export const recipientsOf = (to: unknown): string =>
  Array.isArray(to) ? to.map(textOf).join(', ') : textOf(to)

export const headingsOf = (language: Language): readonly string[] => HEADINGS[language]

/** A row of a list. State names are those of the API in every language: they are what filters take. */
export const rowOf = (item: Record<string, unknown>): string[] => [
  textOf(item['id']),
  textOf(item['state']),
  localTime(textOf(item['dueAt'])),
  textOf(item['channel']),
  cut(visible(recipientsOf(item['to'])), TO_COLUMNS),
  cut(visible(contentOf(item)), CONTENT_COLUMNS),
]

/** What changes whenever the row does: the version, and the state, which turns to `queued` with the time alone. */
export const versionOf = (item: Record<string, unknown>): string =>
  `${textOf(item['version'])} ${textOf(item['state'])} ${textOf(item['updatedAt'])}`

export const itemsOf = (body: Record<string, unknown>): Record<string, unknown>[] => {
  const { items } = body
  return Array.isArray(items) ? items.filter(isRecord) : []
}
