import { availableParallelism } from 'node:os'
import type { Database } from '../../platform/database.ts'
import type { Logger } from '../../platform/log.ts'
import { createOutgoingHttp } from '../../platform/outgoing-http/index.ts'
import { removeInBatches } from '../../platform/remove-in-batches.ts'
import type { Tables } from '../../platform/tables.ts'
import { type BuiltInRun, type BuiltInTask, defineBuiltIn, TaskFailure } from '../define.ts'
import { createImageThread } from './image-thread-client.ts'
import type { Limits } from './process-messages.ts'
import { readUpload, removeUploads, writeUpload } from './repository-uploads.ts'
import { ALLOW_SETTING, dataSchema, type ResizeData, UPLOAD } from './schema.ts'
import { createStore, type Storage } from './stores.ts'
import { checkUpload, checkUrl, checkWithoutFile } from './upload.ts'

export interface ImageSettings extends Limits {
  /** Hosts and addresses that images may be fetched from, beside public ones. */
  allow: readonly string[]
  /** What `location` begins with; empty: where it lies. */
  url: string
  storage: Storage
}

export interface ImageResizeOptions {
  db: Database
  tables: Tables
  settings: ImageSettings
  version: string
  log: Logger
}

/** Images at a time in one worker: more than cores would only wait for each other, and each holds its file in memory. */
const MOST_AT_ONCE = 4
/** While an image is worked on, the next one is fetched. */
const AHEAD = 1
/** An AVIF of the largest size takes half a minute of a slow core. */
const TIMEOUT_SECONDS = 300
const RETRY = { limit: 5, delaySeconds: 10, backoff: 'exponential', maxDelaySeconds: 3600 } as const

const UPLOAD_MISSING = 'the file that came with the run is not kept any more: send it again'

/**
 * The task `image-resize`. Connects to nothing and starts nothing before there is an image.
 * @throws Error naming the setting that cannot be read
 */
export const createImageResize = (o: ImageResizeOptions): BuiltInTask<ResizeData> => {
  const { db, tables, settings, log } = o
  const count = Math.min(availableParallelism(), MOST_AT_ONCE)
  const { maxBytes, maxPixels, maxFrames } = settings
  const userAgent = `Yeyak/${o.version}`
  const http = createOutgoingHttp({ allow: settings.allow, allowSetting: ALLOW_SETTING, userAgent })
  const storing = { storage: settings.storage, url: settings.url, userAgent }
  const store = createStore(storing)
  const thread = createImageThread({
    ...{ allow: settings.allow, count, store: storing },
    limits: { maxBytes, maxPixels, maxFrames },
  })

  /** A file that came with the run is here only, with the database. */
  const uploadOf = async ({ id, data, signal, previous }: BuiltInRun<ResizeData>): Promise<Buffer | null> => {
    if (!data.imageUrl.startsWith(UPLOAD)) return null
    const bytes = await readUpload(db, tables, id, signal)
    if (bytes !== null) return bytes
    throw new TaskFailure(UPLOAD_MISSING, {
      ...{ code: 'upload-missing', isFinal: true, result: previous ?? undefined },
    })
  }

  return defineBuiltIn({
    name: 'image-resize',
    description: 'Makes smaller versions of an image, in JPEG, PNG, WebP or AVIF.',
    schema: dataSchema,
    retry: RETRY,
    timeoutSeconds: TIMEOUT_SECONDS,
    concurrencyOfWorker: count + AHEAD,
    check: ({ imageUrl }) => checkUrl(imageUrl, http.judge),
    upload: {
      maxBytes,
      check: checkUpload,
      checkWithout: checkWithoutFile,
      keep: (tx, { id }, { bytes }) => writeUpload(tx, tables, id, bytes),
    },
    handler: async (run) => thread.run(run, await uploadOf(run)),
    async prune() {
      const removed = await removeInBatches((limit) => removeUploads(db, tables, limit))
      if (removed > 0) log.debug({ removed }, 'image-resize: files of runs that are final were removed')
      await store.tidy()
    },
    async close() {
      await Promise.all([thread.close(), http.close(), store.close()])
    },
  })
}
