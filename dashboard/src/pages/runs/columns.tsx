import { Link } from '@tanstack/react-router'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { useColumnChoice } from '../../parts/list/use-column-choice.ts'
import { Instant, Span } from '../../parts/moments.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import type { WideColumn } from '../../parts/virtual-table.tsx'
import { ProgressBar } from './progress-bar.tsx'
import type { Row } from './rows.ts'
import classes from './runs.module.css'
import { texts } from './texts.ts'

const INITIALLY = ['state', 'progress', 'dueAt', 'attemptCount', 'lateMs']

export const useColumns = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const instant = (id: 'dueAt' | 'nextAttemptAt' | 'createdAt' | 'finishedAt'): WideColumn<Row> => ({
    id,
    title: t.columns[id],
    rem: 10.5,
    cell: (row) => <Instant at={row[id]} />,
  })
  const number = (id: 'attemptCount' | 'priority', rem: number): WideColumn<Row> => ({
    ...{ id, rem, title: t.columns[id], isNumber: true },
    cell: (row) => format.number(row[id]),
  })
  const all: WideColumn<Row>[] = [
    {
      id: 'title',
      title: t.columns.title,
      rem: 14,
      grow: 3,
      cell: ({ id, task, told }) => (
        <Link to="/runs/$id" params={{ id }}>
          {task}{' '}
          <span className={classes.told}>
            <InertLine text={told} />
          </span>
        </Link>
      ),
    },
    {
      id: 'state',
      title: t.columns.state,
      rem: 6.6,
      cell: ({ state }) => <StateBadge state={state} />,
    },
    { id: 'progress', title: t.progress, rem: 7, cell: (run) => <ProgressBar run={run} /> },
    instant('dueAt'),
    instant('nextAttemptAt'),
    number('attemptCount', 4.2),
    {
      id: 'lateMs',
      title: t.columns.lateMs,
      rem: 4.8,
      isNumber: true,
      cell: ({ lateMs }) => <Span ms={lateMs} />,
    },
    { id: 'reason', title: t.columns.reason, rem: 9, cell: ({ reason }) => reason ?? '' },
    {
      id: 'scheduleId',
      title: t.columns.scheduleId,
      rem: 7,
      grow: 1,
      cell: ({ scheduleId }) =>
        scheduleId !== null && (
          <Link to="/schedules/$name" params={{ name: scheduleId }}>
            {scheduleId}
          </Link>
        ),
    },
    number('priority', 5),
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
    instant('createdAt'),
    instant('finishedAt'),
    { id: 'id', title: t.columns.id, rem: 19, cell: ({ id }) => <code>{id}</code> },
  ]
  return useColumnChoice({ all, initially: INITIALLY, stored: 'yeyak.columns.runs' })
}
