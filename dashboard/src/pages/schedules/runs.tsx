import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Instant, Span } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { type Run, runsQuery } from './queries.ts'
import { RunBadge } from './run-badge.tsx'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

const Started = ({ run: { item, error } }: { run: Run }) => {
  if (error !== null)
    return (
      <span className={classes.error}>
        <code>{error.code}</code> <InertLine text={error.message} most={160} />
      </span>
    )
  if (item === null) return <span className={classes.dimmed}>–</span>
  if (item.kind === 'notification')
    return (
      <Link to="/notifications/$id" params={{ id: item.id }}>
        <code>{item.id.slice(-12)}</code>
      </Link>
    )
  if (item.kind === 'run')
    return (
      <Link to="/runs/$id" params={{ id: item.id }}>
        <code>{item.id.slice(-12)}</code>
      </Link>
    )
  return <code>{item.id}</code>
}

/** What it ran, the latest first. */
export const Runs = ({ name }: { name: string }) => {
  const t = useTexts(texts).runs
  const query = useInfiniteQuery(runsQuery(name, ''))
  const retry = useAction({
    run: ({ id }: Run) => api.post('/v1/schedules/{name}/runs/{id}/retry', { path: { name, id } }),
    touches: [['schedules', 'runs', name]],
    done: () => t.retried,
  })
  const columns: Column<Run>[] = [
    { id: 'of', title: t.occurrence, cell: ({ occurrenceAt }) => <Instant at={occurrenceAt} /> },
    { id: 'state', title: t.state, cell: (run) => <RunBadge run={run} /> },
    { id: 'cause', title: t.cause, cell: ({ cause, reason }) => reason ?? t.causes[cause] },
    { id: 'late', title: t.late, isNumber: true, cell: ({ lateMs }) => <Span ms={lateMs} /> },
    { id: 'item', title: t.item, cell: (run) => <Started run={run} /> },
    {
      id: 'retry',
      title: '',
      cell: (run) =>
        run.state === 'failed' && (
          <ActionButton
            needs="schedules:write"
            variant="default"
            size="compact-xs"
            onClick={() => retry.mutate(run)}
          >
            {t.retry}
          </ActionButton>
        ),
    },
  ]
  return (
    <Panel title={t.title}>
      <QueryView
        query={query}
        lines={4}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={t.none}
      >
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items)
          const hasFailed = rows.some(({ state }) => state === 'failed')
          return (
            <DataTable
              label={t.title}
              columns={hasFailed ? columns : columns.slice(0, -1)}
              rows={rows}
              keyOf={({ id }) => id}
            />
          )
        }}
      </QueryView>
      {query.hasNextPage && (
        <div>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t.older}
          </Button>
        </div>
      )}
    </Panel>
  )
}
