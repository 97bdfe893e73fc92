import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { BulkOperation } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { texts as bulkTexts } from '../../parts/bulk/texts.ts'
import { operationsQuery } from './queries.ts'
import { texts } from './texts.ts'

export const describeFilter = (filter: Readonly<Record<string, unknown>>): string =>
  Object.entries(filter)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')

/** Changes of many that run, or ran lately; there is no heading for none. */
export const Operations = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const subjects: Readonly<Record<string, string>> = useTexts(bulkTexts).subjects
  const { data } = useQuery(operationsQuery)
  if (data === undefined || data.items.length === 0) return null
  const columns: Column<BulkOperation>[] = [
    {
      id: 'kind',
      title: t.operation,
      cell: ({ id, kind }) => (
        <Link to="/operations/$id" params={{ id }}>
          {t.kinds[kind as keyof typeof t.kinds] ?? kind}
        </Link>
      ),
    },
    { id: 'subject', title: t.what, cell: ({ subject }) => subjects[subject] ?? subject },
    { id: 'state', title: t.state, cell: ({ state }) => <StateBadge state={state} /> },
    {
      id: 'filter',
      title: t.filter,
      cell: ({ filter }) => <InertLine text={describeFilter(filter)} most={90} />,
    },
    { id: 'changed', title: t.changed, isNumber: true, cell: ({ changed }) => format.number(changed) },
    { id: 'at', title: t.begun, cell: ({ createdAt }) => <Instant at={createdAt} /> },
  ]
  return (
    <Panel title={t.operations}>
      <DataTable label={t.operations} columns={columns} rows={data.items} keyOf={({ id }) => id} />
    </Panel>
  )
}
