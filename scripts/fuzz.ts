/**
 * `npm run fuzz [requests] [seed]`: the fuzz tests of `npm test` with many more requests and rules. What they find is repeated by the seed
 * that they print.
 */
import { runTool } from './tool.ts'

/** The requests, and the rules of schedules in all zones. */
const FILES = [
  'test/integration/fuzz.test.ts',
  'src/schedules/recurrence/recurrence.property.test.ts',
  'src/timers/when/zone-spans.test.ts',
]
/** Far above what any number of requests takes: the test has a time-out of its own. */
const limitMs = 24 * 3_600_000

const [requests = '50000', seed] = process.argv.slice(2)
process.env['YEYAK_TEST_FUZZ'] = requests
if (seed !== undefined) process.env['YEYAK_TEST_FUZZ_SEED'] = seed
const { exitCode } = await runTool(
  'vitest',
  ['run', '--project', 'integration', '--project', 'unit', ...FILES],
  { show: true, limitMs },
)
process.exitCode = exitCode
