import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Empty, Loading, QueryView } from '../../parts/query-view.tsx'
import { Figures } from './figures.tsx'
import { HealthLine } from './health-line.tsx'
import classes from './overview.module.css'
import { Others } from './others.tsx'
import { Outcomes } from './outcomes.tsx'
import { overviewQuery } from './queries.ts'
import { texts } from './texts.ts'
import { Trouble } from './trouble.tsx'

/** What draws them is a tenth of all that is loaded: it comes after the figures. */
const Charts = lazy(async () => ({ default: (await import('./charts.tsx')).Charts }))

const ChartsToCome = () => {
  const t = useTexts(texts)
  return (
    <Panel title={t.overTime}>
      <div className={classes.toCome}>
        <Loading lines={5} />
      </div>
    </Panel>
  )
}

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
              <Others overview={data} />
              <Suspense fallback={<ChartsToCome />}>
                <Charts />
              </Suspense>
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
