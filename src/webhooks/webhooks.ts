import type { WebhookPoster } from '../channels/index.ts'
import { createOnce, type Server } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import type { Encryption } from '../platform/encryption.ts'
import type { Logger } from '../platform/log.ts'
import { removeInBatches } from '../platform/remove-in-batches.ts'
import type { Tables } from '../platform/tables.ts'
import type { Timers } from '../timers/index.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { createDispatcher } from './dispatcher.ts'
import { createRepair } from './repair.ts'
import { repairRoutes } from './repair-routes.ts'
import { createDeliveryChanges } from './repository-change.ts'
import { createDeliveryRepository } from './repository-deliveries.ts'
import { createDispatchRepository } from './repository-dispatch.ts'
import { createHealthRepository } from './repository-health.ts'
import { createResendRepository } from './repository-resend.ts'
import { deliverySubject } from './repository-subject.ts'
import { createRepository } from './repository.ts'
import { createDeliveries } from './deliveries.ts'
import { webhookRoutes } from './routes.ts'
import { createSecrets } from './secret.ts'
import { createService } from './service.ts'
import { createSender } from './worker.ts'

const RETENTION_DAYS = 30

export interface WebhookOptions {
  tables: Tables
  poster: WebhookPoster
  /** Null where no key is configured: endpoints can then not be made. */
  encryption: Encryption | null
  timers: Pick<Timers, 'wake'>
}

/** The API's side: endpoints, and what is delivered to them. `onEnabled`: there is one more to deliver to. */
export const createWebhooks = (o: WebhookOptions & { db: Database; onEnabled(): void }) => {
  const { db, tables, poster, timers, onEnabled } = o
  const repository = createRepository(tables)
  const secrets = createSecrets(o.encryption)
  const once = createOnce({ db, tables, route: '/v1/webhooks' })
  const service = createService({ db, tables, repository, secrets, poster, once, onEnabled })
  const rows = createDeliveryRepository(tables)
  const deliveries = createDeliveries({
    ...{ db, tables, repository, timers, deliveries: rows },
    resends: createResendRepository(tables),
  })
  const repair = createRepair({
    ...{ db, repository, timers, deliveries: rows, changes: createDeliveryChanges(tables) },
  })
  return {
    routes(app: Server): void {
      webhookRoutes(app, { service })
      deliveryRoutes(app, { deliveries })
      repairRoutes(app, { repair })
    },
  }
}

/**
 * The worker's side. `db` may commit asynchronously: a pass of the dispatcher that is lost in a crash happens again, whole.
 * `deliveryDb` commits durably.
 */
export const createWebhookWorker = (
  o: WebhookOptions & { db: Database; deliveryDb: Database; log: Logger },
) => {
  const { tables, poster, encryption, timers, log } = o
  const repository = createDispatchRepository(o.db, tables)
  return {
    subject: deliverySubject(tables),
    sender: createSender({ poster, encryption, health: createHealthRepository(o.deliveryDb, tables), log }),
    dispatcher: createDispatcher({ repository, onPlanted: timers.wake, log }),

    /** Removes deliveries that have been final for 30 days. */
    async prune(): Promise<void> {
      const removed = await removeInBatches((limit) => repository.prune(RETENTION_DAYS, limit))
      if (removed > 0) log.info({ removed }, `webhooks: removed deliveries older than ${RETENTION_DAYS} days`)
    },
  }
}
