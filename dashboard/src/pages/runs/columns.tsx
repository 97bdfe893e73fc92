import { Link } from '@tanstack/react-router'
import { useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { useColumnChoice } from '../../parts/list/use-column-choice.ts'
import { useLifeColumns } from '../../parts/list/use-life-columns.tsx'
import type { WideColumn } from '../../parts/virtual-table.tsx'
import { ProgressBar } from './progress-bar.tsx'
import type { Row } from './rows.ts'
import classes from './runs.module.css'
import { texts } from './texts.ts'

const INITIALLY = ['state', 'progress', 'dueAt', 'attemptCount', 'lateMs']

export const useColumns = () => {
  const t = useTexts(texts)
  const life = useLifeColumns<Row>()
  const all: WideColumn<Row>[] = [
    {
      ...{ id: 'title', title: t.columns.title, rem: 14, grow: 3 },
      cell: ({ id, task, told }) => (
        <Link to="/runs/$id" params={{ id }}>
          {task}{' '}
          <span className={classes.told}>
            <InertLine text={told} />
          </span>
        </Link>
      ),
    },
    life.state,
    { id: 'progress', title: t.progress, rem: 7, cell: (run) => <ProgressBar run={run} /> },
    ...[life.dueAt, life.nextAttemptAt, life.attemptCount, life.lateMs, life.reason],
    {
      ...{ id: 'scheduleId', title: t.columns.scheduleId, rem: 7, grow: 1 },
      cell: ({ scheduleId }) =>
        scheduleId !== null && (
          <Link to="/schedules/$name" params={{ name: scheduleId }}>
            {scheduleId}
          </Link>
        ),
    },
    ...[life.priority, life.tags, life.groupKey, life.createdAt, life.finishedAt, life.id],
  ]
  return useColumnChoice({ all, initially: INITIALLY, stored: 'yeyak.columns.runs' })
}
