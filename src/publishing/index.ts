/** WHAT content goes live: content, its revisions, publications and releases. */
export { createPublicationWaits } from './repository-waits.ts'
export { createPublicationFigures } from './repository-figures.ts'
export { createPublicationCalendar } from './calendar.ts'
export { createPublicationRederiver } from './rederive.ts'
export { createReleaseRederiver } from './releases-rederive.ts'
export { createPublicationBulk } from './bulk.ts'
export { createReleaseBulk } from './releases-bulk.ts'
export { createContentStore } from './content-store.ts'
export type { ContentType, ContentTypes } from './types.ts'
export { publishingLanes, registeredTypes } from './registered.ts'
export { createPublicationDeadLetters, createReleaseDeadLetters, publishingQueue } from './dead-letters.ts'
export { createPublishWorker, type PublishWorker, SWEEP_INTERVAL_MS } from './worker.ts'
export { createRecurring } from './recurring.ts'
export { createPublishingApi } from './publishing-api.ts'
export { createExternal, type ExternalOptions } from './external.ts'
export {
  checkModels,
  type ExternalContext,
  type ExternalModel,
  type ExternalModels,
  fault,
  type Mapping,
  strangers,
} from './external-model.ts'
export type { Open } from './external-scheduling.ts'
