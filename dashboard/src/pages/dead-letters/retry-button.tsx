import { api } from '../../api/client.ts'
import type { DeadLetter } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { useAction } from '../../parts/use-action.ts'
import { texts } from './texts.ts'

/** Tries one of them again, as it is. A delivery to a webhook is sent again from the page of its endpoint. */
export const RetryButton = ({ letter: { kind, id, title } }: { letter: DeadLetter }) => {
  const t = useTexts(texts)
  const isPublication = kind === 'publication'
  const retry = useAction<void>({
    run: () =>
      isPublication
        ? api.post('/v1/publications/{id}/retry', { path: { id } })
        : api.post('/v1/notifications/{id}/retry', { path: { id }, body: {} }),
    touches: [['dead-letters'], ['notifications'], ['overview']],
    done: () => t.retried,
  })
  return (
    <ActionButton
      needs={isPublication ? 'content:publish' : 'notifications:write'}
      variant="default"
      size="compact-xs"
      loading={retry.isPending}
      unless={isPublication || kind === 'notification' ? null : t.atItsEndpoint}
      aria-label={`${t.retryOne} ${title || id}`}
      onClick={() => retry.mutate()}
    >
      {t.retryOne}
    </ActionButton>
  )
}
