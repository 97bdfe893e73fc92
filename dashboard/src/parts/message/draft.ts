import type { Body, Notification } from '../../api/types.ts'

export const CHANNELS = ['log', 'email', 'webhook'] as const
export type ChannelName = (typeof CHANNELS)[number]
export type NotificationBody = Body<'/v1/notifications', 'post'>

/** A notification as a form holds it: texts as they are typed. What is empty is left out of the body. */
export interface MessageDraft {
  channel: ChannelName
  /** An address a line. */
  to: string
  cc: string
  bcc: string
  replyTo: string
  from: string
  subject: string
  message: string
  html: string
  isJson: boolean
  payload: string
  priority: string
  dedupeKey: string
  onDuplicate: 'ignore' | 'replace' | 'reject'
  groupKey: string
  limit: string
  delaySeconds: string
  backoff: 'exponential' | 'fixed'
  maxDelaySeconds: string
  onUnknown: 'retry' | 'stop'
  timeoutSeconds: string
  /** With commas between. */
  tags: string
  metadata: string
  /** What it has beside, and no field here shows: it is kept. */
  rest: Record<string, unknown>
}

export const EMPTY_MESSAGE: MessageDraft = {
  ...{ channel: 'log', to: '', cc: '', bcc: '', replyTo: '', from: '', subject: '', message: '', html: '' },
  ...{ isJson: true, payload: '', priority: '0', dedupeKey: '', onDuplicate: 'ignore', groupKey: '' },
  ...{ limit: '3', delaySeconds: '60', backoff: 'exponential', maxDelaySeconds: '3600' },
  ...{ onUnknown: 'retry', timeoutSeconds: '15', tags: '', metadata: '', rest: {} },
}

/** As JSON; undefined for what is none. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** One is said as one: `"a@example.com"`. */
const addressesOf = (text: string): string | string[] | undefined => {
  const lines = linesOf(text)
  return lines.length > 1 ? lines : lines[0]
}

/** What cannot be a number is sent as it is: the server says what is wrong with it. */
const numberOf = (text: string): number => {
  const value = Number(text)
  return (text.trim() === '' || Number.isNaN(value) ? text : value) as number
}

/** `Name: value`, a line each. */
export const headersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    linesOf(text).map((line) => {
      const at = line.indexOf(':')
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    }),
  )

const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text)

const contentOf = (draft: MessageDraft, headers: string): Record<string, unknown> => {
  const { channel, message } = draft
  if (channel === 'log') return { message }
  const to = { to: addressesOf(draft.to) }
  if (channel === 'email')
    return {
      ...to,
      ...{ cc: addressesOf(draft.cc), bcc: addressesOf(draft.bcc) },
      ...{ replyTo: given(draft.replyTo.trim()), from: given(draft.from.trim()) },
      ...{ subject: given(draft.subject), text: given(message), html: given(draft.html) },
    }
  const made = headersOf(headers)
  return {
    ...to,
    ...(draft.isJson ? { payload: parsed(draft.payload) } : { message }),
    ...(Object.keys(made).length > 0 && { headers: made }),
  }
}

const RETRY = ['limit', 'delaySeconds', 'backoff', 'maxDelaySeconds'] as const

/** The body of a notification, without its time: what is as it would be anyway is left out. */
export const bodyOf = (draft: MessageDraft, headers: string): NotificationBody => {
  const changed = (name: keyof MessageDraft) => draft[name] !== EMPTY_MESSAGE[name]
  const tags = draft.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
  const retry = Object.fromEntries(
    RETRY.filter(changed).map((name) => [name, name === 'backoff' ? draft[name] : numberOf(draft[name])]),
  )
  const body: Record<string, unknown> = {
    ...draft.rest,
    channel: draft.channel,
    ...contentOf(draft, headers),
    ...(changed('priority') && { priority: numberOf(draft.priority) }),
    dedupeKey: given(draft.dedupeKey),
    ...(changed('dedupeKey') && changed('onDuplicate') && { onDuplicate: draft.onDuplicate }),
    groupKey: given(draft.groupKey),
    ...(Object.keys(retry).length > 0 && { retry }),
    ...(changed('onUnknown') && { onUnknown: draft.onUnknown }),
    ...(changed('timeoutSeconds') && { timeoutSeconds: numberOf(draft.timeoutSeconds) }),
    ...(tags.length > 0 && { tags }),
    ...(draft.metadata.trim() !== '' && { metadata: parsed(draft.metadata) }),
  }
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
}

/** Fields whose text must be JSON, and is not. */
export const brokenJson = (draft: MessageDraft): ('payload' | 'metadata')[] => {
  const isBroken = (text: string) => text.trim() !== '' && parsed(text) === undefined
  return [
    ...(draft.channel === 'webhook' && draft.isJson && isBroken(draft.payload) ? (['payload'] as const) : []),
    ...(isBroken(draft.metadata) ? (['metadata'] as const) : []),
  ]
}

/** In the place of a secret, which nobody is shown. */
const HIDDEN = 'hidden'
const SHOWN = new Set([
  'channel',
  'to',
  'cc',
  'bcc',
  'replyTo',
  'from',
  'subject',
  'message',
  'text',
  'html',
  'payload',
  'headers',
  'priority',
  'dedupeKey',
  'onDuplicate',
  'groupKey',
  'retry',
  'onUnknown',
  'timeoutSeconds',
  'tags',
  'metadata',
  'attachments',
])
/** Of the item, not of what was asked for. */
const RESULT = new Set([
  'id',
  'state',
  'reason',
  'sendAt',
  'dueAt',
  'expiresAt',
  'nextAttemptAt',
  'deduplicated',
  'scheduleId',
  'attemptCount',
  'attempts',
  'lateMs',
  'version',
  'createdAt',
  'updatedAt',
  'finishedAt',
])

const lines = (value: unknown): string =>
  value === undefined || value === null ? '' : [value].flat().map(String).join('\n')

type Source = Partial<NotificationBody> & Partial<Pick<Notification, 'id'>>

/** The form of what there is already. `secret`: names of headers whose values are not told. Keys that hold one back from being made twice are not taken over. */
export const draftOf = (source: Source): { draft: MessageDraft; headers: string; secret: string[] } => {
  const text = (value: string | number | undefined | null, otherwise: string) =>
    value === undefined || value === null ? otherwise : String(value)
  const { retry = {}, metadata = {}, payload } = source
  const headers = Object.entries(source.headers ?? {})
  const known = headers.filter(([, value]) => value !== HIDDEN)
  const channel = CHANNELS.find((name) => name === source.channel) ?? 'log'
  const draft: MessageDraft = {
    ...EMPTY_MESSAGE,
    channel,
    ...{ to: lines(source.to), cc: lines(source.cc), bcc: lines(source.bcc) },
    ...{ replyTo: text(source.replyTo, ''), from: text(source.from, '') },
    ...{ subject: text(source.subject, ''), html: text(source.html, '') },
    message: source.text ?? source.message ?? '',
    ...{
      isJson: source.message === undefined,
      payload: payload === undefined ? '' : JSON.stringify(payload, null, 2),
    },
    priority: text(source.priority, '0'),
    groupKey: text(source.groupKey, ''),
    limit: text(retry.limit, EMPTY_MESSAGE.limit),
    delaySeconds: text(retry.delaySeconds, EMPTY_MESSAGE.delaySeconds),
    backoff: retry.backoff ?? EMPTY_MESSAGE.backoff,
    maxDelaySeconds: text(retry.maxDelaySeconds, EMPTY_MESSAGE.maxDelaySeconds),
    onUnknown: source.onUnknown ?? EMPTY_MESSAGE.onUnknown,
    timeoutSeconds: text(source.timeoutSeconds, EMPTY_MESSAGE.timeoutSeconds),
    tags: (source.tags ?? []).join(', '),
    metadata: Object.keys(metadata).length === 0 ? '' : JSON.stringify(metadata, null, 2),
    rest: Object.fromEntries(
      Object.entries(source).filter(
        ([name, value]) => !SHOWN.has(name) && !RESULT.has(name) && value !== null,
      ),
    ),
  }
  return {
    draft,
    headers: known.map(([name, value]) => `${name}: ${String(value)}`).join('\n'),
    secret: headers.filter(([, value]) => value === HIDDEN).map(([name]) => name),
  }
}
