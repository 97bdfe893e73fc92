import type { Database } from '../platform/database.ts'
import { inOrder } from '../platform/in-order.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import {
  createDeadLetterRepository,
  type DeadLetterFilter,
  type DeadLetterGroupBy,
  type DeadLetterLimits,
  type DeadLetterTable,
  type DeadRow,
} from './repository-dead-letters.ts'

/** What a feature tells of a failure of its own, beside what all have. */
interface Shown {
  queue: string
  provider: string | null
  to: unknown
  title: string
  tags: readonly string[]
  groupKey: string | null
  /** What it belongs to, where its calls need that; none where left out. */
  parent?: string
}

export interface DeadLetterOptions<Row> {
  db: Database
  /** `notification`. */
  kind: string
  queues: readonly { name: string; lane: string }[]
  table: DeadLetterTable
  /** `row` has what `table.shown` selects. */
  show(row: Row): Shown
}

/** What has failed for good in a feature, as the list of dead letters takes it. */
export const createDeadLetterSource = <Row>({ db, kind, queues, table, show }: DeadLetterOptions<Row>) => {
  const repository = createDeadLetterRepository<Row>(table)
  const toDeadLetter = (row: DeadRow & Row) => ({
    ...{ kind, id: row.id, state: 'failed' as const, reason: row.reason },
    error: row.error === null ? null : { code: row.error.code, message: row.error.message },
    attemptCount: row.attemptNo,
    dueAt: row.dueAt.toISOString(),
    finishedAt: row.finishedAt.toISOString(),
    version: row.generation,
    parent: null,
    ...show(row),
  })

  return {
    kind,
    queues,

    async list(projectId: number, { lanes }: Pick<DeadLetterFilter, 'lanes'>, page: KeysetPage) {
      return (await repository.list(db, projectId, lanes, page)).map(toDeadLetter)
    },

    async groups(
      projectId: number,
      filter: DeadLetterFilter,
      by: DeadLetterGroupBy,
      limits: DeadLetterLimits,
    ) {
      const { groups, more } = await repository.groups(db, projectId, filter, by, limits)
      const ids = groups.flatMap((group) => group.ids)
      const rows = await repository.byIds(db, projectId, ids)
      return {
        // What was tried again meanwhile is no longer among them.
        groups: groups.map(({ key, count, ids: sample }) => ({
          key,
          count,
          sample: inOrder(sample, rows).map(toDeadLetter),
        })),
        more,
      }
    },
  }
}
