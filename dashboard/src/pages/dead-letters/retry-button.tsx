import { api } from '../../api/client.ts'
import type { DeadLetter } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { useAction } from '../../parts/use-action.ts'
import { texts } from './texts.ts'

/** By its kind: the call that tries it again, and the scope that it asks for. */
const WAYS = {
  notification: { path: '/v1/notifications/{id}/retry', needs: 'notifications:write' },
  publication: { path: '/v1/publications/{id}/retry', needs: 'content:publish' },
  run: { path: '/v1/runs/{id}/retry', needs: 'tasks:write' },
} as const

/** Tries one of them again, as it is. A delivery to a webhook is sent again from the page of its endpoint. */
export const RetryButton = ({ letter: { kind, id, title } }: { letter: DeadLetter }) => {
  const t = useTexts(texts)
  const way = kind in WAYS ? WAYS[kind as keyof typeof WAYS] : null
  const retry = useAction({
    run: async () => (way === null ? null : api.post(way.path, { path: { id }, body: {} })),
    touches: [['dead-letters'], ['notifications'], ['overview']],
    done: () => t.retried,
  })
  return (
    <ActionButton
      needs={way?.needs ?? 'admin'}
      variant="default"
      size="compact-xs"
      loading={retry.isPending}
      unless={way === null ? t.atItsEndpoint : null}
      aria-label={`${t.retryOne} ${title || id}`}
      onClick={() => retry.mutate()}
    >
      {t.retryOne}
    </ActionButton>
  )
}
