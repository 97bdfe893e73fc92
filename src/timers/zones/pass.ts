import { type Database, isUnavailable, isUniqueViolation } from '../../platform/database.ts'
import type { Logger } from '../../platform/log.ts'
import type { Tables } from '../../platform/tables.ts'
import { isWallClock, rederive, rederiveExpiry } from '../when/index.ts'
import type { Move, Moved, Position, Rederiver, Waiting } from './rederiver.ts'
import { readLastPass, writeLastPass } from './repository.ts'

export interface ZonePassOptions {
  db: Database
  tables: Tables
  /** What has pending wall-clock times. */
  rederivers: readonly Rederiver[]
  /** What has a rule instead, whose next instant is computed anew: schedules. */
  others?: readonly ((options: PassOptions) => Promise<PassResult>)[]
  /** Of the zone data of this process; null where it does not tell. */
  version: string | null
  log: Logger
  wake(dueMs: number): void
}

export interface PassOptions {
  /** Only tells what would move. */
  dryRun: boolean
  onMoved?(moved: Moved): void
}

export interface PassResult {
  /** Pending times that were looked at. */
  looked: number
  moved: number
  /** Could not be moved now, as somebody held them: the next pass moves them. */
  left: number
}

/** More are no faster, and hold up who wants to change one of them. */
const BATCH = 200
/** A process with older zone data may have resolved some since. */
const REPEAT_SECONDS = 7 * 86_400

const moveOf = (w: Waiting): Move | null => {
  const dueAt = rederive(w.given, w.dueAt)
  const current = w.expiresAt ?? null
  const expiresAt = rederiveExpiry(w.expiresGiven, current, w.dueAt, dueAt)
  if (dueAt === null && expiresAt === null) return null
  return {
    ...{ id: w.id, generation: w.generation, dueAt: dueAt ?? w.dueAt, expiresAt: expiresAt ?? current },
    before: { dueAt: w.dueAt, expiresAt: current },
  }
}

const toMoved = (kind: string, w: Waiting, move: Move): Moved => {
  // What is due stays where only its expiry was given as a wall clock.
  const isDue = move.dueAt !== move.before.dueAt
  const given = isDue ? w.given : w.expiresGiven
  const { local, timeZone } = isWallClock(given) ? given : { local: '', timeZone: '' }
  const [before, after] = isDue
    ? [move.before.dueAt, move.dueAt]
    : [move.before.expiresAt ?? w.dueAt, move.expiresAt ?? w.dueAt]
  return {
    ...{ kind, id: w.id, title: w.title, timeZone, local },
    ...{ before: before.toISOString(), after: after.toISOString() },
  }
}

export type ZonePass = ReturnType<typeof createZonePass>

/** Resolves pending wall-clock times again, when the rules of zones may have changed. */
export const createZonePass = (o: ZonePassOptions) => {
  const { db, tables, version, log } = o

  /** What is held by somebody else is left to the next pass, and so is what another thing at its new instant forbids. */
  const moveAlone = async (rederiver: Rederiver, move: Move): Promise<'moved' | 'changed' | 'left'> => {
    try {
      const { moved, held, wakeMs } = await rederiver.move([move], true)
      if (wakeMs !== null) o.wake(wakeMs)
      if (held.length > 0) return 'left'
      return moved.length > 0 ? 'moved' : 'changed'
    } catch (err) {
      if (!isUnavailable(err) && !isUniqueViolation(err)) throw err
      log.warn({ err, kind: rederiver.kind, id: move.id }, 'zones: one could not be moved now')
      return 'left'
    }
  }

  const moveAll = async (rederiver: Rederiver, moves: readonly Move[]) => {
    const { moved, held, wakeMs } = await rederiver.move(moves, false)
    if (wakeMs !== null) o.wake(wakeMs)
    const ids = new Set(moved)
    const byId = new Map(moves.map((move) => [move.id, move]))
    let left = 0
    for (const id of held) {
      const move = byId.get(id)
      const done = move === undefined ? 'changed' : await moveAlone(rederiver, move)
      if (done === 'moved') ids.add(id)
      if (done === 'left') left += 1
    }
    return { ids, left }
  }

  const passOver = async (rederiver: Rederiver, { dryRun, onMoved }: PassOptions): Promise<PassResult> => {
    const total: PassResult = { looked: 0, moved: 0, left: 0 }
    let after: Position | null = null
    do {
      const page: Waiting[] = await rederiver.read(after, BATCH)
      const moves = page.flatMap((w) => moveOf(w) ?? [])
      const { ids, left } =
        dryRun || moves.length === 0
          ? { ids: new Set(moves.map(({ id }) => id)), left: 0 }
          : await moveAll(rederiver, moves)
      const byId = new Map(page.map((w) => [w.id, w]))
      for (const move of moves) {
        const w = byId.get(move.id)
        if (w !== undefined && ids.has(move.id)) onMoved?.(toMoved(rederiver.kind, w, move))
      }
      total.looked += page.length
      total.moved += ids.size
      total.left += left
      const last = page.length < BATCH ? undefined : page.at(-1)
      after = last === undefined ? null : { dueAt: last.dueAt, id: last.id }
    } while (after !== null)
    return total
  }

  /** Safe to repeat, to interrupt, and to run in several processes at once: what stands right is not touched. */
  const run = async (options: PassOptions): Promise<PassResult> => {
    const total: PassResult = { looked: 0, moved: 0, left: 0 }
    const passes = [
      ...o.rederivers.map((rederiver) => () => passOver(rederiver, options)),
      ...(o.others ?? []).map((pass) => () => pass(options)),
    ]
    for (const pass of passes) {
      const one = await pass()
      total.looked += one.looked
      total.moved += one.moved
      total.left += one.left
    }
    if (!options.dryRun && total.left === 0 && version !== null) await writeLastPass(db, tables, version)
    return total
  }

  /** The later version by which everything was resolved already; null where this process's data are as new. */
  const newer = async (): Promise<string | null> => {
    const last = await readLastPass(db, tables)
    return last !== null && version !== null && last.version > version ? last.version : null
  }

  return {
    version,
    run,
    newer,

    /** One small look, unless the zone data have changed since the last pass, or that was a week ago. */
    async runIfDue(): Promise<void> {
      if (version === null) return
      const last = await readLastPass(db, tables)
      if (last !== null && last.version > version) {
        log.warn(
          `zones: this process has the zone data ${version}, and pending times were resolved by ${last.version}: update Node.js`,
        )
        return
      }
      if (last?.version === version && last.ageSeconds < REPEAT_SECONDS) return
      const { looked, moved, left } = await run({ dryRun: false })
      const text = `zones: pending wall-clock times were resolved by the zone data ${version}`
      if (moved + left > 0) log.warn({ looked, moved, left }, text)
      else if (looked > 0) log.info({ looked }, text)
    },
  }
}
