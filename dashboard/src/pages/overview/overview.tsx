import { useQuery } from '@tanstack/react-query'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import { Charts } from './charts.tsx'
import { Figures } from './figures.tsx'
import { HealthLine } from './health-line.tsx'
import classes from './overview.module.css'
import { Outcomes } from './outcomes.tsx'
import { overviewQuery } from './queries.ts'
import { texts } from './texts.ts'
import { Trouble } from './trouble.tsx'

/** How it is, in one look: what is due, what is late, what went wrong. */
export const OverviewPage = () => {
  const t = useTexts(texts)
  const session = useSession()
  const permission = usePermission('operate')
  const overview = useQuery(overviewQuery)
  return (
    <Page title={t.title}>
      <HealthLine />
      {session !== null && !permission.allowed ? (
        <Empty>{permission.reason}</Empty>
      ) : (
        <QueryView query={overview} lines={6}>
          {(data) => (
            <>
              <Figures overview={data} />
              <Charts />
              <div className={`${classes.halves} ${classes.lower}`}>
                <Outcomes overview={data} />
                <Trouble />
              </div>
            </>
          )}
        </QueryView>
      )}
    </Page>
  )
}
