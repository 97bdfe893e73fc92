import { createDeadLetterSource } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { PROVIDER } from './repository-filters.ts'
import { type DeadDelivery, deadDeliveries } from './repository-dead.ts'
import { LANE } from './repository-event.ts'

/** Deliveries that failed for good, as the list of dead letters takes them. */
export const createDeadLetters = (db: Database, t: Tables) =>
  createDeadLetterSource({
    ...{ db, kind: 'webhook', queues: [{ name: LANE, lane: LANE }] },
    table: deadDeliveries(t),
    show: ({ type, url, webhookId }: DeadDelivery) => ({
      ...{ queue: LANE, provider: PROVIDER, title: type, tags: [], groupKey: null, parent: webhookId },
      // Its path and query are a password with many services, and who may see dead letters need not see endpoints.
      to: url === null ? null : new URL(url).origin,
    }),
  })
