import { Link } from '@tanstack/react-router'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { useColumnChoice } from '../../parts/list/use-column-choice.ts'
import { Instant, Span } from '../../parts/moments.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import type { WideColumn } from '../../parts/virtual-table.tsx'
import { recipientOf, type Row, titleOf } from './rows.ts'
import { texts } from './texts.ts'

const INITIALLY = ['state', 'channel', 'to', 'dueAt', 'attemptCount', 'lateMs']

export const useColumns = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const all: WideColumn<Row>[] = [
    {
      id: 'title',
      title: t.columns.title,
      rem: 14,
      grow: 3,
      cell: (row) => (
        <Link to="/notifications/$id" params={{ id: row.id }}>
          <InertLine text={titleOf(row) || row.id} />
        </Link>
      ),
    },
    {
      id: 'state',
      title: t.columns.state,
      rem: 6.6,
      cell: ({ state }) => <StateBadge state={state} />,
    },
    { id: 'channel', title: t.columns.channel, rem: 5.5, cell: ({ channel }) => channel },
    {
      id: 'to',
      title: t.columns.to,
      rem: 9,
      grow: 1.5,
      cell: ({ to }) => <InertLine text={recipientOf(to)} most={120} />,
    },
    { id: 'dueAt', title: t.columns.dueAt, rem: 10.5, cell: ({ dueAt }) => <Instant at={dueAt} /> },
    {
      id: 'nextAttemptAt',
      title: t.columns.nextAttemptAt,
      rem: 10.5,
      cell: ({ nextAttemptAt }) => <Instant at={nextAttemptAt} />,
    },
    {
      id: 'attemptCount',
      title: t.columns.attemptCount,
      rem: 4.2,
      isNumber: true,
      cell: ({ attemptCount }) => format.number(attemptCount),
    },
    {
      id: 'lateMs',
      title: t.columns.lateMs,
      rem: 4.8,
      isNumber: true,
      cell: ({ lateMs }) => <Span ms={lateMs} />,
    },
    { id: 'reason', title: t.columns.reason, rem: 9, cell: ({ reason }) => reason ?? '' },
    {
      id: 'priority',
      title: t.columns.priority,
      rem: 5,
      isNumber: true,
      cell: ({ priority }) => format.number(priority),
    },
    {
      id: 'tags',
      title: t.columns.tags,
      rem: 7,
      grow: 1,
      cell: ({ tags }) => <InertLine text={tags.join(', ')} most={120} />,
    },
    {
      id: 'groupKey',
      title: t.columns.groupKey,
      rem: 7,
      grow: 1,
      cell: ({ groupKey }) => <InertLine text={groupKey ?? ''} most={120} />,
    },
    {
      id: 'createdAt',
      title: t.columns.createdAt,
      rem: 10.5,
      cell: ({ createdAt }) => <Instant at={createdAt} />,
    },
    {
      id: 'finishedAt',
      title: t.columns.finishedAt,
      rem: 10.5,
      cell: ({ finishedAt }) => <Instant at={finishedAt} />,
    },
    { id: 'id', title: t.columns.id, rem: 19, cell: ({ id }) => <code>{id}</code> },
  ]
  return useColumnChoice({ all, initially: INITIALLY, stored: 'yeyak.columns' })
}
