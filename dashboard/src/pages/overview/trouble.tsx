import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Relative } from '../../parts/moments.tsx'
import { Panel } from '../../parts/page.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import classes from './overview.module.css'
import { troubleQuery } from './queries.ts'
import { texts } from './texts.ts'

const MOST = 6

/** What nobody but a person can mend: the causes with the most failures. */
export const Trouble = () => {
  const t = useTexts(texts)
  const format = useFormat()
  const trouble = useQuery(troubleQuery)
  return (
    <Panel title={t.trouble} actions={<Link to="/dead-letters">{t.allTrouble}</Link>}>
      <QueryView query={trouble} isEmpty={({ groups }) => groups.length === 0} empty={t.noTrouble}>
        {({ groups }) => (
          <ul className={classes.trouble}>
            {groups.slice(0, MOST).map(({ key, kind, count, sample }) => (
              <li key={`${kind} ${key}`}>
                <Link to="/dead-letters" search={{ error: key, kind }}>
                  <code>{key}</code>
                </Link>
                <InertLine text={sample[0]?.error?.message ?? sample[0]?.title ?? ''} most={120} />
                <strong>{format.number(count)}</strong>
                <Relative at={sample[0]?.finishedAt ?? null} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  )
}
