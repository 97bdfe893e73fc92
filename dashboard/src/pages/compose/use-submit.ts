import { useNavigate } from '@tanstack/react-router'
import { send } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { useAction } from '../../parts/use-action.ts'
import type { ComposeDraft, ComposeRequest } from './draft.ts'
import { useOnce } from '../../parts/use-once.ts'
import { texts } from './texts.ts'

interface Made {
  id?: string
  name?: string
  deduplicated?: boolean
}

interface Submit {
  draft: ComposeDraft
  request: ComposeRequest
  change(next: Partial<ComposeDraft>): void
  forget(): void
}

/** Makes what was composed, once: however often it is pressed, and whatever becomes of the answer. */
export const useSubmit = ({ draft, request, change, forget }: Submit) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const once = useOnce(draft, change)
  const isRecurring = request.path === '/v1/schedules'
  return useAction({
    run: async (): Promise<Made> => {
      const response = await send('post', request.path, {
        body: request.body,
        idempotencyKey: once.keyFor(request.body),
      })
      return (await response.json()) as Made
    },
    touches: [['notifications'], ['overview'], ['calendar', 'range'], ['schedules']],
    done: ({ name, deduplicated }) =>
      isRecurring
        ? t.recurs(name ?? '')
        : deduplicated === true
          ? t.pending
          : draft.time === 'now'
            ? t.sent
            : t.made,
    isShownThere: true,
    onDone: (made) => {
      once.done()
      forget()
      if (isRecurring) void navigate({ to: '/schedules/$name', params: { name: made.name ?? '' } })
      else void navigate({ to: '/notifications/$id', params: { id: made.id ?? '' } })
    },
  })
}
