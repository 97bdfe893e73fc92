import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Problem } from '../../api/problem.ts'
import { useParameter } from '../../app/search.ts'
import { usePermission, useSession } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, QueryView } from '../../parts/query-view.tsx'
import { visible } from '../../parts/inert.tsx'
import { Actions } from './actions.tsx'
import { Attempts } from './attempts.tsx'
import classes from './detail.module.css'
import { texts } from './detail-texts.ts'
import { Facts } from './facts.tsx'
import { Payload } from './payload.tsx'
import { notificationQuery } from './queries.ts'
import { titleOf } from './rows.ts'
import { Timeline } from './timeline.tsx'

const LONGEST_TITLE = 80

/** One notification: what it is, what happened to it and why, and what can be done about it. */
export const NotificationPage = () => {
  const t = useTexts(texts)
  const id = useParameter('id')
  const session = useSession()
  const permission = usePermission('notifications:read')
  const notification = useQuery(notificationQuery(id))
  const { data, error } = notification
  const title = data === undefined ? t.title : visible(titleOf(data).slice(0, LONGEST_TITLE)) || t.title

  if (session !== null && !permission.allowed)
    return (
      <Page title={t.title}>
        <Empty>{permission.reason}</Empty>
      </Page>
    )
  if (error instanceof Problem && error.status === 404)
    return (
      <Page title={t.title}>
        <Empty>
          {t.gone} <Link to="/notifications">{t.back}</Link>
        </Empty>
      </Page>
    )
  return (
    <Page title={title} actions={data !== undefined && <Actions notification={data} />}>
      <p className={classes.path}>
        <Link to="/notifications">{t.back}</Link> / <code>{id}</code>
      </p>
      <QueryView query={notification} lines={8}>
        {(one) => (
          <>
            <div className={classes.columns}>
              <Timeline id={id} />
              <Facts notification={one} />
            </div>
            <Attempts attempts={one.attempts ?? []} count={one.attemptCount} />
            <Payload notification={one} />
          </>
        )}
      </QueryView>
    </Page>
  )
}
