import { type TProperties, type TSchema, Type } from 'typebox'
import { AT_ONCE_LIMIT, COUNT_LIMIT, SAMPLE_LIMIT } from './bulk.ts'
import { type Operation, OPERATION_STATES } from './repository.ts'

export const nullOr = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
export const Instant = Type.String({ format: 'date-time' })
const Count = (description?: string) => Type.Integer({ minimum: 0, ...(description && { description }) })

export const RATE = { minimum: 0.1, maximum: 100_000 } as const

const counts = {
  matched: Count('Of what matched, what was decided so far.'),
  changed: Count(),
  tooLate: Count('Had begun before it could be changed.'),
}

export const OperationSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    subject: Type.String({ description: 'What it changes, by its place in the API: notifications' }),
    kind: Type.String({ description: 'cancel, retry, resolve or undo' }),
    state: Type.Enum([...OPERATION_STATES], { type: 'string' }),
    ...counts,
    filter: Type.Object({}, { additionalProperties: true }),
    ratePerSecond: nullOr(Type.Number()),
    undoes: nullOr(Type.String({ format: 'uuid', description: 'The operation that this one takes back.' })),
    undoUntil: nullOr(
      Type.String({ format: 'date-time', description: '24 hours after it ended; null until then.' }),
    ),
    createdAt: Instant,
    finishedAt: nullOr(Instant),
  },
  { title: 'Operation' },
)

export const toResource = (o: Operation) => ({
  id: o.id,
  subject: o.subject,
  kind: o.kind,
  state: o.state,
  matched: o.matched,
  changed: o.changed,
  tooLate: o.tooLate,
  filter: o.filter,
  ratePerSecond: o.ratePerSecond,
  undoes: o.undoes,
  undoUntil: o.undoUntil?.toISOString() ?? null,
  createdAt: o.createdAt.toISOString(),
  finishedAt: o.finishedAt?.toISOString() ?? null,
})

export const ListOf = (item: TSchema) =>
  Type.Object({ items: Type.Array(item), nextCursor: nullOr(Type.String()) })

/** What every bulk call takes, beside the options of its kind. */
export const bulkFields = (filters: TProperties) => ({
  filter: Type.Optional(
    Type.Object(filters, { additionalProperties: false, description: 'As in the query of the list.' }),
  ),
  all: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Without a filter nothing is changed, unless this is true.',
    }),
  ),
  dryRun: Type.Optional(Type.Boolean({ default: false, description: 'Count, and change nothing.' })),
  ratePerSecond: Type.Optional(
    Type.Number({ ...RATE, description: 'Items a second at most; always makes an operation of it.' }),
  ),
})

export const BulkDone = (item: TSchema) =>
  Type.Union(
    [
      Type.Object({ ...counts, matched: Count() }, { title: 'Changed' }),
      Type.Object(
        {
          matched: Count(`Counted up to ${COUNT_LIMIT}.`),
          more: Type.Boolean({ description: 'More than were counted.' }),
          sample: Type.Array(item, { maxItems: SAMPLE_LIMIT }),
        },
        { title: 'Dry run' },
      ),
    ],
    { description: `A dry run, or up to ${AT_ONCE_LIMIT} that were changed at once.` },
  )
