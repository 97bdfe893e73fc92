import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Newer } from '../../parts/list/newer.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Failure, Loading, QueryView } from '../../parts/query-view.tsx'
import { TabLinks } from '../../parts/tab-links.tsx'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import { useColumns } from './columns.tsx'
import classes from './content.module.css'
import { useContentTabs } from './content-tabs.ts'
import { ExternalType } from './external.tsx'
import { type Filter, filterOf } from './filter.ts'
import { Filters } from './filters.tsx'
import { NewItem } from './new-item.tsx'
import { NewRelease } from './new-release.tsx'
import { subjectOf, typesQuery } from './queries.ts'
import { type Row, useRows } from './rows.ts'
import { texts } from './texts.ts'

/** Items of a type: what they are, what readers see of them, and what is to become of them. */
export const ContentPage = () => {
  const t = useTexts(texts)
  const session = useSession()
  const permission = usePermission('content:read')
  const types = useQuery({ ...typesQuery, enabled: permission.allowed })
  const [search] = useSearchState()
  const [isNew, setNew] = useState(false)
  const tabs = useContentTabs()
  const filter = filterOf(search, types.data?.find(({ external }) => !external)?.name ?? '')
  const type = types.data?.find(({ name }) => name === filter.type)
  return (
    <Page
      title={t.title}
      actions={
        type?.external === false && (
          <ActionButton needs="content:write" size="xs" onClick={() => setNew(true)}>
            {t.newItem}
          </ActionButton>
        )
      }
    >
      <TabLinks label={t.title} tabs={tabs} shown="items" />
      {session !== null && !permission.allowed ? (
        <Empty>{permission.reason}</Empty>
      ) : (
        <QueryView query={types} lines={10}>
          {(all) => (
            <>
              <Filters filter={filter} types={all} />
              {type?.external === true ? (
                <ExternalType type={type.name} />
              ) : (
                <Rows key={JSON.stringify(filter)} filter={filter} />
              )}
            </>
          )}
        </QueryView>
      )}
      {isNew && type !== undefined && <NewItem type={type} onClose={() => setNew(false)} />}
    </Page>
  )
}

const Rows = ({ filter: given }: { filter: Filter }) => {
  const t = useTexts(texts)
  const format = useFormat()
  // It has this filter for as long as it lives: another one is another list.
  const [filter] = useState(given)
  const { query, rows, newer, isFull, next, reload } = useRows(filter)
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map())
  const [isRelease, setRelease] = useState(false)
  const columns = useColumns({
    has: (row) => chosen.has(subjectOf(row)),
    toggle: (row) => {
      const all = new Map(chosen)
      if (!all.delete(subjectOf(row))) all.set(subjectOf(row), row)
      setChosen(all)
    },
  })
  if (query.isPending) return <Loading lines={12} />
  if (query.isError && rows.length === 0)
    return <Failure problem={query.error} retry={() => void query.refetch()} />
  const isFiltered = filter.status !== '' || filter.locale !== '' || filter.view !== 'draft'
  const end = () => {
    if (query.error !== null)
      return <Failure problem={query.error} retry={() => void query.fetchNextPage()} />
    if (isFull) return t.full(format.number(rows.length))
    return query.hasNextPage ? t.more : t.noMore(format.number(rows.length))
  }
  return (
    <div className={classes.rows}>
      <Newer count={newer} say={t.newer} onLook={reload} />
      {chosen.size > 0 && (
        <div className={classes.chosen}>
          <span>{t.chosen(format.number(chosen.size))}</span>
          <ActionButton needs="content:publish" size="xs" onClick={() => setRelease(true)}>
            {t.makeRelease}
          </ActionButton>
          <Button size="xs" variant="subtle" onClick={() => setChosen(new Map())}>
            {t.chooseNone}
          </Button>
        </div>
      )}
      {rows.length === 0 && !query.hasNextPage ? (
        <Empty>{isFiltered ? t.noneFound : t.noneYet}</Empty>
      ) : (
        <VirtualTable
          label={t.title}
          columns={columns}
          rows={rows}
          keyOf={subjectOf}
          onEnd={next}
          end={end()}
        />
      )}
      {isRelease && <NewRelease items={[...chosen.values()]} onClose={() => setRelease(false)} />}
    </div>
  )
}
