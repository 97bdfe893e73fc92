import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useParameter } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { Page } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import { Actions } from './actions.tsx'
import { Facts } from './facts.tsx'
import { NextRuns } from './next-runs.tsx'
import { scheduleQuery } from './queries.ts'
import { Runs } from './runs.tsx'
import classes from './schedules.module.css'
import { texts } from './texts.ts'

/** One schedule: when it runs next, what it says, what it ran. */
export const SchedulePage = () => {
  const t = useTexts(texts)
  const name = useParameter('name')
  const query = useQuery(scheduleQuery(name))
  const schedule = query.data
  return (
    <Page title={name} actions={schedule !== undefined && <Actions schedule={schedule} />}>
      <p className={classes.path}>
        <Link to="/schedules">{t.title}</Link>
        {schedule !== undefined && <StateBadge state={schedule.state} />}
      </p>
      <QueryView query={query} lines={8}>
        {(found) => (
          <>
            {found.declared && <p className={classes.declared}>{t.declared}</p>}
            <div className={classes.columns}>
              <div className={classes.column}>
                <NextRuns schedule={found} />
                <Runs name={name} />
              </div>
              <Facts schedule={found} />
            </div>
          </>
        )}
      </QueryView>
    </Page>
  )
}
