import { deliveredSource } from './delivered.ts'
import { waitsForSlot } from './repository-facts.ts'
import { scheduleSource } from './schedules.ts'
import type { Source } from './source.ts'

/** Everything that can be accepted with a time. A further kind is one more entry. */
export const SOURCES: readonly Source[] = [
  deliveredSource({
    kind: 'notification',
    name: 'notifications',
    table: (tables) => tables.notifications,
    uniqueIndexes: [
      ...['notifications_pkey', 'notifications_pending', 'notifications_idempotency'],
      ...['timers_pkey', 'attempts_pkey', 'schedule_runs_occurrence'],
    ],
  }),
  scheduleSource,
  deliveredSource({
    ...{ kind: 'run', name: 'runs', deliveredAs: 'succeeded' },
    table: (tables) => tables.runs,
    uniqueIndexes: ['runs_pkey', 'runs_pending', 'runs_idempotency'],
    aside: waitsForSlot,
  }),
]
