import type { Language } from '../platform/errors.ts'
import { createClient } from './client.ts'
import { defineCommand, EXIT, JSON_OPTION, UsageError } from './command.ts'
import { isRecord, listOf, textOf } from './json.ts'
import { itemsOf, recipientsOf } from './notification-rows.ts'
import { align } from './table.ts'
import { duration, localTime } from './time.ts'
import { visible } from './visible.ts'

type Item = Record<string, unknown>

const LABELS = {
  attempts: { en: 'Attempts', ko: '시도' },
  timeline: { en: 'Timeline', ko: '경과' },
  id: { en: 'show takes the id of a notification', ko: 'show에는 알림의 id가 필요합니다' },
}

/** In the order of the answer, under the names of the API: what is read here can be filtered by and patched. */
const HIDDEN = new Set(['attempts', 'timeline'])
const INSTANTS = /At$/u

const valueOf = (name: string, value: unknown): string => {
  if (name === 'to') return visible(recipientsOf(value))
  if (name === 'lateMs' && typeof value === 'number') return duration(value)
  return INSTANTS.test(name) && typeof value === 'string' && name !== 'sendAt'
    ? localTime(value, true)
    : visible(textOf(value))
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0)

const fieldLines = (item: Item): string[] =>
  align(
    Object.entries(item)
      .filter(([name, value]) => !HIDDEN.has(name) && !isEmpty(value))
      .map(([name, value]) => [name, valueOf(name, value)]),
  )

const tookOf = (attempt: Item): string => {
  const [start, end] = [textOf(attempt['startedAt']), textOf(attempt['finishedAt'])].map((text) =>
    Date.parse(text),
  )
  return start === undefined || end === undefined || Number.isNaN(end) ? '' : duration(end - start)
}

const whyOf = (attempt: Item): string => {
  const error = isRecord(attempt['error'])
    ? `${textOf(attempt['error']['code'])}: ${textOf(attempt['error']['message'])}`
    : ''
  const rejected = listOf(attempt['rejected']).map((r) => `${textOf(r['address'])}: ${textOf(r['message'])}`)
  return visible([error, ...rejected].filter((text) => text !== '').join('; '))
}

const attemptLines = (item: Item): string[] =>
  align(
    listOf(item['attempts']).map((attempt) => [
      `  ${textOf(attempt['number'])}`,
      textOf(attempt['outcome']) || 'running',
      localTime(textOf(attempt['startedAt']), true),
      tookOf(attempt),
      [textOf(attempt['provider']), textOf(attempt['statusCode'])].filter((text) => text !== '').join(' '),
      whyOf(attempt),
    ]),
  )

const timelineLines = (timeline: readonly Item[]): string[] =>
  align(
    timeline.map((entry) => [
      `  ${localTime(textOf(entry['at']), true)}`,
      `+${duration(Number(entry['waitMs'] ?? 0))}`,
      textOf(entry['type']),
      visible(textOf(entry['detail'])),
    ]),
  )

const textFor = (item: Item, timeline: readonly Item[], language: Language): string => {
  const attempts = attemptLines(item)
  return [
    ...fieldLines(item),
    ...(attempts.length === 0 ? [] : ['', `${LABELS.attempts[language]}:`, ...attempts]),
    '',
    `${LABELS.timeline[language]}:`,
    ...timelineLines(timeline),
  ]
    .map((line) => line.trimEnd())
    .join('\n')
}

export const showCommand = defineCommand({
  name: 'show',
  summary: { en: 'one notification: attempts and timeline', ko: '알림 하나: 시도와 경과' },
  usage: ['<id> [--json]'],
  details: {
    en: 'With --json: the notification as the server answers it, with the items of its timeline as "timeline".',
    ko: '--json: 서버가 응답한 알림에 경과를 "timeline"으로 더해 출력합니다.',
  },
  examples: ['yeyak show 01a2009b-2f8f-71c0-a547-2e065421892e'],
  options: { json: JSON_OPTION },
  most: 1,
  async run({ values, positionals: [id], language, terminal, config }) {
    if (id === undefined) throw new UsageError(LABELS.id[language])
    const client = createClient({ config: config(), language })
    const path = `/v1/notifications/${encodeURIComponent(id)}`
    const [item, timeline] = [
      (await client.call({ method: 'GET', path })).body,
      itemsOf((await client.call({ method: 'GET', path: `${path}/timeline` })).body),
    ]
    terminal.print(values.json ? JSON.stringify({ ...item, timeline }) : textFor(item, timeline, language))
    return EXIT.done
  },
})
