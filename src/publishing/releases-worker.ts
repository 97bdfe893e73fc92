import type { Afterwards, Executed, ExecutionJob } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { noOpOf, RETRY_DELAY_SECONDS, retryDelaySeconds } from './decide.ts'
import { type ExecuteOptions, LOG_PREFIX } from './execute.ts'
import { faultOfError } from './fail.ts'
import { createReleaseApply } from './releases-apply.ts'
import { createReleaseRepository } from './repository-releases.ts'
import { OVERDUE_SECONDS } from './repository-sweep.ts'

const RETRY_LIMIT = 3
/** One that has a type which this worker does not know is left to another one, for as long as publications are. */
const HANDOVER_MS = 1_000

/** What the lane of releases does: one release in one transaction, all of it or nothing. */
export const createReleaseWork = ({ tables, types, log, wake, onStep }: ExecuteOptions) => {
  const repository = createReleaseRepository(tables)
  const apply = createReleaseApply({ tables, types })
  const step = (name: string) => onStep?.(name)
  const nothing = (left: readonly ExecutionJob[] = []): Executed => ({ left, afterwards() {} })

  const execute = async (tx: Database, jobs: readonly ExecutionJob[], alone: boolean): Promise<Executed> => {
    const [job] = jobs
    // It may wait for its items, and is not to hold up another one.
    if (!alone || job === undefined) return nothing(jobs)
    step('release begun')
    const found = await repository.lock(tx, job.data.s)
    const now = found?.now ?? new Date(0)
    const standing =
      found === null || found.nextAt === null
        ? undefined
        : { generation: found.generation, isPending: found.state === 'scheduled', nextAt: found.nextAt }
    const noOp = noOpOf(job.data.g, standing, true, now)
    if (found === null || noOp !== null) {
      if (found !== null && noOp === 'not_due') await repository.write(tx, found, { state: 'scheduled' })
      return {
        left: [],
        afterwards() {
          if (noOp === 'not_due' && found?.nextAt) wake(found.nextAt.getTime())
          log.info(`${LOG_PREFIX} release ${job.data.s}: nothing to do (${noOp ?? 'gone'})`)
        },
      }
    }
    const lateMs = now.getTime() - (found.dueAt ?? now).getTime()
    if (found.items.some(({ type }) => types.get(type) === undefined) && lateMs < OVERDUE_SECONDS * 1000) {
      const nextAt = new Date(now.getTime() + HANDOVER_MS)
      await repository.write(tx, found, { state: 'scheduled', nextAt })
      return { left: [], afterwards: () => wake(nextAt.getTime()) }
    }
    const held = await apply.hold(tx, found, now)
    step('release locked')
    if (found.maxLateSeconds !== null && lateMs > found.maxLateSeconds * 1000) {
      await apply.drop(tx, null, held, { state: 'missed', reason: 'too_late', error: null })
      return {
        left: [],
        afterwards: () => log.warn(`${LOG_PREFIX} release ${found.id} → missed`),
      }
    }
    const checked = await apply.check(tx, held)
    if (checked.errors.length > 0) {
      const errors = checked.errors.map(({ path, message }) => ({ path, message: message.en }))
      const error = { code: 'invalid-release', message: `${errors[0]?.path}: ${errors[0]?.message}`, errors }
      await apply.drop(tx, null, held, { state: 'failed', reason: 'invalid', error, attempts: 1 })
      return {
        left: [],
        afterwards: () => log.warn(`${LOG_PREFIX} release ${found.id} → failed: ${error.message}`),
      }
    }
    step('release checked')
    const lines = await apply.publish(tx, null, held, checked)
    step('release written')
    return {
      left: [],
      afterwards() {
        for (const line of lines) log.info(`${LOG_PREFIX} ${line} @${now.toISOString()}`)
        log.info(
          { items: lines.length, lateMs },
          `${LOG_PREFIX} release ${found.id} → published @${now.toISOString()}`,
        )
      },
    }
  }

  const fail = async (
    tx: Database,
    job: ExecutionJob,
    error: unknown,
    passing: boolean,
  ): Promise<Afterwards> => {
    const found = await repository.lock(tx, job.data.s)
    if (found === null || found.state !== 'scheduled' || found.generation !== job.data.g) return () => {}
    const fault = faultOfError(error)
    const failures = found.failures + 1
    if (passing || failures <= RETRY_LIMIT) {
      const delaySeconds = passing ? RETRY_DELAY_SECONDS : retryDelaySeconds(failures)
      const nextAt = new Date(found.now.getTime() + delaySeconds * 1000)
      const counted = passing ? found.failures : failures
      await repository.write(tx, found, {
        state: 'scheduled',
        nextAt,
        failures: counted,
        attempts: 1,
        error: fault,
      })
      return () => {
        wake(nextAt.getTime())
        log.warn(
          `${LOG_PREFIX} release ${found.id}: it failed, and is tried again in ${Math.round(delaySeconds)} s: ${fault.message}`,
        )
      }
    }
    const held = await apply.hold(tx, found, found.now)
    await apply.drop(tx, null, held, {
      state: 'failed',
      reason: 'retries_exhausted',
      error: fault,
      attempts: 1,
    })
    return () => log.warn(`${LOG_PREFIX} release ${found.id} → failed: ${fault.message}`)
  }

  return { execute, fail }
}
