import type { Executed, ExecutionJob } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import type { Content } from './content-row.ts'
import { noOpOf } from './decide.ts'
import {
  contentEvent,
  endingOf,
  itemOf,
  numberOf,
  type Plan,
  placeOf,
  planItem,
  revisionKey,
} from './plan.ts'
import { createExecutionRepository, type Publication } from './repository-execution.ts'
import { settle } from './repository-settle.ts'
import { type ContentTypes, subjectOf } from './types.ts'

export interface ExecuteOptions {
  tables: Tables
  types: ContentTypes
  log: Logger
  /** Jobs that came too early were planted again: the alarm must know. */
  wake(dueMs: number): void
  onStep?: ((step: string) => void) | undefined
}

export const LOG_PREFIX = '[publish-worker]'

/**
 * Does what publications of built-in content say, up to a batch of them in one transaction: locks the items, then all of
 * theirs that is due; decides in plain TypeScript; writes.
 */
export const createExecute = ({ tables: t, types, log, wake, onStep }: ExecuteOptions) => {
  const repository = createExecutionRepository(t)
  const step = (name: string) => onStep?.(name)

  const write = async (tx: Database, plan: Plan, now: Date): Promise<void> => {
    await repository.end(tx, plan.ended, now, plan.events)
    step('ended')
    await settle(tx, t, plan.changes)
    step('settled')
    await repository.replant(
      tx,
      plan.replanted.map(({ id }) => id),
    )
  }

  return async (tx: Database, jobs: readonly ExecutionJob[], alone: boolean): Promise<Executed> => {
    step('begun')
    const ids = [...new Set(jobs.map((job) => job.data.s))]
    const items = await repository.lockItems(tx, ids, !alone)
    step('locked')
    const keys = items.map(({ key }) => key)
    const { now, publications } = await repository.lockDue(tx, ids, keys, alone)
    step('read')
    const byId = new Map(publications.map((p) => [p.id, p]))
    const byPlace = new Map(items.map((item) => [placeOf(item), item]))
    const itemFor = (p: Publication) => byPlace.get(placeOf({ ...itemOf(p), projectId: p.projectId }))

    const plan: Plan = { ended: [], changes: [], events: [], replanted: [], lines: [] }
    const left: ExecutionJob[] = []
    const acting = new Set<Content>()
    const handed = new Map<string, Date>()
    for (const job of jobs) {
      const publication = byId.get(job.data.s)
      const item = publication === undefined ? undefined : itemFor(publication)
      const noOp = noOpOf(job.data.g, publication, item !== undefined, now)
      // In a batch, what is missing may merely be locked.
      if (item === undefined && !alone) {
        left.push(job)
        continue
      }
      if (noOp === null && item !== undefined) {
        acting.add(item)
        handed.set(job.data.s, new Date(job.data.h))
        continue
      }
      if (publication !== undefined && noOp === 'content_gone') {
        plan.ended.push(endingOf(publication, { state: 'canceled', reason: 'deleted' }))
        plan.events.push(contentEvent(publication, 'content.unscheduled', { reason: 'deleted' }))
      }
      if (publication !== undefined && noOp === 'not_due') plan.replanted.push(publication)
      const name = publication === undefined ? job.data.s : subjectOf(itemOf(publication))
      plan.lines.push({ level: 'info', text: `${name}: nothing to do (${noOp ?? 'gone'})` })
    }

    const due = Map.groupBy(
      publications.filter((p) => p.isPending && p.releaseId === null && p.dueAt <= now),
      (p) => itemFor(p),
    )
    const wanted = [...acting].flatMap((item) =>
      (due.get(item) ?? [])
        .filter(({ action }) => action === 'publish')
        .map((p) => ({ key: item.key, number: numberOf(item, p) })),
    )
    const revisions = new Map(
      (await repository.revisions(tx, wanted)).map((r) => [revisionKey(r.key, r.number), r]),
    )
    for (const item of acting)
      planItem(types, plan, item, due.get(item) ?? [], now, revisions, (p) => handed.get(p.id) ?? null)
    await write(tx, plan, now)
    return {
      left,
      afterwards() {
        for (const { level, text } of plan.lines) log[level](`${LOG_PREFIX} ${text}`)
        for (const { nextAt } of plan.replanted) wake(nextAt.getTime())
      },
    }
  }
}
