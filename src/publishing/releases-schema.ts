import { Type } from 'typebox'
import { WhenSchema } from '../timers/index.ts'
import { FaultSchema } from './publication-resource.ts'
import { ACTIONS } from './repository-publications.ts'
import { type Release, RELEASE_STATES, type ReleaseSummary } from './repository-releases.ts'
import { instant } from './resource.ts'
import {
  closed,
  ID_PATTERN,
  Instant,
  LOCALE_PATTERN,
  LONGEST_ID,
  LONGEST_LOCALE,
  MOST_LATE_SECONDS,
  MOST_REVISIONS,
  nullOr,
} from './schema.ts'

const MOST_ITEMS = 500

const Item = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 50 }),
    id: Type.String({ pattern: ID_PATTERN, maxLength: LONGEST_ID }),
    locale: Type.Optional(Type.String({ pattern: LOCALE_PATTERN, maxLength: LONGEST_LOCALE })),
    action: Type.Optional(Type.Enum([...ACTIONS], { type: 'string', default: 'publish' })),
    revision: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_REVISIONS, description: 'The draft’s where left out.' }),
    ),
  },
  closed,
)
const Title = Type.String({ minLength: 1, maxLength: 200 })
const Items = Type.Array(Item, { minItems: 1, maxItems: MOST_ITEMS })
export const CreateBody = Type.Object({ title: Title, items: Items }, closed)
export const PatchBody = Type.Object({ title: Type.Optional(Title), items: Type.Optional(Items) }, closed)
const MaxLate = Type.Optional(Type.Number({ minimum: 0, maximum: MOST_LATE_SECONDS }))
export const ScheduleBody = Type.Object({ publishAt: WhenSchema, maxLateSeconds: MaxLate }, closed)
export const RetryBody = Type.Object(
  { publishAt: Type.Optional(WhenSchema), maxLateSeconds: MaxLate },
  { ...closed, description: 'At once where no time is given; maxLateSeconds as it was where left out.' },
)

const LONGEST_NOTE = 1000
/** The only word that an operator can have on a release: nobody does it any more. */
export const ResolveBody = Type.Object(
  {
    outcome: Type.Optional(Type.Enum(['canceled'], { type: 'string', default: 'canceled' })),
    note: Type.Optional(Type.String({ maxLength: LONGEST_NOTE })),
  },
  closed,
)

const summary = {
  id: Type.String({ format: 'uuid' }),
  title: Type.String(),
  state: Type.Enum([...RELEASE_STATES], { type: 'string' }),
  reason: nullOr(Type.String()),
  error: nullOr(FaultSchema),
  publishAt: Type.Unknown({ description: 'As it was given.' }),
  dueAt: nullOr(Instant),
  nextAttemptAt: nullOr(Instant),
  maxLateSeconds: nullOr(Type.Number()),
  attemptCount: Type.Integer(),
  lateMs: nullOr(Type.Number()),
  version: Type.Integer(),
  executedAt: nullOr(Instant),
  createdAt: Instant,
  updatedAt: Instant,
  finishedAt: nullOr(Instant),
}
const ItemSchema = Type.Object({
  type: Type.String(),
  id: Type.String(),
  locale: Type.String(),
  action: Type.String(),
  revision: nullOr(Type.Integer()),
})
export const Summary = Type.Object({ ...summary, itemCount: Type.Integer() }, { title: 'ReleaseSummary' })
export const Full = Type.Unsafe<object>(
  Type.Object({ ...summary, items: Type.Array(ItemSchema) }, { title: 'Release' }),
)

export const shared = (r: Omit<Release, 'items'>) => ({
  ...{ id: r.id, title: r.title, state: r.state, reason: r.reason, error: r.error },
  ...{ publishAt: r.publishAt, dueAt: instant(r.dueAt), maxLateSeconds: r.maxLateSeconds },
  nextAttemptAt: r.state === 'scheduled' ? instant(r.nextAt) : null,
  ...{
    attemptCount: r.attemptNo,
    lateMs: r.lateMs,
    version: r.generation,
    executedAt: instant(r.executedAt),
  },
  createdAt: r.createdAt.toISOString(),
  updatedAt: r.updatedAt.toISOString(),
  finishedAt: instant(r.finishedAt),
})
export const toSummary = (r: ReleaseSummary) => ({ ...shared(r), itemCount: r.itemCount })
