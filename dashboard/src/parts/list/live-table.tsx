import { Button } from '@mantine/core'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { Empty, Failure, Loading } from '../query-view.tsx'
import { VirtualTable, type WideColumn } from '../virtual-table.tsx'
import classes from './list.module.css'
import { Newer } from './newer.tsx'
import type { Listed } from './patched.ts'
import { texts } from './texts.ts'
import type { LiveRows } from './use-live-rows.ts'

interface LiveTableProps<Row extends Listed> {
  label: string
  live: LiveRows<Row>
  columns: readonly WideColumn<Row>[]
  /** In the place of rows, where there are none. */
  none: string
  /** Looks for those after the last one: of more than can be kept. */
  goOnFrom(last: Row): void
}

/** Rows without an end that change by themselves; what is new is offered, and pushes nothing away. */
export const LiveTable = <Row extends Listed>(o: LiveTableProps<Row>) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { query, rows, newer, isFull, isPausing, next, reload, goOn } = o.live
  const last = rows.at(-1)

  const end = () => {
    if (query.error !== null)
      return <Failure problem={query.error} retry={() => void query.fetchNextPage()} />
    if (isFull && last !== undefined)
      return (
        <Button variant="default" size="xs" onClick={() => o.goOnFrom(last)}>
          {t.goOnFrom(format.number(rows.length))}
        </Button>
      )
    if (isPausing)
      return (
        <Button variant="default" size="xs" onClick={goOn}>
          {t.goOn(rows.length > 0)}
        </Button>
      )
    return query.hasNextPage ? t.more : t.noMore(format.number(rows.length))
  }

  if (query.isPending) return <Loading lines={12} />
  if (query.isError && rows.length === 0)
    return <Failure problem={query.error} retry={() => void query.refetch()} />
  return (
    <div className={classes.rows}>
      <Newer count={newer} say={t.newer} onLook={reload} />
      {rows.length === 0 && !query.hasNextPage ? (
        <Empty>{o.none}</Empty>
      ) : (
        <VirtualTable
          label={o.label}
          columns={o.columns}
          rows={rows}
          keyOf={({ id }) => id}
          onEnd={next}
          end={end()}
        />
      )}
    </div>
  )
}
