import { checkSameRequest, type Idempotency, unavailable } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import { inTransaction, isUnavailable } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { asWritten, type Create, type CreateOptions, type OnDuplicate } from './create.ts'
import { type Added, asAdded, MAX_ROWS, soonestOf } from './ingest.ts'
import { batchKey, createPrepareBatch, together, type Validate, within } from './prepare-batch.ts'
import { createReplaceBatch, type Met } from './replace-batch.ts'
import type { NewNotification } from './repository-insert.ts'
import type { Keyed, Notification } from './repository.ts'

export type CreateBatch = ReturnType<typeof createCreateBatch>

/** What became of one item of a batch. */
export type Item = Pick<Notification, 'id' | 'state' | 'dueAt'> & { deduplicated: boolean }

export interface BatchOptions extends CreateOptions {
  create: Create
  validate: Validate
}

const LOCK_TIMEOUT = '2s'
/** Each of one batch with dedupe keys and `mode: each`, in statements of their own. */
const ALONE_AT_ONCE = 4
/** What is pending may end while it is looked at; this often it is tried again. */
const TRIES = 5

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const byDedupeKey = (a: NewNotification, b: NewNotification): number =>
  compare(a.dedupeKey ?? '', b.dedupeKey ?? '')

const chunksOf = <Value>(values: readonly Value[], size: number): Value[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size))

const itemOf = ({ id, state, dueAt }: Notification, deduplicated = false): Item => ({
  id,
  state,
  dueAt,
  deduplicated,
})

/** What became of each item of a batch whose items stand for themselves. */
export type Result = { item: Item } | { refusal: unknown }

const valueOf = <Value>(outcome: PromiseSettledResult<Value> | undefined): Value => {
  if (outcome?.status === 'fulfilled') return outcome.value
  throw outcome === undefined ? new Error('an item of a batch was not answered') : outcome.reason
}

/** Another request with the same key has come first, while this one ran. */
class RepeatedBatch extends Error {}

export const createCreateBatch = (o: BatchOptions) => {
  const prepare = createPrepareBatch(o)
  const replace = createReplaceBatch(o)

  /** What an earlier request with this key made, by the keys of its items. Throws where it was another request. */
  const firstsOf = async (projectId: number, items: number, idempotency: Idempotency) => {
    const keys = Array.from({ length: items }, (_, index) => batchKey(idempotency.key, index))
    const firsts = await o.repository.byIdempotencyKeys(o.db, projectId, keys)
    const [first] = firsts.values()
    if (first !== undefined) checkSameRequest(idempotency, first.requestHash)
    return firsts
  }

  /** What an earlier request with this key made, as it stands now; null where there was none. */
  const replay = async (
    projectId: number,
    bodies: readonly unknown[],
    idempotency: Idempotency,
  ): Promise<Item[] | null> => {
    const firsts = await firstsOf(projectId, bodies.length, idempotency)
    if (firsts.size === 0) return null
    const keys = bodies.map((_, index) => batchKey(idempotency.key, index))
    // An item that met a pending one then made none of its own: that one is found by its dedupe key.
    const dedupeKeyOf = (index: number): string | null => {
      const body = bodies[index]
      return typeof body === 'object' && body !== null && 'dedupeKey' in body ? String(body.dedupeKey) : null
    }
    const missing = bodies.flatMap((_, index) =>
      firsts.has(keys[index] ?? '') ? [] : (dedupeKeyOf(index) ?? []),
    )
    const latest = missing.length === 0 ? null : await o.repository.latestOf(o.db, projectId, missing)
    return bodies.flatMap((_, index) => {
      const own: Keyed | undefined = firsts.get(keys[index] ?? '')
      if (own !== undefined) return [itemOf(own)]
      const other = latest?.get(dedupeKeyOf(index) ?? '')
      return other === undefined ? [] : [itemOf(other, true)]
    })
  }

  /** All rows, or none: those with a dedupe key last, and in the order of their keys, as every batch takes them. */
  const insertAll = (
    by: By,
    rows: readonly NewNotification[],
    duplicates: ReadonlyMap<string, OnDuplicate>,
  ) =>
    inTransaction(o.db, { lock_timeout: LOCK_TIMEOUT }, async (tx) => {
      const items = new Map<string, Item>()
      let wakeMs = Number.POSITIVE_INFINITY
      const wakeAt = (ms: number | null) => {
        wakeMs = Math.min(wakeMs, ms ?? wakeMs)
      }
      const write = async (chunk: readonly NewNotification[]): Promise<NewNotification[]> => {
        const inserted = await o.repository.insert(tx, chunk)
        const written = chunk.filter((row) => !inserted.skipped.has(row.id))
        for (const row of written) items.set(row.id, itemOf(asWritten(row, asAdded(row, inserted))))
        wakeAt(soonestOf(written, inserted))
        return chunk.filter((row) => inserted.skipped.has(row.id))
      }

      for (const chunk of chunksOf(
        rows.filter((row) => row.dedupeKey === null),
        MAX_ROWS,
      ))
        if ((await write(chunk)).length > 0) throw new RepeatedBatch()
      const met: NewNotification[] = []
      for (const chunk of chunksOf(
        rows.filter((row) => row.dedupeKey !== null).toSorted(byDedupeKey),
        MAX_ROWS,
      ))
        met.push(...(await write(chunk)))

      const pendingOf = (some: readonly NewNotification[]) =>
        o.repository.pending(
          tx,
          rows[0]?.projectId ?? 0,
          some.map((row) => row.dedupeKey ?? ''),
        )
      const pending = await pendingOf(met)
      // Where the same request has come first, it made those that are pending, and is answered by `replay`.
      const keys = met.flatMap((row) => row.idempotencyKey ?? [])
      const firsts =
        keys.length === 0 ? null : await o.repository.byIdempotencyKeys(tx, met[0]?.projectId ?? 0, keys)
      if (firsts !== null && firsts.size > 0) throw new RepeatedBatch()
      const refused = (row: NewNotification, refusal: YeyakError) => within(rows.indexOf(row), refusal)
      const toReplace: Met[] = []
      for (const row of met) {
        const there = pending.get(row.dedupeKey ?? '')
        // It ended between the two statements, or it is no dedupe key that was met: the whole is tried again.
        if (there === undefined) throw new RepeatedBatch()
        items.set(row.id, itemOf(there, true))
        const onDuplicate = duplicates.get(row.id)
        if (onDuplicate === 'reject')
          throw refused(row, new YeyakError('duplicate', { members: { existingId: there.id } }))
        if (onDuplicate === 'replace') toReplace.push({ row, there })
      }
      for (const { row, decision } of await replace(tx, by, toReplace)) {
        if (decision?.state === 'sending')
          throw refused(
            row,
            new YeyakError('too-late', { members: { outcome: 'too_late', state: 'sending' } }),
          )
        if (decision?.changed !== true) throw new RepeatedBatch()
        wakeAt(decision.soonMs)
      }
      // As they stand after that: one that was rewritten is due at another time, and may be `scheduled` again.
      const after = toReplace.length === 0 ? null : await pendingOf(met)
      for (const row of met) {
        const now = after?.get(row.dedupeKey ?? '')
        if (now !== undefined) items.set(row.id, itemOf(now, true))
      }
      return { items: rows.flatMap((row) => items.get(row.id) ?? []), wakeMs }
    })

  return {
    /** One transaction. Throws what is wrong with any item, and then has written nothing. */
    async all(
      by: By,
      bodies: readonly unknown[],
      idempotency: Idempotency | null,
    ): Promise<{ items: Item[]; isReplay: boolean }> {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const earlier = idempotency === null ? null : await replay(by.projectId, bodies, idempotency)
        if (earlier !== null) return { items: earlier, isReplay: true }
        const { rows, duplicates, refusals } = await prepare(by, bodies, idempotency)
        if (refusals.size > 0) throw together(refusals)
        const valid = rows.filter((row) => row !== null)
        const onDuplicate = new Map(valid.map((row, index) => [row.id, duplicates[index] ?? 'ignore']))
        try {
          const { items, wakeMs } = await insertAll(by, valid, onDuplicate)
          if (wakeMs !== Number.POSITIVE_INFINITY) o.timers.wake(wakeMs)
          return { items, isReplay: false }
        } catch (error) {
          if (!(error instanceof RepeatedBatch)) throw error
        }
      }
      throw unavailable('overloaded', 1)
    },

    /** Each by itself: what was refused says why, and holds up no other. */
    async each(by: By, bodies: readonly unknown[], idempotency: Idempotency | null): Promise<Result[]> {
      const earlier = idempotency === null ? null : await firstsOf(by.projectId, bodies.length, idempotency)
      const { rows, duplicates, refusals } = await prepare(by, bodies, idempotency)
      const results: Result[] = rows.map((_, index) => {
        // What was accepted once is answered so again, even where it would be refused now: its time may be past.
        const first = idempotency === null ? undefined : earlier?.get(batchKey(idempotency.key, index))
        return first === undefined ? { refusal: refusals.get(index) } : { item: itemOf(first) }
      })
      const settled = (row: NewNotification, added: Added): Item => {
        if (added.kind === 'written') return itemOf(asWritten(row, added))
        if (added.kind === 'skipped') throw unavailable('overloaded', 1)
        if (idempotency !== null) checkSameRequest(idempotency, added.first.requestHash)
        return itemOf(added.first)
      }
      const note = async (index: number, run: () => Promise<Item>): Promise<void> => {
        try {
          results[index] = { item: await run() }
        } catch (refusal) {
          results[index] = { refusal }
        }
      }
      const indexed = rows.flatMap((row, index) => (row === null ? [] : [{ row, index }]))
      for (const chunk of chunksOf(
        indexed.filter(({ row }) => row.dedupeKey === null),
        MAX_ROWS,
      )) {
        const outcomes = await writeOrFail(chunk.map(({ row }) => row))
        for (const [i, { row, index }] of chunk.entries())
          await note(index, async () => settled(row, valueOf(outcomes[i])))
      }
      const alone = indexed
        .filter(({ row }) => row.dedupeKey !== null)
        .toSorted((a, b) => byDedupeKey(a.row, b.row))
      // Those of one key in their order: the later one meets the earlier one.
      const byKey = [...Map.groupBy(alone, ({ row }) => row.dedupeKey).values()]
      const settleInOrder = async (same: typeof alone): Promise<void> => {
        for (const { row, index } of same)
          await note(index, async () => {
            const duplicate = duplicates[index] ?? 'ignore'
            const { notification, how } = await o.create.settle(row, duplicate, idempotency)
            return itemOf(notification, how === 'deduplicated')
          })
      }
      for (const few of chunksOf(byKey, ALONE_AT_ONCE)) await Promise.all(few.map(settleInOrder))
      return results
    },
  }

  /** A database that does not answer is the same for each row. */
  async function writeOrFail(rows: readonly NewNotification[]): Promise<PromiseSettledResult<Added>[]> {
    try {
      return await o.ingest.write(rows)
    } catch (error) {
      if (!isUnavailable(error)) throw error
      return rows.map(() => ({ status: 'rejected', reason: error }))
    }
  }
}
