import type { Notification } from '../../api/types.ts'
import { isSame, patchOfValue } from '../../parts/diff/members.ts'
import { parsed } from '../../parts/message/draft.ts'
import { type LocalWhen, type WallClock, whenOf } from '../../parts/when/when.ts'

export const BODIES = ['subject', 'message', 'text', 'html', 'payload'] as const
export type BodyName = (typeof BODIES)[number]

/** What a draft is held against. */
export type Editable = Pick<Notification, BodyName | 'priority'> & { sendAt: unknown }

/** Only what was changed: the rest is shown as it is by now, and left as it is, whatever has become of it meanwhile. */
export interface EditDraft {
  /** Null while the time is left. */
  wall: WallClock | null
  /** Null while it is left. */
  priority: number | null
  bodies: Partial<Record<BodyName, string>>
  /** The one that the change is made to: somebody else's change meanwhile is not overwritten. */
  version: number
}

export const textOf = (notification: Editable, name: BodyName): string | null => {
  const value = notification[name]
  if (value === undefined || value === null) return null
  return typeof value === 'string' && name !== 'payload' ? value : JSON.stringify(value, null, 2)
}

export const isBroken = ({ bodies: { payload } }: EditDraft): boolean =>
  payload !== undefined && parsed(payload) === undefined

const bodyOf = (notification: Editable, name: BodyName, text: string): unknown =>
  name === 'payload' ? patchOfValue(notification.payload, parsed(text)) : text

const isChanged = (notification: Editable, name: BodyName, text: string): boolean =>
  name === 'payload' ? !isSame(notification.payload, parsed(text)) : text !== textOf(notification, name)

/** In what it differs from what there is, its time apart. */
export const changesOf = (
  { priority, bodies }: EditDraft,
  notification: Editable,
): Record<string, unknown> => ({
  ...(priority !== null && priority !== notification.priority && { priority }),
  ...Object.fromEntries(
    BODIES.flatMap((name) => {
      const text = bodies[name]
      return text === undefined || !isChanged(notification, name, text)
        ? []
        : [[name, bodyOf(notification, name, text)]]
    }),
  ),
})

/** The time that was chosen; null while it is left, or empty. */
export const timeOf = ({ wall }: EditDraft): LocalWhen | null => (wall === null ? null : whenOf(wall))

/** It is as the draft wants it already: of an edit whose answer was lost, nothing is left to be done. */
export const isMade = (draft: EditDraft, notification: Editable): boolean => {
  const wanted = timeOf(draft)
  return (
    Object.keys(changesOf(draft, notification)).length === 0 &&
    (wanted === null || isSame(wanted, notification.sendAt))
  )
}
