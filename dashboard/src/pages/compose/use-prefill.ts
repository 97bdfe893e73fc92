import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api } from '../../api/client.ts'
import { useSearchState } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { draftOf } from '../../parts/message/draft.ts'
import { useSay } from '../../parts/toasts.tsx'
import { type Attachment, type ComposeDraft, EMPTY } from './draft.ts'
import { texts } from './texts.ts'

interface Target {
  draft: ComposeDraft
  change(next: Partial<ComposeDraft>): void
  onHeaders(headers: string): void
  onAttachments(files: readonly Attachment[]): void
}

const isWhole = (file: { content?: unknown }): boolean =>
  typeof file.content === 'string' && file.content !== ''

/** `?from=<id>`: the form of that notification, once, as soon as it was read. The address then forgets it, so that a reload keeps what is typed. */
export const usePrefill = (target: Target) => {
  const [{ from }, change] = useSearchState()
  const [secret, setSecret] = useState<readonly string[]>([])
  const query = useQuery({
    queryKey: ['compose', 'from', from],
    queryFn: ({ signal }) => api.get('/v1/notifications/{id}', { path: { id: from ?? '' }, signal }),
    enabled: from !== undefined,
  })
  const say = useSay()
  const t = useTexts(texts)
  const taken = useRef<string | null>(null)
  const { data } = query
  useEffect(() => {
    if (data === undefined || from === undefined || taken.current === from) return
    taken.current = from
    const before = target.draft
    if (JSON.stringify(before) !== JSON.stringify(EMPTY))
      say({ tone: 'good', text: t.replaced, action: { label: t.restore, run: () => target.change(before) } })
    const { draft, headers, secret: names } = draftOf(data as Parameters<typeof draftOf>[0])
    target.change({ ...EMPTY, ...draft })
    target.onHeaders(headers)
    target.onAttachments((data.attachments ?? []).filter(isWhole) as Attachment[])
    setSecret(names)
    change({ from: undefined })
  }, [data, from, target, change, say, t])
  return { query, secret, isReading: from !== undefined && query.isPending }
}
