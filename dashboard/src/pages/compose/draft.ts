import {
  bodyOf as messageBodyOf,
  EMPTY_MESSAGE,
  type MessageDraft,
  type NotificationBody,
} from '../../parts/message/draft.ts'
import type { Request } from '../../parts/curl/curl.ts'
import {
  EMPTY_TIME,
  NO_CLOCK,
  type TimeDraft,
  type TimeForm,
  timeOf,
  type WallClock,
  whenOf,
} from '../../parts/when/when.ts'

export const EXPIRY_FORMS = ['never', 'delay', 'local'] as const

export interface ComposeDraft extends MessageDraft, TimeDraft {
  time: TimeForm | 'recurring'
  name: string
  ruleKind: 'cron' | 'rrule'
  rule: string
  ruleZone: string
  expiry: (typeof EXPIRY_FORMS)[number]
  expiryDelay: string
  expiryWall: WallClock
  /** Of what is sent: whatever happens on the way, one is made. Empty until it is sent for the first time. */
  id: string
}

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

export const EMPTY: ComposeDraft = {
  ...EMPTY_MESSAGE,
  ...EMPTY_TIME,
  ...{ name: '', ruleKind: 'cron', rule: '0 9 * * *', ruleZone: ZONE },
  ...{ expiry: 'never', expiryDelay: '1h', expiryWall: NO_CLOCK },
  id: '',
}

const expiryOf = (draft: ComposeDraft): unknown => {
  if (draft.expiry === 'delay') return { delay: draft.expiryDelay.trim() }
  if (draft.expiry === 'local')
    return whenOf(draft.expiryWall) ?? { local: '', timeZone: draft.expiryWall.timeZone }
  return undefined
}

export interface Attachment {
  filename: string
  contentType: string
  content: string
}

export type ComposeRequest = Request & { path: '/v1/notifications' | '/v1/schedules' }

/** What is to be sent, and where. */
export const requestOf = (
  draft: ComposeDraft,
  o: { headers: string; attachments: readonly Attachment[] },
): ComposeRequest => {
  const expiresAt = expiryOf(draft)
  const notification: NotificationBody = {
    ...messageBodyOf(draft, o.headers),
    ...(draft.channel === 'email' && o.attachments.length > 0 && { attachments: [...o.attachments] }),
  }
  if (draft.time !== 'recurring') {
    const sendAt = timeOf(draft)
    return {
      path: '/v1/notifications',
      body: {
        ...notification,
        ...(sendAt !== undefined && { sendAt }),
        ...(expiresAt !== undefined && { expiresAt }),
      },
    }
  }
  const { name, ruleKind, rule, ruleZone: timeZone } = draft
  const start = expiresAt === undefined ? notification : { ...notification, expiresAt }
  return {
    path: '/v1/schedules',
    body: { name: name.trim(), [ruleKind]: rule.trim(), timeZone, notification: start },
  }
}
