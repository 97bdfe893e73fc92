/** What a key or a user may be allowed to do, and what that is. `docs/access.md` shows the same table. */
export const SCOPES = {
  'notifications:read': 'Read notifications, their timelines, the calendar and their events.',
  'notifications:write': 'Schedule, change, cancel, send now, retry and settle notifications.',
  'content:read': 'Read content, its revisions and publications.',
  'content:write': 'Write drafts and revisions, and delete content.',
  'content:publish': 'Schedule, publish, unpublish, archive and restore content; releases.',
  'tasks:read': 'Read tasks and their runs.',
  'tasks:write': 'Start, cancel and repeat tasks.',
  'schedules:read': 'Read recurring schedules.',
  'schedules:write': 'Create, change and delete recurring schedules.',
  operate: 'Metrics, overview, queues, workers, dead letters, operations and bulk calls.',
  admin: 'Keys, projects, users, webhooks and the audit trail.',
} as const

export type Scope = keyof typeof SCOPES

export const ALL_SCOPES = Object.keys(SCOPES) as readonly Scope[]

export const isScope = (text: string): text is Scope => Object.hasOwn(SCOPES, text)

/** What a route asks of its caller: a scope; `any`: that he is somebody; `public`: nothing. */
export type Access = Scope | 'any' | 'public'
