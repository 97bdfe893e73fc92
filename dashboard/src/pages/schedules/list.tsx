import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useSearchState } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Instant, Relative } from '../../parts/moments.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { missedQuery, type Schedule, schedulesQuery } from './queries.ts'
import { RunBadge } from './run-badge.tsx'
import { ScheduleForm } from './schedule-form.tsx'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

const STATES = ['', 'active', 'paused', 'finished'] as const

/** How many were missed while it was paused; whoever may not resume it is told the policy. */
const Missed = ({ schedule }: { schedule: Schedule }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { allowed } = usePermission('schedules:write')
  const isPaused = schedule.state === 'paused'
  const { data } = useQuery({
    ...missedQuery(schedule.name, schedule.version, 'all'),
    enabled: isPaused && allowed,
  })
  if (data !== undefined && data.missedCount > 0)
    return <strong className={classes.missed}>{t.missedCount(format.number(data.missedCount))}</strong>
  return <span className={classes.policy}>{t.policies[schedule.missed ?? 'once']}</span>
}

const useColumns = (): Column<Schedule>[] => {
  const t = useTexts(texts).columns
  return [
    {
      id: 'name',
      title: t.name,
      cell: ({ name }) => (
        <Link className={classes.name} to="/schedules/$name" params={{ name }}>
          {name}
        </Link>
      ),
    },
    { id: 'state', title: t.state, cell: ({ state }) => <StateBadge state={state} /> },
    {
      id: 'rule',
      title: t.rule,
      cell: ({ cron, rrule, timeZone }) => (
        <span className={classes.two}>
          <code>{cron ?? rrule}</code>
          <span className={classes.dimmed}>{timeZone}</span>
        </span>
      ),
    },
    {
      id: 'next',
      title: t.next,
      cell: ({ nextRuns: [next] }) =>
        next === undefined ? (
          <span className={classes.dimmed}>–</span>
        ) : (
          <span className={classes.two}>
            <Instant at={next} />
            <span className={classes.dimmed}>
              <Relative at={next} />
            </span>
          </span>
        ),
    },
    {
      id: 'last',
      title: t.last,
      cell: ({ lastRun }) =>
        lastRun === null ? (
          <span className={classes.dimmed}>–</span>
        ) : (
          <span className={classes.two}>
            <RunBadge run={lastRun} />
            <span className={classes.dimmed}>
              <Relative at={lastRun.occurrenceAt} />
            </span>
          </span>
        ),
    },
    { id: 'missed', title: t.missed, cell: (schedule) => <Missed schedule={schedule} /> },
  ]
}

/** Everything that happens again and again. */
export const SchedulesPage = () => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const session = useSession()
  const permission = usePermission('schedules:read')
  const [search, change] = useSearchState()
  const [isMaking, setMaking] = useState(false)
  const state = STATES.find((one) => one === search['state']) ?? ''
  const query = useInfiniteQuery(schedulesQuery(state))
  const columns = useColumns()
  if (session !== null && !permission.allowed)
    return (
      <Page title={t.title}>
        <Empty>{permission.reason}</Empty>
      </Page>
    )
  return (
    <Page
      title={t.title}
      actions={
        <ActionButton needs="schedules:write" size="xs" onClick={() => setMaking(true)}>
          {t.make}
        </ActionButton>
      }
    >
      <div>
        <SegmentedControl
          size="xs"
          aria-label={t.state}
          value={state}
          onChange={(next) => change({ state: next })}
          data={STATES.map((value) => ({ value, label: t.states[value] }))}
        />
      </div>
      <QueryView
        query={query}
        lines={6}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={state === '' ? t.none : t.noneSo}
      >
        {({ pages }) => (
          <DataTable
            label={t.title}
            columns={columns}
            rows={pages.flatMap(({ items }) => items)}
            keyOf={({ name }) => name}
          />
        )}
      </QueryView>
      {query.hasNextPage && (
        <div>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t.more}
          </Button>
        </div>
      )}
      {isMaking && (
        <ScheduleForm
          onClose={() => setMaking(false)}
          onDone={(name) => void navigate({ to: '/schedules/$name', params: { name } })}
        />
      )}
    </Page>
  )
}
