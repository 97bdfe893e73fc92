import { Link } from '@tanstack/react-router'
import { useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { useColumnChoice } from '../../parts/list/use-column-choice.ts'
import { useLifeColumns } from '../../parts/list/use-life-columns.tsx'
import type { WideColumn } from '../../parts/virtual-table.tsx'
import { recipientOf, type Row, titleOf } from './rows.ts'
import { texts } from './texts.ts'

const INITIALLY = ['state', 'channel', 'to', 'dueAt', 'attemptCount', 'lateMs']

export const useColumns = () => {
  const t = useTexts(texts)
  const life = useLifeColumns<Row>()
  const all: WideColumn<Row>[] = [
    {
      ...{ id: 'title', title: t.columns.title, rem: 14, grow: 3 },
      cell: (row) => (
        <Link to="/notifications/$id" params={{ id: row.id }}>
          <InertLine text={titleOf(row) || row.id} />
        </Link>
      ),
    },
    life.state,
    { id: 'channel', title: t.columns.channel, rem: 5.5, cell: ({ channel }) => channel },
    {
      ...{ id: 'to', title: t.columns.to, rem: 9, grow: 1.5 },
      cell: ({ to }) => <InertLine text={recipientOf(to)} most={120} />,
    },
    ...[life.dueAt, life.nextAttemptAt, life.attemptCount, life.lateMs, life.reason, life.priority],
    ...[life.tags, life.groupKey, life.createdAt, life.finishedAt, life.id],
  ]
  return useColumnChoice({ all, initially: INITIALLY, stored: 'yeyak.columns' })
}
