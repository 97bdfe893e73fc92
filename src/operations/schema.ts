import { type TProperties, type TSchema, Type } from 'typebox'
import type { Language } from '../platform/errors.ts'
import { type Refusal, shownRefusal } from '../platform/refusal.ts'
import { AT_ONCE_LIMIT, type BulkAnswer, COUNT_LIMIT, SAMPLE_LIMIT } from './bulk.ts'
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

const RefusalSchema = Type.Object(
  {
    id: Type.String(),
    code: Type.String(),
    detail: Type.String(),
    errors: Type.Array(
      Type.Object({
        path: Type.String(),
        message: Type.String(),
        suggestion: Type.Optional(Type.String()),
      }),
    ),
  },
  { title: 'Refusal', description: 'Why one of them was not changed: as its own call would be refused.' },
)

const refused = {
  refused: Count('Does not bear the edit, and is left as it was.'),
  refusal: nullOr({ ...RefusalSchema, description: 'Why the first of them was refused.' }),
}

export const OperationSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    subject: Type.String({ description: 'What it changes, by its place in the API: notifications' }),
    kind: Type.String({ description: 'cancel, retry, resolve or undo' }),
    state: Type.Enum([...OPERATION_STATES], { type: 'string' }),
    ...counts,
    ...refused,
    patched: Type.Array(Type.String(), { description: 'The fields that it edits.' }),
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

const refusalFor = (refusal: Refusal | null, language: Language) =>
  refusal === null ? null : shownRefusal(refusal, language)

export const toResource = (o: Operation, language: Language) => ({
  id: o.id,
  subject: o.subject,
  kind: o.kind,
  state: o.state,
  matched: o.matched,
  changed: o.changed,
  tooLate: o.tooLate,
  refused: o.refused,
  refusal: refusalFor(o.refusal, language),
  patched: (o.options['patched'] ?? []) as string[],
  filter: o.filter,
  ratePerSecond: o.ratePerSecond,
  undoes: o.undoes,
  undoUntil: o.undoUntil?.toISOString() ?? null,
  createdAt: o.createdAt.toISOString(),
  finishedAt: o.finishedAt?.toISOString() ?? null,
})

export const toAnswer = (answer: BulkAnswer, language: Language) => {
  if ('id' in answer) return toResource(answer, language)
  if ('sample' in answer) {
    const { refusals, ...found } = answer
    return refusals === undefined
      ? found
      : { ...found, refusals: refusals.map((one) => shownRefusal(one, language)) }
  }
  const { refused: all, ...done } = answer
  return all === undefined ? done : { ...done, refused: all.count, refusal: refusalFor(all.first, language) }
}

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
      Type.Object(
        {
          ...{ ...counts, matched: Count() },
          refused: Type.Optional(refused.refused),
          refusal: Type.Optional(refused.refusal),
        },
        { title: 'Changed', description: '`refused` and `refusal` only where a `patch` was given.' },
      ),
      Type.Object(
        {
          matched: Count(`Counted up to ${COUNT_LIMIT}.`),
          more: Type.Boolean({ description: 'More than were counted.' }),
          sample: Type.Array(item, {
            maxItems: SAMPLE_LIMIT,
            description: 'The first of them; where a `patch` was given, as they would be.',
          }),
          refusals: Type.Optional(
            Type.Array(RefusalSchema, {
              maxItems: SAMPLE_LIMIT,
              description: 'Of the sample, those that do not bear the `patch`.',
            }),
          ),
        },
        { title: 'Dry run' },
      ),
    ],
    { description: `A dry run, or up to ${AT_ONCE_LIMIT} that were changed at once.` },
  )
