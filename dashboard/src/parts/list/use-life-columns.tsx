import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../inert.tsx'
import { Instant, Span } from '../moments.tsx'
import { StateBadge } from '../state-badge.tsx'
import type { WideColumn } from '../virtual-table.tsx'
import { texts } from './texts.ts'

type Moment = 'dueAt' | 'nextAttemptAt' | 'createdAt' | 'finishedAt'
type Text = 'reason' | 'groupKey'

type Life = Record<Moment, string | null> &
  Record<Text, string | null> & {
    id: string
    state: string
    attemptCount: number
    lateMs: number | null
    priority: number
    tags: readonly string[]
  }

/** Columns of whatever waits, is tried and ends. */
export const useLifeColumns = <Row extends Life>() => {
  const { columns: t } = useTexts(texts)
  const format = useFormat()
  const instant = (id: Moment): WideColumn<Row> => ({
    ...{ id, title: t[id], rem: 10.5 },
    cell: (row) => <Instant at={row[id]} />,
  })
  const number = (id: 'attemptCount' | 'priority', rem: number): WideColumn<Row> => ({
    ...{ id, title: t[id], rem, isNumber: true },
    cell: (row) => format.number(row[id]),
  })
  const line = (id: 'tags' | 'groupKey', textOf: (row: Row) => string): WideColumn<Row> => ({
    ...{ id, title: t[id], rem: 7, grow: 1 },
    cell: (row) => <InertLine text={textOf(row)} most={120} />,
  })
  const state: WideColumn<Row> = {
    ...{ id: 'state', title: t.state, rem: 6.6 },
    cell: (row) => <StateBadge state={row.state} />,
  }
  const lateMs: WideColumn<Row> = {
    ...{ id: 'lateMs', title: t.lateMs, rem: 4.8, isNumber: true },
    cell: (row) => <Span ms={row.lateMs} />,
  }
  const reason: WideColumn<Row> = {
    ...{ id: 'reason', title: t.reason, rem: 9 },
    cell: (row) => row.reason ?? '',
  }
  const id: WideColumn<Row> = {
    ...{ id: 'id', title: t.id, rem: 19 },
    cell: (row) => <code>{row.id}</code>,
  }
  return {
    ...{ state, lateMs, reason, id },
    ...{ dueAt: instant('dueAt'), nextAttemptAt: instant('nextAttemptAt') },
    ...{ createdAt: instant('createdAt'), finishedAt: instant('finishedAt') },
    ...{ attemptCount: number('attemptCount', 4.2), priority: number('priority', 5) },
    tags: line('tags', ({ tags }) => tags.join(', ')),
    groupKey: line('groupKey', ({ groupKey }) => groupKey ?? ''),
  }
}
