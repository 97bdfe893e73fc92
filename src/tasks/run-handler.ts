import type { BuiltInRun } from './define.ts'
import { type Ending, failureOf } from './failure.ts'

/** Runs a handler, whatever it returns or throws. Never rejects. */
export const runHandler = async (handler: (run: BuiltInRun) => unknown, run: BuiltInRun): Promise<Ending> => {
  try {
    return { kind: 'returned', value: await handler(run) }
  } catch (thrown) {
    return { kind: 'threw', failure: failureOf(thrown) }
  }
}
