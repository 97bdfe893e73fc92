import type { Clock } from '../platform/clock.ts'
import { resolveWhen, WhenSchema } from '../timers/index.ts'

/** Times as every feature takes them, for those that may not know `timers`. */
export const whenBy = (clock: Clock) => ({
  schema: WhenSchema,
  resolve: async (given: unknown, path: string) => resolveWhen(given, { path, now: await clock.now() }).at,
})
