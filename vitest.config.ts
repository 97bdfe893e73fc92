import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/kit/longest-first.ts'

/**
 * Five tiers, one command each; `docs/testing.md` says what belongs where. The limits are for two slow cores; three or
 * four files at a time, as much of what they do is wait. The files of a worker share its modules: importing all of them anew for
 * each file took a quarter of a run's processor time (unit: 33 s, now 15).
 */
export default defineConfig({
  test: {
    pool: 'forks',
    isolate: false,
    sequence: { sequencer: LongestFirst },
    teardownTimeout: 30_000,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
            'dashboard/src/**/*.test.ts',
            'test/*.test.ts',
          ],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/kit/global-setup.ts'],
          maxWorkers: 4,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // One browser for all files; each has a server of its own, so that what one makes no other counts.
        test: {
          name: 'dashboard',
          include: ['test/dashboard/**/*.test.ts'],
          globalSetup: ['test/kit/global-setup.ts', 'test/kit/browser-setup.ts'],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/kit/global-setup.ts'],
          maxWorkers: 4,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Each file starts the real thing, on a port and in a directory of its own.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
