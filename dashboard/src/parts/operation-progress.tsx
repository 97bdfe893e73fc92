import { Progress } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { BulkOperation } from '../api/types.ts'
import { useFormat, useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import { ActionButton } from './action-button.tsx'
import { Refusals } from './bulk/refusals.tsx'
import { Instant, Relative } from './moments.tsx'
import classes from './operation-progress.module.css'
import { QueryView } from './query-view.tsx'
import { StateBadge } from './state-badge.tsx'
import { useAction } from './use-action.ts'

const RUNNING_MS = 700

export const operationQuery = (id: string) =>
  queryOptions({
    queryKey: ['operations', id],
    queryFn: ({ signal }) => api.get('/v1/operations/{id}', { path: { id }, signal }),
    // How far it is, is no event.
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? RUNNING_MS : false),
    meta: { live: ['operation'] },
  })

const mayUndo = ({ state, undoUntil }: BulkOperation): boolean =>
  state !== 'running' && undoUntil !== null && new Date(undoUntil).getTime() > Date.now()

/** How far a change of many is, with its end and its way back. */
export const OperationProgress = ({ id, expected }: { id: string; expected?: number }) => {
  const t = useTexts(texts)
  const operation = useQuery(operationQuery(id))
  return (
    <QueryView query={operation}>
      {(data) => (
        <div className={classes.operation}>
          <Counts operation={data} expected={expected} />
          <Actions operation={data} />
          {data.undoUntil !== null && mayUndo(data) && (
            <p className={classes.hint}>
              {t.undoUntil} <Instant at={data.undoUntil} precision="minute" /> (
              <Relative at={data.undoUntil} />)
            </p>
          )}
        </div>
      )}
    </QueryView>
  )
}

const Counts = ({ operation, expected }: { operation: BulkOperation; expected: number | undefined }) => {
  const t = useTexts(texts)
  const format = useFormat()
  const { subject, state, matched, changed, tooLate, refused, refusal } = operation
  const whole = state === 'running' ? Math.max(expected ?? 0, matched) : matched
  return (
    <>
      <p className={classes.line} role="status">
        <StateBadge state={state} />
        <span>
          {t.decided(format.number(matched))} · {t.changed(format.number(changed))}
          {tooLate > 0 && ` · ${t.tooLate(format.number(tooLate))}`}
          {refused > 0 && ` · ${t.refused(format.number(refused))}`}
        </span>
      </p>
      {refusal !== null && <Refusals subject={subject} refusals={[refusal]} />}
      <Progress
        value={whole === 0 ? 0 : (matched / whole) * 100}
        animated={state === 'running'}
        aria-label={t.progress}
        color={state === 'aborted' ? 'yellow' : 'sea'}
      />
    </>
  )
}

const Actions = ({ operation }: { operation: BulkOperation }) => {
  const t = useTexts(texts)
  const touches = [['operations'], ['notifications'], ['content'], ['dead-letters'], ['overview']]
  const path = { id: operation.id }
  const abort = useAction({
    run: () => api.post('/v1/operations/{id}/abort', { path }),
    touches,
    done: () => t.aborted,
  })
  const undo = useAction({
    run: () => api.post('/v1/operations/{id}/undo', { path }),
    touches,
    done: () => t.undoing,
  })
  return (
    <>
      <div className={classes.line}>
        {operation.state === 'running' && (
          <ActionButton
            needs="operate"
            variant="default"
            size="xs"
            loading={abort.isPending}
            onClick={() => abort.mutate()}
          >
            {t.abort}
          </ActionButton>
        )}
        {mayUndo(operation) && (
          <ActionButton
            needs="operate"
            variant="default"
            size="xs"
            loading={undo.isPending}
            unless={undo.data === undefined ? null : t.undoing}
            onClick={() => undo.mutate()}
          >
            {t.undo}
          </ActionButton>
        )}
      </div>
      {undo.data !== undefined && (
        <div className={classes.undo}>
          <h3>{t.undoTitle}</h3>
          <OperationProgress id={undo.data.id} expected={operation.changed} />
        </div>
      )}
    </>
  )
}

const texts = defineTexts(
  {
    progress: 'Progress',
    decided: (count: string) => `${count} decided`,
    changed: (count: string) => `${count} changed`,
    tooLate: (count: string) => `${count} too late`,
    refused: (count: string) => `${count} refused`,
    abort: 'Abort',
    aborted: 'It was ended. What it has changed stays changed.',
    undo: 'Undo',
    undoing: 'It is being undone.',
    undoTitle: 'Undo',
    undoUntil: 'Can be undone until',
  },
  {
    progress: '진행 상황',
    decided: (count) => `${count}건 판정`,
    changed: (count) => `${count}건 변경`,
    tooLate: (count) => `${count}건 늦음`,
    refused: (count) => `${count}건 거부`,
    abort: '중단',
    aborted: '중단했습니다. 이미 변경된 것은 그대로입니다.',
    undo: '되돌리기',
    undoing: '되돌리는 중입니다.',
    undoTitle: '되돌리기',
    undoUntil: '되돌릴 수 있는 기한',
  },
)
