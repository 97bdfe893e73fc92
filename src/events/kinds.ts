import type { Scope } from '../http/index.ts'

/** What events are about, and the scope that lets a caller read them. */
export const KINDS = {
  notification: 'notifications:read',
  content: 'content:read',
  release: 'content:read',
  run: 'tasks:read',
  schedule: 'schedules:read',
  queue: 'operate',
  operation: 'operate',
  key: 'admin',
  user: 'admin',
  project: 'admin',
  session: 'admin',
  webhook: 'admin',
  calendar: 'notifications:read',
  person: 'admin',
} as const satisfies Record<string, Scope>

export type Kind = keyof typeof KINDS

export const ALL_KINDS = Object.keys(KINDS) as readonly Kind[]

export const isKind = (text: string): text is Kind => Object.hasOwn(KINDS, text)

/** Every type of event that is written, with what its `data` says. `docs/events.md` shows the same table. */
export const EVENT_TYPES = {
  'notification.created': 'It was scheduled.',
  'notification.updated':
    'It was changed, retried, sent at once, moved by new rules of its zone (`reason` `zone_rules`), or its cancellation came too late (`cancelRequested`). `before` and `after` say what changed.',
  'notification.attempt': 'An attempt ended and another one will follow: `number`, `outcome`, `reason`.',
  'notification.delivered': 'Final. `number` and `outcome` of the attempt, or `reason` `operator`.',
  'notification.failed': 'Final, a dead letter: `reason`.',
  'notification.canceled': 'Final: `reason`.',
  'notification.expired': 'Final: it had not begun in time.',
  'notification.reconciled': 'It had neither a timer nor a job, and was planted again.',
  'content.created': 'A draft was made.',
  'content.updated': 'It has a new revision, or was restored from the archive.',
  'content.scheduled':
    'What is to happen to it, and when; `reason`, such as `zone_rules`, where nobody scheduled it just then.',
  'content.unscheduled': 'That will not happen: `reason`.',
  'content.published':
    'Readers see it: `revision`, `scheduledFor`, `publishedAt`, `lateMs`, `tags`, `paths`.',
  'content.unpublished': 'Readers no longer see it; the same members.',
  'content.archived': 'It is in the archive; the same members.',
  'content.deleted': 'It is gone, with its revisions.',
  'content.failed': 'A publication failed for good: `reason`, `error`. What readers see is as before.',
  'content.missed': 'A publication came too late to be made: `reason`.',
  'release.created': 'A release was made.',
  'release.updated': 'Its title or items were changed, or it is as it was before the operation `undone`.',
  'release.deleted': 'It is gone.',
  'release.scheduled':
    'All of it will be published at one instant; `reason` `zone_rules` where that has moved.',
  'release.succeeded': 'All of it was published.',
  'release.failed': 'None of it was published: `reason`, `error`.',
  'release.canceled': 'It was called off: `reason`, and the `note` of an operator.',
  'release.missed': 'It came too late to be published.',
  'schedule.created': 'A recurring schedule was made.',
  'schedule.updated': 'It says something else: `before` and `after`.',
  'schedule.deleted': 'It is gone; what it has started goes on.',
  'schedule.paused': 'What falls due is not run.',
  'schedule.resumed': 'It runs again: `missed` says how many runs are made up for, and by which policy.',
  'schedule.run':
    'A run has started what it is for: `runId`, `occurrence`, `cause`, `item`, `lateMs`. The item has events of its own.',
  'schedule.skipped': 'A run was left out: `runId`, `occurrence`, `reason`.',
  'schedule.failed':
    'A run could not start what it is for, a dead letter: `runId`, `occurrence`, `reason`, `error`.',
  'schedule.retried': 'A run that had failed waits again: `runId`, `occurrence`.',
  'schedule.settled': 'A run was settled by an operator’s word: `runId`, `occurrence`, `note`.',
  'schedule.undone': 'A run is as it was before the operation `undone`: `runId`, `occurrence`.',
  'schedule.missed':
    'It was not run when it should have been, from `from` to `to`: `policy`, and `madeUp`, how many runs are made up for.',
  'schedule.backfilled': 'Runs of a time that is over were asked for: `from`, `to`, `count`.',
  'schedule.moved':
    'The rules of its time zone have changed: its next run was at `before`, and is at `after`.',
  'schedule.finished': 'It has no further run.',
  'run.created': 'A run of a task was scheduled.',
  'run.updated':
    'It was changed, retried or started at once, or a running one is to be canceled (`cancelRequested`). `before` and `after` say what changed.',
  'run.started':
    'An attempt has begun: `number`. Told within half a second, and left out where the attempt is over by then.',
  'run.progress': 'How far a running one is: `percent`. Some are left out where it moves fast.',
  'run.attempt': 'An attempt ended and another one will follow: `number`, `outcome`, `reason`.',
  'run.succeeded': 'Final. `number` and `outcome` of the attempt, or `reason` `operator`.',
  'run.failed': 'Final, a dead letter: `reason`.',
  'run.canceled': 'Final: `reason`.',
  'run.expired': 'Final: it had not begun in time.',
  'run.reconciled': 'It had neither a timer nor a job, and was planted again.',
  'queue.paused': 'What falls due in it stays scheduled.',
  'queue.resumed': 'It is handed over again.',
  'operation.started': 'A bulk change began: `subject`, `kind`, and the `filter`.',
  'operation.finished': 'It has decided everything that matched: `matched`, `changed`, `tooLate`.',
  'operation.aborted': 'It was ended before that.',
  'operation.undone': 'It is being taken back by the operation `by`.',
  'key.created': 'An API key was made; its secret is nowhere in the event.',
  'key.updated': 'Its name, scopes, expiry or limit was changed.',
  'key.rotated': 'It has a new secret; the old one is good for a while.',
  'key.revoked': 'It is good no longer.',
  'user.created': 'Somebody may sign in.',
  'user.updated': 'The account was changed.',
  'user.deleted': 'The account is gone.',
  'project.created': 'A project was made.',
  'project.updated': 'It was renamed.',
  'project.deleted': 'Its keys no longer work.',
  'session.created': 'Somebody signed in.',
  'session.refused': 'Somebody failed to sign in.',
  'session.ended': 'Somebody signed out, or an admin ended his `session`.',
  'webhook.created': 'An endpoint was made; its secret is nowhere in the event.',
  'webhook.updated': 'It was changed, or enabled again.',
  'webhook.rotated': 'It has a new secret; the old one signs too for a while.',
  'webhook.deleted': 'It is gone.',
  'webhook.disabled': 'Nothing is delivered to it any more: `reason`.',
  'webhook.resent': 'Events were sent to it again: `count`, and `deliveryId` where it is one.',
  'webhook.settled':
    'Deliveries to it were settled by an operator’s word: `count`, `outcome`, `note`, and `deliveryId` where it is one.',
  'webhook.undone':
    'Deliveries to it are as they were before the operation `undone`: `count`, and `deliveryId` where it is one.',
  'webhook.test': 'A test, for this endpoint alone.',
  'calendar.token_created': 'A token for the calendar was made; it is nowhere in the event.',
  'calendar.token_deleted': 'It is good no longer.',
  'person.forgotten':
    'The data of a person was removed: how many rows of each table, and the `salt` of the subject.',
} as const

export type EventType = keyof typeof EVENT_TYPES

export const kindOf = (type: string): string => type.slice(0, type.indexOf('.'))

/** What `type=` and the subscriptions of webhooks may name: types, and all of a kind as `notification.*`. */
export const TYPE_PATTERNS: readonly string[] = [
  ...ALL_KINDS.map((kind) => `${kind}.*`),
  ...Object.keys(EVENT_TYPES),
]
