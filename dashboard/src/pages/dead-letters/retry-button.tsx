import { api } from '../../api/client.ts'
import type { DeadLetter } from '../../api/types.ts'
import type { Scope } from '../../app/session.tsx'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { useAction } from '../../parts/use-action.ts'
import { texts } from './texts.ts'

interface Way {
  /** The scope that the call asks for. */
  needs: Scope
  call(letter: DeadLetter): Promise<unknown>
}

/** By its kind: the call that tries it again. */
const WAYS: Readonly<Record<string, Way>> = {
  notification: {
    needs: 'notifications:write',
    call: ({ id }) => api.post('/v1/notifications/{id}/retry', { path: { id }, body: {} }),
  },
  publication: {
    needs: 'content:publish',
    call: ({ id }) => api.post('/v1/publications/{id}/retry', { path: { id }, body: {} }),
  },
  release: {
    needs: 'content:publish',
    call: ({ id, version }) =>
      api.post('/v1/releases/{id}/retry', { path: { id }, body: {}, ifMatch: version }),
  },
  run: {
    needs: 'tasks:write',
    call: ({ id }) => api.post('/v1/runs/{id}/retry', { path: { id }, body: {} }),
  },
  schedule: {
    needs: 'schedules:write',
    call: ({ id, parent }) =>
      api.post('/v1/schedules/{name}/runs/{id}/retry', { path: { name: parent ?? '', id } }),
  },
  webhook: {
    needs: 'admin',
    call: ({ id }) => api.post('/v1/webhook-deliveries/{id}/retry', { path: { id } }),
  },
}

/** Whatever kind it is of. */
const TOUCHES = [
  ...['dead-letters', 'notifications', 'content', 'releases', 'runs', 'schedules', 'overview'].map((name) => [
    name,
  ]),
  ['settings', 'deliveries'],
]

/** Tries one of them again, as it is. */
export const RetryButton = ({ letter }: { letter: DeadLetter }) => {
  const t = useTexts(texts)
  const { kind, id, title } = letter
  const way = WAYS[kind]
  const retry = useAction({
    run: async () => way?.call(letter),
    touches: TOUCHES,
    done: () => t.retried,
  })
  if (way === undefined) return null
  return (
    <ActionButton
      needs={way.needs}
      variant="default"
      size="compact-xs"
      loading={retry.isPending}
      aria-label={`${t.retryOne} ${title || id}`}
      onClick={() => retry.mutate()}
    >
      {t.retryOne}
    </ActionButton>
  )
}
