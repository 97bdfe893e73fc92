/** Endpoints that subscribe to events: who they are, which events go to them, and what became of each. */
export { createDeliveryBulk } from './bulk.ts'
export { createDeadLetters } from './dead-letters.ts'
export { hasWork } from './repository-dispatch.ts'
export { LANE } from './repository-event.ts'
export { createReseal } from './reseal.ts'
export { createWebhooks, createWebhookWorker } from './webhooks.ts'
