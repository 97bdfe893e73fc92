import { hostname } from 'node:os'
import type { Database } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import { beat, createWorkerRepository, type WorkerLane } from './repository-workers.ts'

export interface PresenceOptions {
  db: Database
  tables: Tables
  roles: readonly string[]
  version: string
  beatSeconds: number
  lanes(): readonly WorkerLane[]
}

export interface Presence {
  /** A part of the tick's statement, so that being alive costs no statement of its own. */
  beat(): ReturnType<typeof beat>
  /** At an orderly stop. Gives up after a second: a database that is away learns of it by the silence. */
  end(): Promise<void>
  prune(): Promise<void>
}

const END_LIMIT_MS = 1_000

/** Tells that this worker lives. */
export const createPresence = ({ db, tables, lanes, ...o }: PresenceOptions): Presence => {
  const identity = { ...o, id: newId(), host: hostname(), pid: process.pid }
  const repository = createWorkerRepository(tables)
  return {
    beat: () => beat(tables, identity, lanes()),
    async end() {
      let timer: NodeJS.Timeout | undefined
      const tooLong = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, END_LIMIT_MS)
      })
      await Promise.race([repository.remove(db, identity.id).catch(() => {}), tooLong])
      clearTimeout(timer)
    },
    prune: () => repository.prune(db),
  }
}
