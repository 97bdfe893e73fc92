import type { Executed, ExecutionJob } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { type Fault, noOpOf, reduce } from './decide.ts'
import { DONE } from './effect.ts'
import { LOG_PREFIX } from './execute.ts'
import { type ExternalModels, isMapping } from './external-model.ts'
import { isGone } from './external-scheduling.ts'
import type { ExternalTable } from './external-table.ts'
import { contentEvent, doneOf, endedOf, endingOf, type Line, supersededOf, troubleOf } from './plan.ts'
import { createExecutionRepository, type Ended } from './repository-execution.ts'
import { createExternalDue, type ExternalPublication, type Target } from './repository-external-due.ts'
import { actOn, lockRow } from './repository-external-row.ts'
import { type EventRow, tell } from './repository-settle.ts'
import { subjectOf } from './types.ts'

export interface ExternalExecuteOptions {
  tables: Tables
  models: ExternalModels
  tableOf(model: string): Promise<ExternalTable | null>
  /** The application's own transaction behind one of ours. */
  txOf(db: Database): unknown
  log: Logger
  wake(dueMs: number): void
  onStep?: ((step: string) => void) | undefined
}

/** What is known of the row under its lock. */
interface Standing {
  isThere: boolean
  /** False where it is known not to be live. */
  mayBeLive: boolean
}

/** Told by its name: the application's models may come from another copy of this package. */
const faultOf = (error: unknown): Fault | null => {
  if (!(error instanceof Error) || error.name !== 'YeyakError') return null
  const { code, message, errors } = error as YeyakError
  return code === 'rejected' ? { code, message, errors } : null
}

const eventOf = (p: ExternalPublication, type: string, data: Readonly<Record<string, unknown>>): EventRow =>
  contentEvent({ ...p, type: p.model, revision: null }, type, { external: true, ...data })

/**
 * Does what the publications of one row say, inside a transaction of the application's own client: what its callbacks write
 * stands or falls with the event and the end of the job.
 */
export const createExternalExecute = (o: ExternalExecuteOptions) => {
  const { tables: t, models, tableOf, log, wake, onStep } = o
  const due = createExternalDue(t)
  const execution = createExecutionRepository(t)
  const step = (name: string) => onStep?.(name)

  const contextOf = (tx: Database, { resourceId: id, locale, dueAt }: Target | ExternalPublication) => ({
    ...{ tx: o.txOf(tx), id, locale, revision: null, dueAt },
  })

  const lockResource = async (
    tx: Database,
    target: Target,
    table: ExternalTable | null,
  ): Promise<Standing> => {
    const model = models[target.model]
    if (model === undefined) throw new Error(`no model ${target.model}`)
    if (!isMapping(model)) {
      const isThere = !isGone(await model.load(contextOf(tx, target)))
      return { isThere, mayBeLive: isThere }
    }
    const row = table === null ? null : await lockRow(tx, table, target.resourceId)
    const published = table?.values.published
    return { isThere: row !== null, mayBeLive: row !== null && (row.status ?? published) === published }
  }

  const act = async (tx: Database, p: ExternalPublication, table: ExternalTable | null, now: Date) => {
    const model = models[p.model]
    if (model === undefined) throw new Error(`no model ${p.model}`)
    const context = contextOf(tx, p)
    const isPublish = p.action === 'publish'
    if (isPublish) await model.validate?.(context)
    if (!isMapping(model)) await (isPublish ? model.publish(context) : model.unpublish?.(context))
    else if (table !== null) await actOn(tx, table, p.resourceId, isPublish ? 'publish' : 'unpublish', now)
  }

  /** The last of what is due wins; where the model rejects it, the one before it. Whatever else it throws is passed on. */
  const settleRow = async (
    tx: Database,
    all: readonly ExternalPublication[],
    table: ExternalTable | null,
    now: Date,
  ) => {
    const faults = new Map<string, Fault>()
    for (;;) {
      const reduced = reduce(all, now, ({ id }) => faults.get(id) ?? null)
      const { winner } = reduced
      if (winner === null) return reduced
      try {
        await due.attempt(tx, () => act(tx, winner, table, now))
        return reduced
      } catch (error) {
        const rejected = faultOf(error)
        if (rejected === null) throw error
        faults.set(winner.id, rejected)
      }
    }
  }

  const nothingToDo = (subject: string, why: string): Executed => ({
    left: [],
    afterwards: () => log.info(`${LOG_PREFIX} ${subject}: nothing to do (${why})`),
  })

  return async (tx: Database, [job, ...more]: readonly ExecutionJob[]): Promise<Executed> => {
    if (job === undefined || more.length > 0) throw new Error('one job at a time')
    step('begun')
    const target = await due.target(tx, job.data.s)
    if (target === null) return nothingToDo(job.data.s, 'gone')
    const table = await tableOf(target.model)
    const standing = await lockResource(tx, target, table)
    step('locked')
    const { now, publications } = await due.lockDue(tx, job.data.s, target)
    step('read')
    const subject = subjectOf({ type: target.model, id: target.resourceId, locale: target.locale })
    const own = publications.find(({ id }) => id === job.data.s)
    const noOp = noOpOf(job.data.g, own, standing.isThere, now)
    const pending = publications.filter((p) => p.isPending && p.dueAt <= now)

    if (noOp === 'content_gone') {
      const ended = pending.map((p) => endingOf(p, { state: 'canceled', reason: 'deleted' }))
      const events = pending.map((p) => eventOf(p, 'content.unscheduled', { reason: 'deleted' }))
      await execution.end(tx, ended, now, events)
      return nothingToDo(subject, noOp)
    }
    if (noOp === 'not_due' && own !== undefined) {
      await execution.replant(tx, [own.id])
      return {
        left: [],
        afterwards() {
          nothingToDo(subject, noOp).afterwards()
          wake(own.nextAt.getTime())
        },
      }
    }
    if (noOp !== null) return nothingToDo(subject, noOp)

    const { endings, winner } = await settleRow(tx, pending, table, now)
    step('acted')
    const ended: Ended[] = []
    const events: EventRow[] = []
    const lines: Line[] = []
    for (const ending of endings) {
      const { publication: p, state, error } = ending
      const reason = state === 'failed' ? 'rejected' : ending.reason
      const handedAt = p.id === job.data.s ? new Date(job.data.h) : null
      ended.push({ ...endedOf(ending, now, { revision: null, handedAt }), reason })
      const trouble = troubleOf(subject, ending)
      if (trouble === null) continue
      events.push(eventOf(p, `content.${state}`, { reason, error }))
      lines.push(trouble)
    }
    if (winner !== null) {
      const superseded = supersededOf(endings)
      const isEffective = winner.action === 'publish' || standing.mayBeLive
      const said = superseded.length > 0 ? { superseded } : {}
      events.push(
        isEffective
          ? eventOf(winner, `content.${DONE[winner.action]}`, {
              ...{
                sha256: null,
                publishedAt: now.toISOString(),
                lateMs: now.getTime() - winner.dueAt.getTime(),
              },
              ...{ tags: [], paths: [], ...said },
            })
          : eventOf(winner, 'content.unscheduled', { reason: 'without effect', ...said }),
      )
      lines.push(doneOf(subject, winner.action, isEffective, now))
    }
    await execution.end(tx, ended, now)
    step('ended')
    await tell(tx, t, events)
    step('told')
    return {
      left: [],
      afterwards() {
        for (const { level, text } of lines) log[level](`${LOG_PREFIX} ${text}`)
      },
    }
  }
}
