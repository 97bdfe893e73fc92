/** Changes of many items, queues, and what has failed for good. It reads other features through what they hand over. */
export { createOperations, type Operations, type OperationsOptions } from './operations.ts'
export type { BulkKind, BulkSubject, Changed, Fields, Match, Scope, Window } from './subject.ts'
export { createQueues, type QueueInfo } from './queues.ts'
export { queueRoutes } from './queue-routes.ts'
export { deadLetterRoutes, type DeadLetterSource } from './dead-letter-routes.ts'
