import { type TSchema, Type } from 'typebox'
import { ALL_SCOPES } from '../http/index.ts'
import type { Key } from './repository-keys.ts'
import type { Project } from './repository-projects.ts'
import type { Session } from './repository-sessions.ts'
import type { User } from './repository-users.ts'
import { PASSWORD_LENGTH } from './passwords.ts'
import { ROLES } from './roles.ts'
import type { Time } from './time.ts'

const nullOr = (schema: TSchema) => Type.Union([schema, Type.Null()])
const Instant = Type.String({ format: 'date-time' })
const Name = Type.String({ minLength: 1, maxLength: 100 })
const ProjectName = Type.String({
  pattern: '^[a-z0-9][a-z0-9._-]{0,62}$',
  description: 'Up to 63 of a-z, 0-9, dot, _ and -.',
  examples: ['shop'],
})
const ScopeList = Type.Array(Type.Enum([...ALL_SCOPES], { type: 'string' }), {
  minItems: 1,
  maxItems: ALL_SCOPES.length,
  uniqueItems: true,
  examples: [['notifications:read', 'notifications:write']],
})
const PerMinute = Type.Integer({
  minimum: 1,
  maximum: 10_000_000,
  description: 'Of each process of the API. YEYAK_RATE_LIMIT where it is null.',
})

export const IdParams = Type.Object({ id: Type.String() })

export const ListOf = (item: TSchema) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullOr(Type.String()) })

const keyMembers = {
  id: Type.String({ format: 'uuid' }),
  project: Type.String(),
  name: Type.String(),
  hint: Type.String({ description: 'The beginning of the key.' }),
  scopes: Type.Array(Type.String()),
  requestsPerMinute: nullOr(Type.Integer()),
  expiresAt: nullOr(Instant),
  previousValidUntil: nullOr(
    Type.String({ format: 'date-time', description: 'Of the key before the last rotation.' }),
  ),
  lastUsedAt: nullOr(Type.String({ format: 'date-time', description: 'To the minute.' })),
  createdBy: nullOr(Type.Object({ kind: Type.String(), id: nullOr(Type.String()) })),
  createdAt: Instant,
  updatedAt: Instant,
}
export const KeySchema = Type.Object(keyMembers, { title: 'ApiKey' })
export const ShownKeySchema = Type.Object(
  { ...keyMembers, key: Type.String({ description: 'Shown this once, and kept nowhere.' }) },
  { title: 'NewApiKey' },
)

export const NewKeySchema = Type.Object(
  {
    ...keyMembers,
    key: Type.Optional(
      Type.String({
        description: 'Shown this once, and kept nowhere. Absent from a repeat by Idempotency-Key.',
      }),
    ),
  },
  { title: 'MadeApiKey' },
)

export const keyBodies = (time: Time) => ({
  create: Type.Object(
    {
      name: Name,
      scopes: ScopeList,
      expiresAt: Type.Optional(time.schema),
      requestsPerMinute: Type.Optional(PerMinute),
      project: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 63,
          description: 'The caller’s own unless told; another one only by admins of default.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  patch: Type.Object(
    {
      name: Type.Optional(Name),
      scopes: Type.Optional(ScopeList),
      expiresAt: Type.Optional(time.schema),
      requestsPerMinute: Type.Optional(nullOr(PerMinute)),
    },
    { additionalProperties: false },
  ),
})
export const RotateBody = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400,
        default: 86_400,
        description: 'How long the old key stays good.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const ProjectSchema = Type.Object(
  { id: Type.String(), name: Type.String(), createdAt: Instant },
  { title: 'Project' },
)
export const ProjectBody = Type.Object({ name: ProjectName }, { additionalProperties: false })
export const ProjectPatch = Type.Object({ name: Type.Optional(ProjectName) }, { additionalProperties: false })

const Role = Type.Enum([...ROLES], { type: 'string' })

export const UserSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    email: Type.String(),
    name: Type.String(),
    role: Role,
    projects: nullOr(Type.Array(Type.String(), { description: 'Null: all.' })),
    disabled: Type.Boolean(),
    createdAt: Instant,
    updatedAt: Instant,
    signedInAt: nullOr(Instant),
  },
  { title: 'User' },
)

const Email = Type.String({ maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$', examples: ['kim@example.com'] })
const Password = Type.String({
  minLength: PASSWORD_LENGTH.min,
  maxLength: PASSWORD_LENGTH.max,
  format: 'password',
})
const ProjectNames = Type.Array(Type.String({ minLength: 1, maxLength: 63 }), { minItems: 1, maxItems: 1000 })

export const UserBody = Type.Object(
  {
    email: Email,
    name: Type.Optional(Name),
    role: Role,
    password: Password,
    projects: Type.Optional(ProjectNames),
  },
  { additionalProperties: false },
)
export const UserPatchBody = Type.Object(
  {
    email: Type.Optional(Email),
    name: Type.Optional(Name),
    role: Type.Optional(Role),
    password: Type.Optional(Password),
    projects: Type.Optional(nullOr(ProjectNames)),
    disabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

const ProjectRef = Type.Object({ id: Type.String(), name: Type.String() })
export const SelfSchema = Type.Object(
  {
    kind: Type.String({ description: 'key, user or anonymous' }),
    id: nullOr(Type.String()),
    name: nullOr(Type.String()),
    email: nullOr(Type.String()),
    role: nullOr(Type.String()),
    scopes: Type.Array(Type.String()),
    project: nullOr(ProjectRef),
    projects: Type.Array(ProjectRef, { description: 'To choose from by the header Yeyak-Project.' }),
    csrfToken: nullOr(Type.String({ description: 'To be sent as X-CSRF-Token with all but GET and HEAD.' })),
    expiresAt: nullOr(Instant),
  },
  { title: 'Session' },
)
export const SessionSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    user: Type.Object({ id: Type.String({ format: 'uuid' }), email: Type.String(), name: Type.String() }),
    from: nullOr(Type.String({ description: 'The address that the sign-in came from.' })),
    createdAt: Instant,
    lastSeenAt: Type.String({ format: 'date-time', description: 'To the minute.' }),
    expiresAt: Type.String({
      format: 'date-time',
      description: 'At the latest: it ends 12 hours after the last call, too.',
    }),
    current: Type.Boolean({ description: 'This call was made in it.' }),
  },
  { title: 'SignedIn' },
)
export const SignInBody = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: 254 }),
    password: Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH.max, format: 'password' }),
  },
  { additionalProperties: false },
)

export const keyResource = (key: Key) => ({
  ...{ id: key.id, project: key.project, name: key.name, hint: key.hint, scopes: key.scopes },
  ...{ requestsPerMinute: key.requestsPerMinute, expiresAt: key.expiresAt },
  ...{ previousValidUntil: key.previousValidUntil, lastUsedAt: key.lastUsedAt },
  // Where somebody called from is for the audit trail.
  createdBy: key.createdBy === null ? null : { kind: key.createdBy.kind, id: key.createdBy.id },
  ...{ createdAt: key.createdAt, updatedAt: key.updatedAt },
})

export const projectResource = ({ id, name, createdAt }: Project) => ({ id: String(id), name, createdAt })

export const userResource = (user: User) => ({
  ...{ id: user.id, email: user.email, name: user.name, role: user.role, projects: user.projects },
  ...{ disabled: user.disabled, createdAt: user.createdAt, updatedAt: user.updatedAt },
  signedInAt: user.signedInAt,
})

export const sessionResource = (session: Session) => ({
  ...{ id: session.id, user: session.user, from: session.from, createdAt: session.createdAt },
  ...{ lastSeenAt: session.seenAt, expiresAt: session.expiresAt, current: session.isCurrent },
})
