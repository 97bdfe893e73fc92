import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant, Span } from '../../parts/moments.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import { StateBadge, stateTexts } from '../../parts/state-badge.tsx'
import { TabLinks } from '../../parts/tab-links.tsx'
import classes from './content.module.css'
import { useContentTabs } from './content-tabs.ts'
import { NewRelease } from './new-release.tsx'
import { type ReleaseSummary, releasesQuery } from './queries.ts'
import { texts } from './release-texts.ts'
import { texts as contentTexts } from './texts.ts'

const STATES = ['draft', 'scheduled', 'succeeded', 'failed', 'missed', 'canceled'] as const

/** Releases, the newest first. */
export const ReleasesPage = () => {
  const t = useTexts(texts)
  const c = useTexts(contentTexts)
  const states = useTexts(stateTexts)
  const session = useSession()
  const permission = usePermission('content:read')
  const [search, change] = useSearchState()
  const [isNew, setNew] = useState(false)
  const state = STATES.find((one) => one === search['state']) ?? ''
  return (
    <Page
      title={c.releases}
      actions={
        <ActionButton needs="content:publish" size="xs" onClick={() => setNew(true)}>
          {t.fresh}
        </ActionButton>
      }
    >
      <TabLinks label={c.title} tabs={useContentTabs()} shown="releases" />
      {session !== null && !permission.allowed ? (
        <Empty>{permission.reason}</Empty>
      ) : (
        <>
          <div className={classes.fields}>
            <NativeSelect
              size="xs"
              label={t.state}
              value={state}
              data={[
                { value: '', label: t.anyState },
                ...STATES.map((value) => ({ value, label: states[value] })),
              ]}
              onChange={(event) => change({ state: event.currentTarget.value || undefined })}
            />
          </div>
          <Table state={state} />
        </>
      )}
      {isNew && <NewRelease items={[]} onClose={() => setNew(false)} />}
    </Page>
  )
}

const Table = ({ state }: { state: string }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const query = useInfiniteQuery(releasesQuery(state))
  const columns: Column<ReleaseSummary>[] = [
    {
      id: 'title',
      title: t.releaseTitle,
      cell: ({ id, title }) => (
        <Link to="/content/release/$id" params={{ id }}>
          <InertLine text={title} most={120} />
        </Link>
      ),
    },
    { id: 'state', title: t.state, cell: (release) => <StateBadge state={release.state} /> },
    { id: 'items', title: t.items, isNumber: true, cell: ({ itemCount }) => format.number(itemCount) },
    { id: 'due', title: t.due, cell: ({ dueAt }) => <Instant at={dueAt} /> },
    {
      id: 'executed',
      title: t.executed,
      cell: ({ executedAt }) => <Instant at={executedAt} precision="ms" />,
    },
    { id: 'late', title: t.late, isNumber: true, cell: ({ lateMs }) => <Span ms={lateMs} /> },
    { id: 'changed', title: t.changed, cell: ({ updatedAt }) => <Instant at={updatedAt} /> },
  ]
  return (
    <div className={classes.panel}>
      <QueryView
        query={query}
        lines={6}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={state === '' ? t.none : t.noneFound}
      >
        {({ pages }) => (
          <DataTable
            label={t.one}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            keyOf={({ id }) => id}
          />
        )}
      </QueryView>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t.older}
        </Button>
      )}
    </div>
  )
}
