import { setTimeout as sleep } from 'node:timers/promises'
import { defineTask, namedTasks, TaskFailure } from '../src/tasks/index.ts'
import { createRuns } from '../test/kit/runs.ts'
import type { Site } from './dashboard-site.ts'

const AS_LONG_AS_PICTURES_TAKE_MS = 600_000
const DAYS = 9

/** What the tasks of the site are: one that is done at once, one that goes on for long, one that fails. */
export const DEMO_TASKS = namedTasks({
  'daily-figures': defineTask({
    schema: {
      type: 'object',
      required: ['day'],
      properties: { day: { type: 'string', format: 'date' } },
      additionalProperties: false,
    },
    handler: ({ data }) => ({ rows: 1_204, file: `figures/${data.day}.csv` }),
  }),
  'import-orders': defineTask({
    schema: { type: 'object', required: ['percent'], properties: { percent: { type: 'number' } } },
    timeoutSeconds: 3_600,
    async handler({ data: { percent }, signal, progress }) {
      progress(percent)
      await sleep(AS_LONG_AS_PICTURES_TAKE_MS, null, { signal })
    },
  }),
  'resize-photos': defineTask({
    retry: { limit: 2, delaySeconds: 0.4, backoff: 'fixed' },
    handler() {
      throw new TaskFailure('the storage answered 503', { code: 'storage-unavailable' })
    },
  }),
})

/** Runs that are done, that go on, that wait, and one that has failed. */
export const plantRuns = async ({ client }: Site): Promise<{ runId: string }> => {
  const runs = createRuns(client)
  for (let i = 1; i <= DAYS; i += 1)
    await runs.start('daily-figures', {
      data: { day: `2026-12-0${i}` },
      ...(i % 3 === 0 && { runAt: { delay: i * 3_600 } }),
    })
  const runId = await runs.start('resize-photos', {
    data: { album: 'wedding', photos: 212 },
    tags: ['photos'],
  })
  await runs.inState(runId, 'failed')
  for (const percent of [62, 18]) {
    const id = await runs.start('import-orders', { data: { shop: `shop-${percent}`, percent } })
    await runs.inState(id, 'running')
  }
  return { runId }
}
