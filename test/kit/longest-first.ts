import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take longest, in that order. Vitest learns it from earlier runs, and by size otherwise: in a clean checkout a
 * small file that takes a minute came last, and one core waited for it.
 */
const LONGEST = [
  ...[
    'integration/containers-rehearsal',
    'integration/doctor',
    'faults/publishing-kill',
    'faults/publishing-types',
  ],
  ...['faults/bulk-kill', 'e2e/bench-smoke', 'integration/embedded-postgres', 'integration/attack'],
  ...['integration/matrix', 'integration/verify', 'e2e/cli-keys', 'e2e/package', 'faults/cancel-race'],
  ...['faults/outage-claims', 'faults/schedules-kill', 'faults/shutdown', 'faults/tasks-kill', 'faults/boot'],
  ...['integration/schedules-runs', 'integration/rollups', 'integration/canary', 'integration/import'],
  ...['integration/idle', 'dashboard/settings', 'dashboard/dead-letters-in-bulk', 'dashboard/calendar'],
]

const rankOf = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}`))
  return at < 0 ? LONGEST.length : at
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}
