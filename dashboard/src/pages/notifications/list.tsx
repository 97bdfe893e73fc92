import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ListPage } from '../../parts/list/list-page.tsx'
import { LiveTable } from '../../parts/list/live-table.tsx'
import { onwards } from '../../parts/list/onwards.ts'
import { useColumns } from './columns.tsx'
import { filterOf, sortOf } from './filter.ts'
import { Filters } from './filters.tsx'
import { useRows } from './rows.ts'
import { texts } from './texts.ts'

export const NotificationsPage = () => {
  const t = useTexts(texts)
  const [search] = useSearchState()
  const columns = useColumns()
  const filter = filterOf(search)
  return (
    <ListPage
      {...{ title: t.title, needs: 'notifications:read', subject: 'notifications', views: 'yeyak.views' }}
      {...{ filter, columns }}
      filters={<Filters />}
    >
      <Rows key={JSON.stringify([filter, sortOf(search)])} columns={columns} />
    </ListPage>
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
      goOnFrom={(last) => change(onwards(sort, last))}
    />
  )
}
