import { defineTask, TaskFailure } from '../../src/tasks/index.ts'
import { eventually } from './poll.ts'

/** Longer than any test looks. */
const LONGEST_MS = 30_000

/** Tasks for the pages of runs, and how far those of `steps` are told to be, by their marks: 100 ends one. */
export const createShownTasks = () => {
  const reached = new Map<string, number>()
  const tasks = {
    report: defineTask({
      schema: {
        type: 'object',
        required: ['day'],
        properties: { day: { type: 'string', format: 'date' } },
        additionalProperties: false,
      },
      handler: ({ data }) => ({ rows: 12, of: data.day }),
    }),
    breaks: defineTask({
      retry: { limit: 1, delaySeconds: 0.1, backoff: 'fixed' },
      handler() {
        throw new TaskFailure('the disk is full', { code: 'no-space' })
      },
    }),
    steps: defineTask({
      schema: { type: 'object', required: ['mark'], properties: { mark: { type: 'string' } } },
      async handler({ data: { mark }, signal, progress }) {
        const isTold = () => {
          signal.throwIfAborted()
          const percent = reached.get(mark)
          // One that tells nothing is seen to run by the clock alone.
          if (percent !== undefined) progress(percent)
          return Promise.resolve(percent === 100)
        }
        await eventually('told to end, or to stop', isTold, LONGEST_MS)
      },
    }),
  }
  return { tasks, reached }
}
