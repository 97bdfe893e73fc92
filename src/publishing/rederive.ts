import { type Database, inTransaction } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { type Move, type Moves, type Rederiver, ZONE_RULES } from '../timers/index.ts'
import type { External } from './external.ts'
import { contentEvent, itemOf, placeOf } from './plan.ts'
import { LOCK_TIMEOUT } from './publication-service.ts'
import { createBulkRepository } from './repository-bulk.ts'
import { createExternalDue, type Target } from './repository-external-due.ts'
import { createExecutionRepository, type Publication } from './repository-execution.ts'
import { createRederiveRepository } from './repository-rederive.ts'
import { settle, tell } from './repository-settle.ts'
import { shown, wakeMsOf } from './scheduling.ts'
import { subjectOf } from './types.ts'

export interface RederiveOptions {
  db: Database
  tables: Tables
  /** Rows in tables of the application's own, whose columns move along. Those of models that are not known here stay. */
  external?: External | null
}

type Movable = Pick<
  Publication,
  | 'id'
  | 'projectId'
  | 'type'
  | 'resourceId'
  | 'locale'
  | 'action'
  | 'revision'
  | 'dueAt'
  | 'isPending'
  | 'generation'
>

interface Shift {
  publication: Movable
  dueAt: Date
}

const nameOf = ({ type, resourceId, locale }: Movable): string => `${type} ${resourceId} ${locale}`

const NOTHING: Moves = { moved: [], held: [], wakeMs: null }

/** Pending publications, when the rules of their zones may have changed. Items are locked first, as everywhere. */
export const createPublicationRederiver = (o: RederiveOptions): Rederiver => {
  const { db, tables: t } = o
  const repository = createRederiveRepository(t)
  const execution = createExecutionRepository(t)
  const bulk = createBulkRepository(t)
  const due = createExternalDue(t)

  /** Two things of an item at one instant are one too many: whichever comes second takes the next millisecond. */
  const shiftsOf = async (tx: Database, found: readonly Movable[], moves: readonly Move[]) => {
    const byId = new Map(moves.map((move) => [move.id, move]))
    const mine = found.flatMap((publication): Shift[] => {
      const move = byId.get(publication.id)
      const isSame = publication.isPending && publication.generation === move?.generation
      return move !== undefined && isSame ? [{ publication, dueAt: move.dueAt }] : []
    })
    const keyOf = (place: string, ms: number) => `${place} ${ms}`
    const own = new Set(mine.map(({ publication: p }) => keyOf(nameOf(p), p.dueAt.getTime())))
    const taken = new Set<string>()
    const ids = mine.map(({ publication: { id } }) => id)
    for (const { place, dueMs } of await bulk.taken(tx, ids))
      if (!own.has(keyOf(place, dueMs))) taken.add(keyOf(place, dueMs))
    for (const shift of mine) {
      const place = nameOf(shift.publication)
      while (taken.has(keyOf(place, shift.dueAt.getTime()))) shift.dueAt = new Date(shift.dueAt.getTime() + 1)
      taken.add(keyOf(place, shift.dueAt.getTime()))
    }
    return mine
  }

  const write = async (tx: Database, found: readonly Movable[], moves: readonly Move[]) => {
    const shifts = await shiftsOf(tx, found, moves)
    await repository.move(
      tx,
      shifts.map(({ publication: { id }, dueAt }) => ({ id, dueAt })),
    )
    await tell(
      tx,
      t,
      shifts.map(({ publication, dueAt }) =>
        contentEvent({ ...publication, dueAt }, 'content.scheduled', {
          ...{ reason: ZONE_RULES, before: [shown(publication)], after: [shown({ ...publication, dueAt })] },
        }),
      ),
    )
    return shifts
  }

  const answer = (shifts: readonly Shift[], held: string[], now: Date): Moves => ({
    moved: shifts.map(({ publication: { id } }) => id),
    held,
    wakeMs: wakeMsOf(
      shifts.map(({ dueAt }) => dueAt),
      now,
    ),
  })

  /** Of built-in content. What is held, or is a row of the application's, is left to be moved alone. */
  const moveContent = (moves: readonly Move[], alone: boolean): Promise<Moves> =>
    inTransaction(db, LOCK_TIMEOUT, async (tx) => {
      const ids = moves.map(({ id }) => id)
      const items = await execution.lockItems(tx, ids, !alone)
      const keys = items.map(({ key }) => key)
      const byPlace = new Map(items.map((item) => [placeOf(item), item]))
      const { now, publications } = await execution.lockDue(tx, ids, keys, alone)
      const wanted = new Set(ids)
      const found = publications.filter((p) => wanted.has(p.id) && !p.external)
      const shifts = await write(tx, found, moves)
      const touched = shifts.flatMap(
        ({ publication: p }) => byPlace.get(placeOf({ ...itemOf(p), projectId: p.projectId }))?.key ?? [],
      )
      await settle(
        tx,
        t,
        [...new Set(touched)].map((key) => ({ key })),
      )
      const seen = new Set(found.map(({ id }) => id))
      return answer(shifts, alone ? [] : ids.filter((id) => !seen.has(id)), now)
    })

  /** The application's row first, by its own client; its columns tell the instant, too. */
  const moveRow = async (move: Move, external: External, target: Target): Promise<Moves> =>
    external.transaction(async ({ db: tx }) => {
      const row = { projectId: target.projectId, model: target.model, id: target.resourceId }
      if (!(await external.hold(tx, row))) return NOTHING
      const { now, publications } = await due.lockDue(tx, move.id, target)
      const found = publications.filter(({ id }) => id === move.id)
      const shifts = await write(
        tx,
        found.map((p) => ({ ...p, type: p.model, revision: null })),
        [move],
      )
      if (shifts.length > 0) await external.settle(tx, row)
      return answer(shifts, [], now)
    })

  return {
    kind: 'publication',

    async read(after, limit) {
      return (await repository.publications(db, after, limit)).map((p) => ({
        ...{ id: p.id, generation: p.generation, given: p.given, dueAt: p.dueAt },
        title: `${p.action} ${subjectOf(itemOf(p))}`,
      }))
    },

    async move(moves, alone) {
      const [move] = moves
      if (!alone || move === undefined) return moveContent(moves, alone)
      const target = await due.target(db, move.id)
      if (target === null) return moveContent(moves, true)
      return o.external?.has(target.model)
        ? moveRow(move, o.external, target)
        : { ...NOTHING, held: [move.id] }
    },
  }
}
