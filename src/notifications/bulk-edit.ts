import type { BulkChanged } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { readBelow } from '../platform/faults-below.ts'
import { addRefusals, NO_REFUSALS, orRefusal, type Refusal, type Refusals } from '../platform/refusal.ts'
import type { Patch, Prepare } from './prepare.ts'
import { createBulkEditRepository, type Edited, type Ended } from './repository-bulk-edit.ts'
import type { Batch } from './repository-bulk-parts.ts'
import type { ListSources } from './repository-list.ts'
import type { Times } from './repository-sets.ts'
import type { Notification, Repository } from './repository.ts'

export interface BulkEditOptions {
  db: Database
  sources: ListSources
  repository: Pick<Repository, 'find' | 'whole'>
  prepare: Pick<Prepare, 'edit'>
}

/** Locked at once: each is read, edited and written, some 0.2 ms of it. */
export const EDIT_CHUNK = 250
/** Contents that are in memory at once, in bytes; a larger one is alone. */
const SLICE_BYTES = 4 * 1024 * 1024

const slicesOf = (rows: readonly Ended[]): string[][] => {
  const slices: string[][] = []
  let room = 0
  for (const { id, contentBytes } of rows) {
    const open = slices.at(-1)
    if (open === undefined || contentBytes > room) {
      slices.push([id])
      room = SLICE_BYTES
    } else open.push(id)
    room -= contentBytes
  }
  return slices
}

/** Files with their names and without their content, as lists have them. */
const withoutFiles = (content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { attachments } = content
  if (!Array.isArray(attachments)) return content
  return {
    ...content,
    attachments: (attachments as object[]).map((file) => ({ ...file, content: undefined })),
  }
}

/**
 * Tries again what is edited before. What each becomes is made of what stands in it, and checked as a PATCH of it would be:
 * so they are locked and read first, and then written by one statement.
 */
export const createBulkEdit = ({ db, sources, repository, prepare }: BulkEditOptions) => {
  const changes = createBulkEditRepository(sources)
  const editOf = (row: Notification, patch: Patch) =>
    orRefusal(row.id, () => readBelow('patch', () => prepare.edit(row, patch)))

  return {
    /** These as they would be, in their order, and what does not bear it. */
    async preview(projectId: number, rows: readonly Notification[], patch: Patch) {
      const sample: Notification[] = []
      const refusals: Refusal[] = []
      for (const listed of rows) {
        const row = await repository.find(db, projectId, listed.id)
        if (row === null) continue
        const made = editOf(row, patch)
        if ('refusal' in made) refusals.push(made.refusal)
        const edited = 'value' in made ? { ...row, ...made.value } : row
        sample.push({ ...edited, content: withoutFiles(edited.content) })
      }
      return { sample, refusals }
    },

    /** Due now where `dueAt` is null. */
    async retry(
      tx: Database,
      batch: Batch,
      patch: Patch,
      to: Times & { dueAt: Date | null },
    ): Promise<BulkChanged & { refused: Refusals }> {
      const total = { changed: 0, tooLate: 0, wakeMs: Infinity, refused: NO_REFUSALS }
      for (const ids of slicesOf(await changes.lockEnded(tx, batch))) {
        const edits: Edited[] = []
        for (const row of await repository.whole(tx, batch.projectId, ids)) {
          const made = editOf(row, patch)
          if ('value' in made) edits.push({ id: row.id, ...made.value })
          else total.refused = addRefusals(total.refused, { count: 1, first: made.refusal })
        }
        const { changed, wakeMs } = await changes.retry(tx, batch, to, edits)
        total.changed += changed
        total.wakeMs = Math.min(total.wakeMs, wakeMs ?? Infinity)
      }
      return { ...total, wakeMs: total.wakeMs === Infinity ? null : total.wakeMs }
    },
  }
}

export type BulkEdit = ReturnType<typeof createBulkEdit>
