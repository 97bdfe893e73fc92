import { useQuery } from '@tanstack/react-query'
import { useParameter } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { Attempts } from '../../parts/life/attempts.tsx'
import { nextLookMs } from '../../parts/life/falling-due.ts'
import { LifePage } from '../../parts/life/life-page.tsx'
import classes from '../../parts/life/life.module.css'
import { TextsPanel } from '../../parts/life/texts-panel.tsx'
import { Timeline } from '../../parts/life/timeline.tsx'
import { Actions } from './actions.tsx'
import { Facts } from './facts.tsx'
import { type Run, runQuery, timelineQuery } from './queries.ts'
import { toldOf } from './rows.ts'
import { texts } from './texts.ts'

const titleOf = ({ task, data }: Run): string => `${task} ${toldOf(data)}`.trim()

const Story = ({ run }: { run: Run }) => {
  const query = useQuery({
    ...timelineQuery(run.id),
    refetchInterval: ({ state }) => nextLookMs(run, state.dataUpdatedAt),
  })
  return <Timeline kind="run" query={query} />
}

/** What it was given, and what came of it. */
const shownOf = ({ data, result, metadata }: Run) =>
  Object.entries({ data, result, metadata }).flatMap(([name, value]) =>
    value === null || (name === 'metadata' && Object.keys(metadata).length === 0)
      ? []
      : [{ name, text: JSON.stringify(value, null, 2) }],
  )

export const RunPage = () => {
  const t = useTexts(texts)
  const id = useParameter('id')
  return (
    <LifePage<Run>
      {...{ id, titleOf, texts: t.one, list: '/runs', needs: 'tasks:read' }}
      query={useQuery(runQuery(id))}
      actions={(run) => <Actions run={run} />}
    >
      {(run) => (
        <>
          <div className={classes.columns}>
            <Story run={run} />
            <Facts run={run} />
          </div>
          <Attempts attempts={run.attempts ?? []} count={run.attemptCount} />
          <TextsPanel title={t.one.content} shown={shownOf(run)} none={t.one.noContent} />
        </>
      )}
    </LifePage>
  )
}
