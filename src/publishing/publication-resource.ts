import { Type } from 'typebox'
import type { AttemptRow, PublicationRow } from './repository-publication-list.ts'
import { PUBLICATION_STATES } from './repository-publications.ts'
import { instant } from './resource.ts'
import { Action, Instant, nullOr, OnEdit } from './schema.ts'

export const FaultSchema = Type.Object(
  {
    code: Type.String(),
    message: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { title: 'PublicationError' },
)

const Attempt = Type.Object(
  {
    number: Type.Integer(),
    outcome: Type.Enum(['succeeded', 'rejected', 'failed', 'interrupted'], {
      type: 'string',
      description: 'interrupted: the database could not serve; it does not count.',
    }),
    startedAt: Instant,
    finishedAt: Instant,
    lateMs: Type.Number(),
    error: nullOr(FaultSchema),
  },
  { title: 'PublicationAttempt' },
)

const fields = {
  id: Type.String({ format: 'uuid' }),
  type: Type.String(),
  resourceId: Type.String(),
  locale: Type.String(),
  action: Action,
  revision: nullOr(Type.Integer({ description: 'Null: the draft as it is then.' })),
  onEdit: OnEdit,
  at: Type.Unknown({ description: 'The time as it was given.' }),
  dueAt: Instant,
  nextAttemptAt: nullOr(Instant),
  maxLateSeconds: nullOr(Type.Number()),
  state: Type.Enum([...PUBLICATION_STATES], { type: 'string' }),
  reason: nullOr(Type.String()),
  error: nullOr(FaultSchema),
  releaseId: nullOr(Type.String({ format: 'uuid' })),
  attemptCount: Type.Integer(),
  lateMs: nullOr(Type.Number({ description: 'executedAt − dueAt.' })),
  executedAt: nullOr(Instant),
  createdAt: Instant,
  updatedAt: Instant,
  finishedAt: nullOr(Instant),
}

export const PublicationSummary = Type.Object(fields, { title: 'PublicationSummary' })
export const PublicationSchema = Type.Unsafe<object>(
  Type.Object({ ...fields, attempts: Type.Array(Attempt) }, { title: 'Publication' }),
)

export const toSummary = (p: PublicationRow) => ({
  ...{ id: p.id, type: p.type, resourceId: p.resourceId, locale: p.locale, action: p.action },
  ...{ revision: p.revision, onEdit: p.onEdit, at: p.given, dueAt: p.dueAt.toISOString() },
  nextAttemptAt: p.finishedAt === null ? p.nextAt.toISOString() : null,
  ...{ maxLateSeconds: p.maxLateSeconds, state: p.state, reason: p.reason, error: p.error },
  ...{ releaseId: p.releaseId, attemptCount: p.attemptNo, lateMs: p.lateMs },
  executedAt: instant(p.executedAt),
  createdAt: p.createdAt.toISOString(),
  updatedAt: p.updatedAt.toISOString(),
  finishedAt: instant(p.finishedAt),
})

const rewritten = (at: string) => new Date(at).toISOString()

export const toPublication = (p: PublicationRow & { attempts: readonly AttemptRow[] }) => ({
  ...toSummary(p),
  attempts: p.attempts.map((a) => ({
    ...{ number: a.number, outcome: a.outcome === 'delivered' ? 'succeeded' : a.outcome },
    ...{
      startedAt: rewritten(a.startedAt),
      finishedAt: rewritten(a.finishedAt),
      lateMs: a.lateMs,
      error: a.error,
    },
  })),
})
