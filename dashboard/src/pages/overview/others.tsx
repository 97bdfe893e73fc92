import type { Overview } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Panel } from '../../parts/page.tsx'
import { useCounted } from './counted.ts'
import { texts } from './texts.ts'

type Row = { kind: 'runs' | 'publications' } & Pick<Overview, 'due' | 'overdue' | 'lateness'> & {
    failed: number
  }

/** Above it the server counts failed publications no further. */
const MOST_FAILED = 1_000

/** What is due of tasks and of content, beside the notifications; not there while there is neither. */
export const Others = ({ overview }: { overview: Overview }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const counted = useCounted()
  const { runs, publications } = overview
  const rows: Row[] = [
    { kind: 'runs', ...runs, failed: runs.counts.failed },
    { kind: 'publications', ...publications, failed: publications.counts.failed },
  ]
  const isEmpty = [...Object.values(runs.counts), ...Object.values(publications.counts)].every((n) => n === 0)
  if (isEmpty) return null
  const due = (id: 'minute' | 'hour' | 'day'): Column<Row> => ({
    id,
    title: t.due[id],
    isNumber: true,
    cell: (row) => counted(row.due[id]),
  })
  const columns: Column<Row>[] = [
    { id: 'kind', title: t.kind, cell: ({ kind }) => <strong>{t.kinds[kind]}</strong> },
    due('minute'),
    due('hour'),
    due('day'),
    { id: 'overdue', title: t.overdue, isNumber: true, cell: (row) => counted(row.overdue) },
    {
      id: 'failed',
      title: t.outcome.failed,
      isNumber: true,
      cell: ({ kind, failed }) =>
        kind === 'publications' ? counted(failed, MOST_FAILED) : format.number(failed),
    },
    {
      id: 'lateness',
      title: t.lateness,
      isNumber: true,
      cell: ({ lateness }) => (lateness.p99 === null ? '–' : format.span(lateness.p99)),
    },
  ]
  return (
    <Panel title={t.others}>
      <DataTable label={t.others} columns={columns} rows={rows} keyOf={({ kind }) => kind} />
    </Panel>
  )
}
