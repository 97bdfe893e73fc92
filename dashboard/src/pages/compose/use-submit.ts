import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { send } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { useAction } from '../../parts/use-action.ts'
import type { ComposeDraft, Request } from './draft.ts'
import { keyOf, newId } from '../../parts/once.ts'
import { texts } from './texts.ts'

interface Made {
  id?: string
  name?: string
  deduplicated?: boolean
}

interface Submit {
  draft: ComposeDraft
  request: Request
  change(next: Partial<ComposeDraft>): void
  forget(): void
}

/** Makes what was composed, once: however often it is pressed, and whatever becomes of the answer. */
export const useSubmit = ({ draft, request, change, forget }: Submit) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const id = useRef(draft.id)
  const isRecurring = request.path === '/v1/schedules'
  return useAction({
    run: async (): Promise<Made> => {
      // Kept with the draft before anything is sent, so that it is the same after a reload.
      id.current = draft.id !== '' ? draft.id : id.current !== '' ? id.current : newId()
      if (draft.id === '') change({ id: id.current })
      const response = await send('post', request.path, {
        body: request.body,
        idempotencyKey: keyOf(id.current, request.body),
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
      id.current = ''
      forget()
      if (isRecurring) void navigate({ to: '/schedules/$name', params: { name: made.name ?? '' } })
      else void navigate({ to: '/notifications/$id', params: { id: made.id ?? '' } })
    },
  })
}
