import { createDeadLetterSource, EXECUTION_CONCURRENCY } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { itemOf } from './plan.ts'
import {
  type DeadPublication,
  deadPublications,
  type DeadRelease,
  deadReleases,
} from './repository-dead-letters.ts'
import { RELEASE_LANE } from './repository-releases.ts'
import { type ContentTypes, laneOfType, subjectOf } from './types.ts'

const QUEUE = 'publishing'

/** One queue for people, however many lanes there are below it. */
export const publishingQueue = (types: ContentTypes, external: readonly string[] = []) => ({
  ...{ name: QUEUE, lane: RELEASE_LANE, concurrency: EXECUTION_CONCURRENCY },
  lanes: [...types.names.map(laneOfType), ...external],
})

const NOBODY = { provider: null, to: null, tags: [], groupKey: null } as const

/** Failed publications, as the list of dead letters takes them. */
export const createPublicationDeadLetters = (o: { db: Database; tables: Tables; types: ContentTypes }) =>
  createDeadLetterSource({
    db: o.db,
    kind: 'publication',
    queues: o.types.names.map((name) => ({ name: QUEUE, lane: laneOfType(name) })),
    table: deadPublications(o.tables),
    show: (dead: DeadPublication) => ({
      ...{ queue: QUEUE, ...NOBODY },
      title: `${dead.action} ${subjectOf(itemOf(dead))}`,
    }),
  })

/** Failed releases, each as one. */
export const createReleaseDeadLetters = (o: { db: Database; tables: Tables }) =>
  createDeadLetterSource({
    db: o.db,
    kind: 'release',
    queues: [{ name: QUEUE, lane: RELEASE_LANE }],
    table: deadReleases(o.tables),
    show: ({ title }: DeadRelease) => ({ queue: QUEUE, ...NOBODY, title }),
  })
