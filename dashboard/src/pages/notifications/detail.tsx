import { useQuery } from '@tanstack/react-query'
import { useParameter } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import type { Attempt as Sent, Notification } from '../../api/types.ts'
import { type Attempt, Attempts } from '../../parts/life/attempts.tsx'
import { nextLookMs } from '../../parts/life/falling-due.ts'
import { LifePage } from '../../parts/life/life-page.tsx'
import classes from '../../parts/life/life.module.css'
import { Timeline } from '../../parts/life/timeline.tsx'
import { Actions } from './actions.tsx'
import { texts } from './detail-texts.ts'
import { Facts } from './facts.tsx'
import { Payload } from './payload.tsx'
import { notificationQuery, timelineQuery } from './queries.ts'
import { titleOf } from './rows.ts'

const shownOf = (attempt: Sent): Attempt => ({ ...attempt, sent: attempt })

const Story = ({ one }: { one: Notification }) => {
  const query = useQuery({
    ...timelineQuery(one.id),
    refetchInterval: ({ state }) => nextLookMs(one, state.dataUpdatedAt),
  })
  return <Timeline kind="notification" query={query} />
}

export const NotificationPage = () => {
  const t = useTexts(texts)
  const id = useParameter('id')
  return (
    <LifePage<Notification>
      {...{ id, titleOf, texts: t, list: '/notifications', needs: 'notifications:read' }}
      query={useQuery(notificationQuery(id))}
      actions={(one) => <Actions notification={one} />}
    >
      {(one) => (
        <>
          <div className={classes.columns}>
            <Story one={one} />
            <Facts notification={one} />
          </div>
          <Attempts attempts={(one.attempts ?? []).map(shownOf)} count={one.attemptCount} />
          <Payload notification={one} />
        </>
      )}
    </LifePage>
  )
}
