import { Button } from '@mantine/core'
import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { BulkDialog, type BulkKind } from '../../parts/bulk/bulk-dialog.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Failure, Loading } from '../../parts/query-view.tsx'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import { useColumns } from './columns.tsx'
import { filterOf, sortOf } from './filter.ts'
import { Filters } from './filters.tsx'
import classes from './list.module.css'
import { useRows } from './rows.ts'
import { texts } from './texts.ts'
import { BulkButtons, ColumnChooser, SavedViews } from './toolbar.tsx'

/** All notifications, however many: what is looked for stands in the address. */
export const NotificationsPage = () => {
  const t = useTexts(texts)
  const session = useSession()
  const permission = usePermission('notifications:read')
  const [search] = useSearchState()
  const [bulk, setBulk] = useState<BulkKind | null>(null)
  const columns = useColumns()
  const filter = filterOf(search)
  return (
    <Page
      title={t.title}
      actions={
        <>
          <BulkButtons onBulk={setBulk} />
          <SavedViews />
          <ColumnChooser columns={columns} />
        </>
      }
    >
      <Filters />
      {session !== null && !permission.allowed ? (
        <Empty>{permission.reason}</Empty>
      ) : (
        <Rows key={JSON.stringify([filter, sortOf(search)])} columns={columns} />
      )}
      {bulk !== null && (
        <BulkDialog subject="notifications" kind={bulk} filter={filter} onClose={() => setBulk(null)} />
      )}
    </Page>
  )
}

const Rows = ({ columns }: { columns: ReturnType<typeof useColumns> }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const [search, change] = useSearchState()
  const [filter] = useState(() => filterOf(search))
  const [sort] = useState(() => sortOf(search))
  const { query, rows, newer, isFull, isPausing, next, reload, goOn } = useRows(filter, sort)
  const last = rows.at(-1)

  const end = () => {
    if (query.error !== null)
      return <Failure problem={query.error} retry={() => void query.fetchNextPage()} />
    if (isFull && last !== undefined)
      return (
        <Button
          variant="default"
          size="xs"
          onClick={() =>
            change(
              sort.endsWith('dueAt')
                ? { [sort === 'dueAt' ? 'dueFrom' : 'dueTo']: last.dueAt }
                : { [sort === 'createdAt' ? 'createdFrom' : 'createdTo']: last.createdAt },
            )
          }
        >
          {t.goOnFrom(format.number(rows.length))}
        </Button>
      )
    if (isPausing)
      return (
        <Button variant="default" size="xs" onClick={goOn}>
          {t.goOn}
        </Button>
      )
    return query.hasNextPage ? t.more : t.noMore(format.number(rows.length))
  }

  if (query.isPending) return <Loading lines={12} />
  if (query.isError && rows.length === 0)
    return <Failure problem={query.error} retry={() => void query.refetch()} />
  return (
    <div className={classes.rows}>
      {newer > 0 && (
        <div className={classes.newer} role="status">
          <Button size="xs" variant="light" onClick={reload}>
            {t.newer(format.number(newer))}
          </Button>
        </div>
      )}
      {rows.length === 0 && !query.hasNextPage ? (
        <Empty>{Object.keys(filter).length === 0 ? t.noneYet : t.noneFound}</Empty>
      ) : (
        <VirtualTable
          label={t.title}
          columns={columns.shown}
          rows={rows}
          keyOf={({ id }) => id}
          onEnd={next}
          end={end()}
        />
      )}
    </div>
  )
}
