/**
 * `npm run fuzz [requests] [seed]`: the fuzz test of `npm test` with many more requests. What it finds is repeated by the seed
 * that it prints.
 */
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const [requests = '50000', seed] = process.argv.slice(2)
const root = path.join(import.meta.dirname, '..')
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'integration', 'test/integration/fuzz.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      YEYAK_TEST_FUZZ: requests,
      ...(seed !== undefined && { YEYAK_TEST_FUZZ_SEED: seed }),
    },
  },
)
process.exitCode = status ?? 1
