import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { QueryView } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { type Missed, missedQuery, type Schedule } from './queries.ts'
import classes from './schedules.module.css'
import { texts } from './texts.ts'
import { useLostRace } from './use-lost-race.ts'

const POLICIES = ['skip', 'once', 'all'] as const

/** Says what would be made up for, before it goes on. */
export const ResumeDialog = ({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) => {
  const t = useTexts(texts)
  const refused = useLostRace()
  const { name, version } = schedule
  const [missed, setMissed] = useState<Missed>(schedule.missed ?? 'once')
  const query = useQuery(missedQuery(name, version, missed))
  const resume = useAction({
    run: () =>
      api.post('/v1/schedules/{name}/resume', { path: { name }, body: { missed }, ifMatch: version }),
    touches: [['schedules']],
    done: ({ missedCount }) => t.resumed(missedCount),
    refused,
    onDone: onClose,
  })
  return (
    <Dialog title={`${t.resumeTitle}: ${name}`} onClose={onClose}>
      <div className={classes.form}>
        <p>{t.resumeHint}</p>
        <SegmentedControl
          aria-label={t.missed}
          value={missed}
          onChange={(next) => setMissed(next)}
          data={POLICIES.map((value) => ({ value, label: t.policies[value] }))}
        />
        <QueryView query={query} lines={1}>
          {({ missedCount }) => (
            <p role="status">
              <strong>{missedCount === 0 ? t.noneMissed : t.wouldRun(missedCount)}</strong>
            </p>
          )}
        </QueryView>
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t.leave}
          </Button>
          <ActionButton needs="schedules:write" loading={resume.isPending} onClick={() => resume.mutate()}>
            {t.doResume}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
