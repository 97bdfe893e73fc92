import { type Database, inTransaction } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import { type Move, type Moves, type Rederiver, ZONE_RULES } from '../timers/index.ts'
import { LOCK_TIMEOUT } from './publication-service.ts'
import { createReleaseApply } from './releases-apply.ts'
import { itemEvent, releaseEvent } from './releases-parts.ts'
import { createReleaseRepository } from './repository-releases.ts'
import { createRederiveRepository } from './repository-rederive.ts'
import { settle, tell } from './repository-settle.ts'
import { wakeMsOf } from './scheduling.ts'
import type { ContentTypes } from './types.ts'

const NOTHING: Moves = { moved: [], held: [], wakeMs: null }

/** Pending releases, when the rules of their zones may have changed: each with all of its items. */
export const createReleaseRederiver = ({
  db,
  tables: t,
  types,
}: {
  db: Database
  tables: Tables
  types: ContentTypes
}): Rederiver => {
  const repository = createRederiveRepository(t)
  const releases = createReleaseRepository(t)
  const apply = createReleaseApply({ tables: t, types })

  const moveOne = ({ id, generation, dueAt }: Move): Promise<Moves> =>
    inTransaction(db, LOCK_TIMEOUT, async (tx) => {
      const found = await releases.lock(tx, id)
      if (found === null || found.state !== 'scheduled' || found.generation !== generation) return NOTHING
      const { now, ...release } = found
      const held = await apply.hold(tx, release, now)
      await repository.move(
        tx,
        [...held.publications.values()].map((p) => ({ id: p.id, dueAt })),
      )
      const touched = [...held.contents].filter(([name]) => held.publications.has(name))
      await settle(
        tx,
        t,
        touched.map(([, { key }]) => ({ key })),
      )
      await releases.write(tx, release, { state: 'scheduled', dueAt, nextAt: dueAt })
      const before = { dueAt: (release.dueAt ?? dueAt).toISOString() }
      const data = { reason: ZONE_RULES, before, after: { dueAt: dueAt.toISOString() } }
      await tell(tx, t, [
        releaseEvent(release, 'release.scheduled', null, data),
        ...touched.map(([, content]) =>
          itemEvent(release, content, 'content.scheduled', null, {
            ...{ reason: ZONE_RULES, before: [before], after: [data.after] },
          }),
        ),
      ])
      return { moved: [id], held: [], wakeMs: wakeMsOf([dueAt], now) }
    })

  return {
    kind: 'release',
    read: (after, limit) => repository.releases(db, after, limit),

    /** One in a transaction: it may wait for its items. */
    async move([move, ...more], alone) {
      if (move === undefined) return NOTHING
      return alone ? moveOne(move) : { ...NOTHING, held: [move, ...more].map(({ id }) => id) }
    },
  }
}
