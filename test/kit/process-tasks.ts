import { setTimeout as sleep } from 'node:timers/promises'
import { defineTask } from '../../src/tasks/index.ts'

/** What workers that are processes of their own can run. */
export const PROCESS_TASKS = {
  /** Runs for `ms`, deaf to its signal where `deaf`; its result tells who ran it. */
  lasts: defineTask({
    schema: { type: 'object', properties: { ms: { type: 'number' }, deaf: { type: 'boolean' } } },
    async handler({ data, attempt, signal, progress }) {
      progress(10)
      await sleep(data.ms ?? 0, null, data.deaf === true ? {} : { signal })
      return { pid: process.pid, attempt }
    },
  }),
  /** As native code that crashes does. */
  crashes: defineTask({
    async handler({ signal }) {
      process.kill(process.pid, 'SIGSEGV')
      await sleep(60_000, null, { signal })
    },
  }),
}
