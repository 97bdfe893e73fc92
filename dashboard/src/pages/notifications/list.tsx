import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { BulkDialog, type BulkKind } from '../../parts/bulk/bulk-dialog.tsx'
import { LiveTable } from '../../parts/list/live-table.tsx'
import { BulkButtons, ColumnChooser, SavedViews } from '../../parts/list/toolbar.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty } from '../../parts/query-view.tsx'
import { useColumns } from './columns.tsx'
import { filterOf, sortOf } from './filter.ts'
import { Filters } from './filters.tsx'
import { useRows } from './rows.ts'
import { texts } from './texts.ts'

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
          <SavedViews stored="yeyak.views" />
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
  const [search, change] = useSearchState()
  const [filter] = useState(() => filterOf(search))
  const [sort] = useState(() => sortOf(search))
  return (
    <LiveTable
      label={t.title}
      live={useRows(filter, sort)}
      columns={columns.shown}
      none={Object.keys(filter).length === 0 ? t.noneYet : t.noneFound}
      goOnFrom={({ dueAt, createdAt }) =>
        change(
          sort.endsWith('dueAt')
            ? { [sort === 'dueAt' ? 'dueFrom' : 'dueTo']: dueAt }
            : { [sort === 'createdAt' ? 'createdFrom' : 'createdTo']: createdAt },
        )
      }
    />
  )
}
