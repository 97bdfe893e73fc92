import { ALL_SCOPES, type Scope } from '../http/index.ts'

export const ROLES = ['viewer', 'editor', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

const READS = ALL_SCOPES.filter((scope) => scope.endsWith(':read'))
const EDITS: readonly Scope[] = [
  'notifications:write',
  'content:write',
  'content:publish',
  'tasks:write',
  'schedules:write',
]

/** What people of each role may do. `docs/access.md` shows the same. */
export const SCOPES_OF: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  viewer: new Set(READS),
  editor: new Set([...READS, ...EDITS]),
  operator: new Set([...READS, ...EDITS, 'operate']),
  admin: new Set(ALL_SCOPES),
}
