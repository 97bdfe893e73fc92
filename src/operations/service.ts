import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { type Text, YeyakError } from '../platform/errors.ts'
import { isId, newId } from '../platform/ids.ts'
import type { Operation, Repository } from './repository.ts'
import type { Runner } from './runner.ts'
import type { BulkSubject } from './subject.ts'

const NO_UNDO_OF_UNDO: Text = {
  en: 'This operation is an undo itself, which cannot be undone. Repeat the operation that it took back.',
  ko: '이 작업은 실행 취소이므로 다시 되돌릴 수 없습니다. 취소된 작업을 다시 실행해야 합니다.',
}

export interface ServiceOptions {
  db: Database
  repository: Repository
  subjects: Readonly<Record<string, BulkSubject>>
  runner: Pick<Runner, 'run' | 'isRunning' | 'ended'>
}

export type Service = ReturnType<typeof createService>

/** Reads, ends and takes back operations. */
export const createService = (o: ServiceOptions) => {
  const find = async (projectId: number, id: string): Promise<Operation> => {
    const found = isId(id) ? await o.repository.find(o.db, projectId, id) : null
    if (found === null) throw new YeyakError('not-found')
    return found
  }

  return {
    find,

    list: (projectId: number, query: Parameters<Repository['list']>[2]): Promise<Operation[]> =>
      o.repository.list(o.db, projectId, query),

    /** What was changed stays changed. Of what is aborted already it is the truth, too. */
    async abort({ projectId, actor }: By, id: string): Promise<Operation> {
      const found = await find(projectId, id)
      const aborted = await o.repository.abort(o.db, projectId, id, actor)
      o.runner.ended(id)
      if (aborted !== null) return aborted
      const ended = found.state === 'running' ? await find(projectId, id) : found
      if (ended.state === 'aborted') return ended
      throw new YeyakError('already-final', { members: { outcome: 'already_final', state: ended.state } })
    },

    /** An operation of its own; the one that there is already, where it was asked for before. */
    async undo(by: By, id: string): Promise<{ operation: Operation; isNew: boolean }> {
      const found = await find(by.projectId, id)
      if (found.state === 'running') throw new YeyakError('not-final', { members: { state: found.state } })
      const { expired, undo } = await o.repository.undoOf(o.db, id)
      if (undo !== null) return { operation: undo, isNew: false }
      if (found.undoes !== null) throw new YeyakError('undo-expired', { detail: NO_UNDO_OF_UNDO })
      if (expired) throw new YeyakError('undo-expired')
      // Before the transaction: within it a second connection could be waited for by all who wait for the lock.
      await o.subjects[found.subject]?.lift(by, found.options)
      const asked = {
        ...{
          id: newId(),
          projectId: by.projectId,
          actor: by.actor,
          subject: found.subject,
          kind: 'undo',
          undoes: id,
        },
        ...{ filter: {}, options: {}, ratePerSecond: null },
      }
      const answer = await o.db.transaction().execute(async (tx) => {
        const other = (await o.repository.undoOf(tx, id)).undo
        if (other !== null) return { operation: other, isNew: false }
        return { operation: await o.repository.insert(tx, asked, o.runner.isRunning), isNew: true }
      })
      if (answer.isNew && o.runner.isRunning) o.runner.run(answer.operation)
      return answer
    },
  }
}
