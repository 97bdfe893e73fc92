import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { StateBadge, stateTexts } from '../../parts/state-badge.tsx'
import classes from './calendar.module.css'
import type { Shown } from './gather.ts'
import { MoveForm } from './move-form.tsx'
import { notificationQuery } from './queries.ts'
import { texts } from './texts.ts'

const WAITING = new Set(['scheduled', 'queued', 'retrying'])

interface NotificationEntryProps {
  entry: Shown
  id: string
  onClose(): void
}

export const NotificationEntry = ({ entry, id, onClose }: NotificationEntryProps) => {
  const t = useTexts(texts)
  const query = useQuery(notificationQuery(id))
  const states: Record<string, string> = useTexts(stateTexts)
  return (
    <QueryView query={query} lines={4}>
      {({ state, channel, to }) => (
        <>
          <dl className={classes.facts}>
            <div>
              <dt>{t.state}</dt>
              <dd>
                <StateBadge state={state} />
              </dd>
            </div>
            <div>
              <dt>{t.channel}</dt>
              <dd>{channel}</dd>
            </div>
            {to !== null && to !== undefined && (
              <div>
                <dt>{t.to}</dt>
                <dd>
                  <InertLine text={[to].flat().map(String).join(', ')} />
                </dd>
              </div>
            )}
          </dl>
          <MoveForm
            entry={entry}
            needs="notifications:write"
            unless={
              WAITING.has(state) ? null : state === 'sending' ? t.tooLate : t.final(states[state] ?? state)
            }
            onClose={onClose}
          >
            <Link to="/notifications/$id" params={{ id }}>
              {t.open}
            </Link>
          </MoveForm>
        </>
      )}
    </QueryView>
  )
}
