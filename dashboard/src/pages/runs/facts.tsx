import { Link } from '@tanstack/react-router'
import { useTexts } from '../../i18n/preferences.tsx'
import { Fact, LifeFacts } from '../../parts/life/life-facts.tsx'
import { ProgressBar } from './progress-bar.tsx'
import type { Run } from './queries.ts'
import { texts } from './texts.ts'

export const Facts = ({ run }: { run: Run }) => {
  const t = useTexts(texts)
  const { task, state, scheduleId } = run
  return (
    <LifeFacts of={run} list="/runs">
      {state === 'running' && (
        <Fact name={t.progress}>
          <ProgressBar run={run} />
        </Fact>
      )}
      <Fact name={t.task}>
        <Link to="/runs" search={{ task }}>
          {task}
        </Link>
      </Fact>
      {scheduleId !== null && (
        <Fact name={t.columns.scheduleId}>
          <Link to="/schedules/$name" params={{ name: scheduleId }}>
            {scheduleId}
          </Link>
        </Fact>
      )}
    </LifeFacts>
  )
}
