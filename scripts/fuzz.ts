/**
 * `npm run fuzz [requests] [seed]`: the fuzz test of `npm test` with many more requests. What it finds is repeated by the seed
 * that it prints.
 */
import { runTool } from './tool.ts'

/** Far above what any number of requests takes: the test has a time-out of its own. */
const limitMs = 24 * 3_600_000

const [requests = '50000', seed] = process.argv.slice(2)
process.env['YEYAK_TEST_FUZZ'] = requests
if (seed !== undefined) process.env['YEYAK_TEST_FUZZ_SEED'] = seed
const { exitCode } = await runTool(
  'vitest',
  ['run', '--project', 'integration', 'test/integration/fuzz.test.ts'],
  { show: true, limitMs },
)
process.exitCode = exitCode
