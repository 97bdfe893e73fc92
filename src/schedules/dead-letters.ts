import { createDeadLetterSource, EXECUTION_CONCURRENCY } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { type DeadRun, deadRuns } from './repository-look.ts'
import { LANE, RUN_LANE } from './row.ts'

const QUEUE = 'schedules'

/** One queue for people: what falls due, and the runs that wait for their turn. */
export const scheduleQueue = () => ({
  ...{ name: QUEUE, lane: LANE, lanes: [RUN_LANE], concurrency: EXECUTION_CONCURRENCY },
})

/** Runs that could not start what they are for, as the list of dead letters takes them. */
export const createScheduleDeadLetters = (o: { db: Database; tables: Tables }) =>
  createDeadLetterSource({
    db: o.db,
    kind: 'schedule',
    queues: [LANE, RUN_LANE].map((lane) => ({ name: QUEUE, lane })),
    table: deadRuns(o.tables),
    show: ({ name, cause }: DeadRun) => ({
      ...{ queue: QUEUE, provider: null, to: null, tags: [], groupKey: null, parent: name },
      title: cause === 'schedule' ? name : `${name} (${cause})`,
    }),
  })
