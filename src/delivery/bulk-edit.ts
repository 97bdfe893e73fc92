import type { Database } from '../platform/database.ts'
import { readBelow } from '../platform/faults-below.ts'
import { isObject } from '../platform/merge-patch.ts'
import { addRefusals, NO_REFUSALS, orRefusal, type Refusal, type Refusals } from '../platform/refusal.ts'
import type { BulkChanged, BulkFields, BulkScope } from './bulk.ts'

/** One that is locked, and about how much it holds, in bytes. */
export interface Locked {
  id: string
  bytes: number
}

export interface BulkEditOptions<Row, Patch, Edit, Batch, Times> {
  /** Outside of any transaction, for previews. */
  db: Database
  /** Locks those of the batch that can be tried again, in the order of their ids. */
  lock(tx: Database, batch: Batch): Promise<Locked[]>
  /** With all that they hold, in the order of their ids. */
  read(db: Database, projectId: number, ids: readonly string[]): Promise<Row[]>
  /** @throws YeyakError where it does not bear the patch */
  edit(row: Row, patch: Patch): Edit
  /** Of what `lock` has locked. */
  retry(
    tx: Database,
    batch: Batch,
    to: Times,
    edits: readonly (Edit & { id: string })[],
  ): Promise<BulkChanged>
}

/** As an edit is kept until the last of them is changed; `seal`: what of it is secret. */
export const patchOptions = (
  { patch }: BulkFields,
  seal: (patch: BulkFields) => object = (asItIs) => asItIs,
): BulkFields => (isObject(patch) ? { patch: seal(patch), patched: Object.keys(patch) } : {})

/** Locked at once: each is read, edited and written, some 0.4 ms of it. */
const EDIT_CHUNK = 250
export const editChunk = ({ options }: BulkScope): number => ('patch' in options ? EDIT_CHUNK : Infinity)
/** What is in memory at once; what is larger is alone. */
const SLICE_BYTES = 4 * 1024 * 1024

const slicesOf = (rows: readonly Locked[]): string[][] => {
  const slices: string[][] = []
  let room = 0
  for (const { id, bytes } of rows) {
    const open = slices.at(-1)
    if (open === undefined || bytes > room) {
      slices.push([id])
      room = SLICE_BYTES
    } else open.push(id)
    room -= bytes
  }
  return slices
}

/**
 * Tries again what is edited before. What each becomes is made of what stands in it, and checked as a change of it alone would
 * be: so they are locked and read first, and then written by one statement. One is edited as many are.
 */
export const createBulkEdit = <
  Row extends { id: string },
  Patch,
  Edit extends object,
  Batch extends { projectId: number },
  Times,
>(
  o: BulkEditOptions<Row, Patch, Edit, Batch, Times>,
) => {
  const editOf = (row: Row, patch: Patch) =>
    orRefusal(row.id, () => readBelow('patch', () => o.edit(row, patch)))

  return {
    /** These as they would be, in their order, and what does not bear it; as they are without a patch. */
    async preview(
      projectId: number,
      rows: readonly Row[],
      patch: Patch | undefined,
    ): Promise<{ sample: readonly Row[]; refusals?: readonly Refusal[] }> {
      if (patch === undefined) return { sample: rows }
      const sample: Row[] = []
      const refusals: Refusal[] = []
      // One at a time: any of them may be large.
      for (const { id } of rows) {
        const [row] = await o.read(o.db, projectId, [id])
        if (row === undefined) continue
        const made = editOf(row, patch)
        if ('refusal' in made) refusals.push(made.refusal)
        sample.push('value' in made ? { ...row, ...made.value } : row)
      }
      return { sample, refusals }
    },

    async retry(
      tx: Database,
      batch: Batch,
      patch: Patch,
      to: Times,
    ): Promise<BulkChanged & { refused: Refusals }> {
      const total = { changed: 0, tooLate: 0, wakeMs: Infinity, refused: NO_REFUSALS }
      for (const ids of slicesOf(await o.lock(tx, batch))) {
        const edits: (Edit & { id: string })[] = []
        for (const row of await o.read(tx, batch.projectId, ids)) {
          const made = editOf(row, patch)
          if ('value' in made) edits.push({ ...made.value, id: row.id })
          else total.refused = addRefusals(total.refused, { count: 1, first: made.refusal })
        }
        const { changed, wakeMs } = await o.retry(tx, batch, to, edits)
        total.changed += changed
        total.wakeMs = Math.min(total.wakeMs, wakeMs ?? Infinity)
      }
      return { ...total, wakeMs: total.wakeMs === Infinity ? null : total.wakeMs }
    },
  }
}
