import type { Overview } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Panel } from '../../parts/page.tsx'
import { Empty } from '../../parts/query-view.tsx'
import { texts } from './texts.ts'

type Row = { channel: string } & Overview['byChannel'][string]

/** What became of it, channel by channel, within the last hour. */
export const Outcomes = ({ overview }: { overview: Overview }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const rows: Row[] = Object.entries(overview.byChannel).map(([channel, figures]) => ({
    channel,
    ...figures,
  }))
  const number = (id: 'created' | 'delivered' | 'failed' | 'canceled' | 'expired'): Column<Row> => ({
    id,
    title: t.outcome[id],
    isNumber: true,
    cell: (row) => format.number(row[id]),
  })
  const columns: Column<Row>[] = [
    { id: 'channel', title: t.channel, cell: ({ channel }) => <strong>{channel}</strong> },
    number('created'),
    number('delivered'),
    number('failed'),
    number('canceled'),
    number('expired'),
    {
      id: 'lateness',
      title: t.p99,
      isNumber: true,
      cell: ({ lateness }) => (lateness.p99 === null ? '–' : format.span(lateness.p99)),
    },
  ]
  return (
    <Panel title={t.outcomes} hint={t.lastHour}>
      {rows.length === 0 ? (
        <Empty>{t.nothingYet}</Empty>
      ) : (
        <DataTable label={t.outcomes} columns={columns} rows={rows} keyOf={({ channel }) => channel} />
      )}
    </Panel>
  )
}
