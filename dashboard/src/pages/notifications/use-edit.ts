import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Notification } from '../../api/types.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { texts as lifeTexts } from '../../parts/life/texts.ts'
import { useAction } from '../../parts/use-action.ts'
import { texts } from './detail-texts.ts'
import { changesOf, type EditDraft, isMade, timeOf } from './edit-draft.ts'
import { notificationQuery } from './queries.ts'

interface Edit {
  notification: Notification
  draft: EditDraft
  isRetry: boolean
  onDone(): void
}

export const isConflict = (problem: unknown): boolean =>
  problem instanceof Problem && problem.code === 'version-conflict'

/** Sends what a draft changes, made to the version that it was made for or to the one that is given. */
export const useEdit = ({ notification, draft, isRetry, onDone }: Edit) => {
  const t = useTexts(texts)
  const life = useTexts(lifeTexts)
  const path = { id: notification.id }
  const { queryKey } = notificationQuery(notification.id)
  return useAction({
    run: async (version: number): Promise<unknown> => {
      const wall = timeOf(draft)
      const due = wall === null ? {} : { sendAt: wall }
      const changes = changesOf(draft, notification)
      if (isRetry)
        return api.post('/v1/notifications/{id}/retry', {
          ...{ path, body: { ...due, patch: changes }, ifMatch: version },
        })
      return api
        .patch('/v1/notifications/{id}', { path, body: { ...changes, ...due }, ifMatch: version })
        .catch(async (problem: unknown) => {
          if (!isConflict(problem)) throw problem
          const now = await api.get('/v1/notifications/{id}', { path })
          if (isMade(draft, now)) return now
          throw problem
        })
    },
    touches: [queryKey, ['dead-letters'], ['overview']],
    done: () => (isRetry ? life.done.retry : t.done.edit),
    isShownThere: true,
    onDone,
  })
}
