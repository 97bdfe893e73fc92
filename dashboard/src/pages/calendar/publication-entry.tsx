import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { stateTexts, StateBadge } from '../../parts/state-badge.tsx'
import classes from './calendar.module.css'
import type { Shown } from './gather.ts'
import { MoveForm } from './move-form.tsx'
import { publicationQuery } from './queries.ts'
import { texts } from './texts.ts'

interface PublicationEntryProps {
  entry: Shown
  id: string
  onClose(): void
}

export const PublicationEntry = ({ entry, id, onClose }: PublicationEntryProps) => {
  const t = useTexts(texts)
  const states: Record<string, string> = useTexts(stateTexts)
  const query = useQuery(publicationQuery(id))
  return (
    <QueryView query={query} lines={4}>
      {({ state, action, type, resourceId, locale, revision, releaseId }) => (
        <>
          <dl className={classes.facts}>
            <div>
              <dt>{t.action}</dt>
              <dd>{t.actions[action]}</dd>
            </div>
            <div>
              <dt>{t.content}</dt>
              <dd>
                <InertLine text={[type, resourceId, locale].filter((part) => part !== '').join(' · ')} />
              </dd>
            </div>
            <div>
              <dt>{t.state}</dt>
              <dd>
                <StateBadge state={state} />
              </dd>
            </div>
            {action === 'publish' && (
              <div>
                <dt>{t.revision}</dt>
                <dd>{revision ?? t.draft}</dd>
              </div>
            )}
          </dl>
          <MoveForm
            entry={entry}
            needs="content:publish"
            unless={
              releaseId !== null
                ? t.ofRelease
                : state === 'scheduled'
                  ? null
                  : t.final(states[state] ?? state)
            }
            onClose={onClose}
          >
            <Link to="/content/$type/$id" params={{ type, id: resourceId }} search={{ locale }}>
              {t.open}
            </Link>
          </MoveForm>
        </>
      )}
    </QueryView>
  )
}
