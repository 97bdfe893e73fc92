import { type Static, type TSchema, Type } from 'typebox'
import { WhenDocument, WhenSchema } from '../timers/index.ts'
import { CONTENT_STATUSES } from './content-row.ts'
import { ACTIONS } from './repository-publications.ts'
import { MOST_ACTIONS } from './scheduling.ts'
import { EDIT_POLICIES } from './types.ts'

/** Not `.` or `..`, which no path can name. */
export const ID_PATTERN = '^(?!\\.{1,2}$)[A-Za-z0-9._~-]{1,200}$'
/** Of one's own choosing, in the manner of BCP 47: `ko`, `pt-BR`. */
export const LOCALE_PATTERN = '^(?:[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3})?$'

export const LONGEST_ID = 200
export const LONGEST_LOCALE = 35
/** An `integer` of PostgreSQL. */
export const MOST_REVISIONS = 2_147_483_647
/** Ten years, as far as anything can be scheduled. */
export const MOST_LATE_SECONDS = 315_360_000

export const closed = { additionalProperties: false } as const
export const nullOr = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
export const Instant = Type.String({ format: 'date-time' })
const Integer = Type.Integer({ minimum: 1, maximum: MOST_REVISIONS })
export const OnEdit = Type.Enum([...EDIT_POLICIES], { type: 'string' })
export const Action = Type.Enum([...ACTIONS], { type: 'string' })

export const TypeParams = Type.Object({ type: Type.String() })
export const ItemParams = Type.Object({ type: Type.String(), id: Type.String() })
export const RevisionParams = Type.Object({ type: Type.String(), id: Type.String(), n: Type.String() })

export const Locale = Type.Optional(
  Type.String({ maxLength: LONGEST_LOCALE, description: 'None is the default one.' }),
)
export const ItemQuery = Type.Object({ locale: Locale }, closed)
export type ItemQuery = Static<typeof ItemQuery>

const Data = Type.Unsafe<Record<string, unknown>>(Type.Object({}, { additionalProperties: true }))

const scheduleMembers = {
  publishAt: Type.Optional(WhenSchema),
  unpublishAt: Type.Optional(WhenSchema),
  revision: Type.Optional(Integer),
  onEdit: Type.Optional(OnEdit),
  maxLateSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: MOST_LATE_SECONDS })),
  actions: Type.Optional(
    Type.Array(Type.Object({ action: Action, at: WhenSchema, revision: Type.Optional(Integer) }, closed), {
      minItems: 1,
      maxItems: MOST_ACTIONS,
    }),
  ),
}

export const ScheduleBody = Type.Object(scheduleMembers, closed)

export const CreateBody = Type.Object(
  {
    id: Type.Optional(
      Type.String({ pattern: ID_PATTERN, maxLength: LONGEST_ID, description: 'A UUIDv7 where left out.' }),
    ),
    locale: Type.Optional(Type.String({ pattern: LOCALE_PATTERN, maxLength: LONGEST_LOCALE })),
    data: Data,
    schedule: Type.Optional(ScheduleBody),
  },
  closed,
)
export type CreateBody = Static<typeof CreateBody>

export const PatchBody = Type.Object({ data: Type.Optional(Data) }, closed)
export const PublishBody = Type.Object({ revision: Type.Optional(Integer) }, closed)

/** The item, for the OpenAPI document. */
export const ContentSchema = Type.Object(
  {
    type: Type.String(),
    id: Type.String(),
    locale: Type.String(),
    status: Type.Enum([...CONTENT_STATUSES], { type: 'string', description: 'What readers see.' }),
    version: Type.Integer(),
    draftRevision: Type.Integer(),
    liveRevision: nullOr(Type.Integer()),
    data: Data,
    publishedAt: nullOr(Instant),
    schedule: nullOr(
      Type.Object({
        publishAt: nullOr(WhenDocument),
        unpublishAt: nullOr(WhenDocument),
        revision: nullOr(Type.Integer({ description: 'Null: the draft as it is then.' })),
        onEdit: OnEdit,
        maxLateSeconds: nullOr(Type.Number()),
        draftAhead: Type.Boolean({ description: 'The draft is newer than what is scheduled.' }),
        publications: Type.Array(
          Type.Object({
            id: Type.String({ format: 'uuid' }),
            action: Action,
            dueAt: Instant,
            state: Type.Literal('scheduled'),
            revision: nullOr(Type.Integer()),
            releaseId: nullOr(Type.String({ format: 'uuid' })),
          }),
        ),
      }),
    ),
    createdAt: Instant,
    updatedAt: Instant,
  },
  { title: 'Content' },
)

export const RevisionSchema = Type.Object({
  revision: Type.Integer(),
  sha256: Type.String({ description: 'Of the data as JSON with sorted names and no blanks.' }),
  isDraft: Type.Boolean(),
  isLive: Type.Boolean(),
  createdBy: nullOr(Type.Object({ kind: Type.String(), id: nullOr(Type.String()) })),
  createdAt: Instant,
})

export const listOf = (item: TSchema) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullOr(Type.String()) })
