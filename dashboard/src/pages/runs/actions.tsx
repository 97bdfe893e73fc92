import { useMemo, useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { ResolveDialog } from '../../parts/life/resolve-dialog.tsx'
import { possible } from '../../parts/life/states.ts'
import { texts as lifeTexts } from '../../parts/life/texts.ts'
import { useLifeAction } from '../../parts/life/use-life-action.ts'
import { type Run, runQuery } from './queries.ts'
import { RetryDialog } from './retry-dialog.tsx'
import { EMPTY_RUN } from './run-draft.ts'
import { RunDialog } from './run-dialog.tsx'
import { texts } from './texts.ts'

const BUTTON = { needs: 'tasks:write', variant: 'default', size: 'xs' } as const

export const Actions = ({ run }: { run: Run }) => {
  const t = useTexts(texts)
  const life = useTexts(lifeTexts)
  const [dialog, setDialog] = useState<'retry' | 'resolve' | 'again' | null>(null)
  const { id, state, task, data } = run
  const path = { id }
  const { queryKey } = runQuery(id)
  const shared = { kind: 'run', queryKey } as const
  const cancel = useLifeAction({
    ...shared,
    run: () => api.post('/v1/runs/{id}/cancel', { path }),
    // What runs is told to stop, and has not stopped yet.
    become: state === 'running' ? undefined : 'canceled',
    done: ({ outcome }) => (outcome === 'canceling' ? t.done.canceling : t.done.cancel),
  })
  const now = useLifeAction({
    ...shared,
    run: () => api.post('/v1/runs/{id}/send-now', { path }),
    become: 'queued',
    done: () => t.done.now,
  })
  const retry = useLifeAction({
    ...{ ...shared, touches: [['dead-letters']] },
    run: () => api.post('/v1/runs/{id}/retry', { path, body: {} }),
    become: 'queued',
    done: () => life.done.retry,
  })
  const isBusy = cancel.isPending || now.isPending || retry.isPending
  const may = possible(run)
  const again = useMemo(() => ({ ...EMPTY_RUN, task, data: JSON.stringify(data, null, 2) }), [task, data])
  const close = () => setDialog(null)

  return (
    <>
      {may.waits && (
        <ActionButton {...BUTTON} loading={now.isPending} onClick={() => now.mutate()}>
          {t.actions.now}
        </ActionButton>
      )}
      {(may.waits || state === 'running') && (
        <ActionButton {...BUTTON} loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {life.actions.cancel}
        </ActionButton>
      )}
      {may.retry && (
        <>
          <ActionButton
            {...BUTTON}
            unless={isBusy ? life.busy : null}
            loading={retry.isPending}
            onClick={() => retry.mutate()}
          >
            {life.actions.retry}
          </ActionButton>
          <ActionButton {...BUTTON} onClick={() => setDialog('retry')}>
            {t.actions.retryAt}
          </ActionButton>
        </>
      )}
      {may.resolve && (
        <ActionButton {...BUTTON} onClick={() => setDialog('resolve')}>
          {life.actions.resolve}
        </ActionButton>
      )}
      <ActionButton {...BUTTON} onClick={() => setDialog('again')}>
        {t.actions.again}
      </ActionButton>
      {dialog === 'again' && <RunDialog name={`run.${id}.again`} initial={again} onClose={close} />}
      {dialog === 'retry' && <RetryDialog run={run} onClose={close} />}
      {dialog === 'resolve' && (
        <ResolveDialog
          {...{ ...shared, id, needs: 'tasks:write', outcomes: ['succeeded', 'failed'] }}
          resolve={(body) => api.post('/v1/runs/{id}/resolve', { path, body })}
          onClose={close}
        />
      )}
    </>
  )
}
