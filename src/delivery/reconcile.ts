import type { Logger } from '../platform/log.ts'
import { type Candidate, createReconcileRepository, PAGE } from './repository-reconcile.ts'

export interface Reconciler {
  /** Looks once; returns how many items had to be put right, which should be none. */
  run(): Promise<number>
}

const NO_ID = '00000000-0000-0000-0000-000000000000'

/**
 * The net below everything: what is overdue and has neither timer nor job is planted again, what is `sending` without a
 * job is closed as unknown and planted again. Nothing should ever be found; each find is an event and a warning.
 *
 * History is walked once, by the due index, a page at a time; later passes begin at the earliest item that was still
 * open. Items that are tried again are all behind the index on `trouble`, so that their first due instant is no matter.
 */
export const createReconciler = (
  o: Parameters<typeof createReconcileRepository>[0] & { log: Logger },
): Reconciler => {
  const repository = createReconcileRepository(o)
  /** By project: nothing due before this was open at the last pass, but for what is tried again. */
  const reached = new Map<number, Date>()

  const mend = async (found: readonly Candidate[]): Promise<number> => {
    const ids = found.filter((candidate) => candidate.lost).map((candidate) => candidate.id)
    const count = await repository.repair(ids)
    if (count > 0)
      o.log.warn(
        { count, ids: ids.slice(0, 10) },
        'delivery: items without a timer or a job were planted again',
      )
    return count
  }

  /** Every page from `from` on; mends each. Returns the earliest that was open, and where it ended. */
  const walk = async (projectId: number, from: Date, retrying: boolean) => {
    let mended = 0
    let open: Date | null = null
    let after = { dueAt: from, id: NO_ID }
    for (;;) {
      const page = await repository.overdue(projectId, after, retrying)
      open ??= page.find((candidate) => candidate.open)?.dueAt ?? null
      mended += await mend(page)
      after = page.at(-1) ?? after
      if (page.length < PAGE) return { mended, open, end: after.dueAt }
    }
  }

  return {
    async run() {
      let mended = 0
      for (const id of await repository.projectIds()) {
        const all = await walk(id, reached.get(id) ?? new Date(0), false)
        const retrying = await walk(id, new Date(0), true)
        reached.set(id, all.open ?? all.end)
        mended += all.mended + retrying.mended
      }
      return mended
    },
  }
}
