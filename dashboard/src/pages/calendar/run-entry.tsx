import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../i18n/preferences.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import classes from './calendar.module.css'
import { runQuery } from './queries.ts'
import { texts } from './texts.ts'

export const RunEntry = ({ id }: { id: string }) => {
  const t = useTexts(texts)
  const query = useQuery(runQuery(id))
  return (
    <QueryView query={query} lines={3}>
      {({ task, state }) => (
        <>
          <dl className={classes.facts}>
            <div>
              <dt>{t.task}</dt>
              <dd>{task}</dd>
            </div>
            <div>
              <dt>{t.state}</dt>
              <dd>
                <StateBadge state={state} />
              </dd>
            </div>
          </dl>
          <p>{t.fixedRun}</p>
          <div className={classes.buttons}>
            <Link to="/runs/$id" params={{ id }}>
              {t.open}
            </Link>
          </div>
        </>
      )}
    </QueryView>
  )
}
