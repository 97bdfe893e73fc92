/** What happened, in the order in which it became visible: the feed, the stream and the audit trail. */
export { auditRoutes } from './audit-routes.ts'
export {
  ALL_KINDS,
  EVENT_TYPES,
  isKind,
  type Kind,
  kindOf,
  KINDS,
  matchesType,
  TYPE_PATTERNS,
} from './kinds.ts'
export { parsePosition, partsOf, type Position, positionOf } from './position.ts'
export { createEventRepository, type EventRepository, type StoredEvent } from './repository.ts'
export { createAuditRepository } from './repository-audit.ts'
export { eventRoutes } from './routes.ts'
export { type PublicEvent, toEvent } from './schema.ts'
export { MOST_STREAMS, streamRoutes } from './stream-routes.ts'
