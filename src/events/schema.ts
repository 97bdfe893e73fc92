import { Type } from 'typebox'
import { ALL_KINDS } from './kinds.ts'
import type { StoredEvent } from './repository.ts'

/** A filter that is a text. */
export const TextFilter = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }))

/** What the feed and the stream are filtered by. */
export const feedFilters = {
  after: TextFilter(40, 'The id of the last event that is known; 0 is before the first one.'),
  type: TextFilter(2000, 'A comma list of types; all of a kind as notification.*'),
  subject: TextFilter(300, 'The id of what the events are about, or kind:id.'),
}

const subject = Type.Object({
  kind: Type.String({ description: ALL_KINDS.join(', ') }),
  id: Type.String(),
})

const actor = {
  kind: Type.String({ description: 'key, user, anonymous, queue, operator, schedule or system' }),
  id: Type.Union([Type.String(), Type.Null()]),
}

const fields = {
  id: Type.String({ description: 'Rises in the order in which events become visible.' }),
  type: Type.String(),
  at: Type.String({ format: 'date-time' }),
  subject,
  actor: Type.Object(actor),
  data: Type.Object({}, { additionalProperties: true }),
}

export const EventSchema = Type.Object(fields, { title: 'Event' })

export const AuditSchema = Type.Object(
  {
    ...fields,
    actor: Type.Object({
      ...actor,
      from: Type.Union([
        Type.String({ description: 'The address that the request came from.' }),
        Type.Null(),
      ]),
    }),
  },
  { title: 'AuditEvent' },
)

const nextCursor = Type.Union([Type.String(), Type.Null()])

export const EventList = Type.Object({
  items: Type.Array(EventSchema),
  nextCursor,
  reset: Type.Optional(
    Type.Literal(true, { description: 'What came right after `after` is no longer kept.' }),
  ),
})

export const AuditList = Type.Object({ items: Type.Array(AuditSchema), nextCursor })

/** An event as it is answered, streamed and sent to webhooks. Where it was asked for from is not in it. */
export const toEvent = ({ position, type, at, kind, subjectId, actor: by, data }: StoredEvent) => ({
  id: String(position),
  type,
  at: at.toISOString(),
  subject: { kind, id: subjectId },
  actor: { kind: by?.kind ?? ('system' as const), id: by?.id ?? null },
  data: data ?? {},
})

export const toAudit = (event: StoredEvent) => {
  const shown = toEvent(event)
  return { ...shown, actor: { ...shown.actor, from: event.actor?.from ?? null } }
}
