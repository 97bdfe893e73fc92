import { type Caller, DEFAULT_PROJECT_ID, type Idempotency, type Once } from '../http/index.ts'
import { type Database, isUniqueViolation } from '../platform/database.ts'
import { type Text, YeyakError } from '../platform/errors.ts'
import type { Tables } from '../platform/tables.ts'
import { tell } from '../events/index.ts'
import { createProjectRepository, type Project, type ProjectQuery } from './repository-projects.ts'
import { assertMayChangeAll, forAll, mayChangeAll } from './rights.ts'

export interface ProjectsOptions {
  db: Database
  tables: Tables
  once: Once
  changed(): void
  /** Whether anything of a project still waits. */
  isWaiting(projectId: number): Promise<boolean>
}

export type Projects = ReturnType<typeof createProjects>

/** Ids are whole numbers, and shown as texts like all others. */
export const isProjectId = (id: string): boolean => /^[1-9]\d{0,8}$/u.test(id)

/** Made, renamed and removed by admins of the default one; others see their own. */
export const createProjects = (o: ProjectsOptions) => {
  const { db, tables, once } = o
  const repository = createProjectRepository(tables)

  const orTaken = <Result>(run: Promise<Result>): Promise<Result> =>
    run.catch((error: unknown) => {
      throw isUniqueViolation(error) ? new YeyakError('already-exists', { detail: NAME_TAKEN }) : error
    })

  const inTransaction = <Result>(work: (tx: Database) => Promise<Result>): Promise<Result> =>
    orTaken(db.transaction().execute(work))

  const lock = async (tx: Database, id: string): Promise<Project> => {
    const found = isProjectId(id) ? await repository.findForUpdate(tx, Number(id)) : null
    if (found === null) throw new YeyakError('not-found')
    return found
  }

  return {
    async create(
      caller: Caller,
      { name }: { name: string },
      idempotency: Idempotency | null,
    ): Promise<{ made: Project; replayed: boolean }> {
      assertMayChangeAll(caller)
      const asked = {
        ...{ projectId: caller.projectId, idempotency },
        find: (id: string) => repository.find(db, Number(id)),
      }
      return once.make(asked, async (commit) => {
        const id = await repository.nextId(db)
        const insert = async (tx: Database) => {
          const row = await repository.insert(tx, id, name)
          const data = { before: null, after: { name } }
          await tell(tx, tables, forAll(caller), { type: 'project.created', subjectId: String(id), data })
          return row
        }
        return orTaken(commit(String(id), insert))
      })
    },

    async find(caller: Caller, id: string): Promise<Project> {
      const isHis = isProjectId(id) && (mayChangeAll(caller) || Number(id) === caller.projectId)
      const found = isHis ? await repository.find(db, Number(id)) : null
      if (found === null) throw new YeyakError('not-found')
      return found
    },

    list: (caller: Caller, query: Omit<ProjectQuery, 'only'>): Promise<Project[]> =>
      repository.list(db, { ...query, only: mayChangeAll(caller) ? null : caller.projectId }),

    async rename(caller: Caller, id: string, patch: { name?: string }): Promise<Project> {
      assertMayChangeAll(caller)
      const { name } = patch
      const renamed = await inTransaction(async (tx) => {
        const found = await lock(tx, id)
        if (name === undefined || name === found.name) return found
        if (found.id === DEFAULT_PROJECT_ID) throw new YeyakError('not-final', { detail: DEFAULT_STAYS })
        await repository.rename(tx, found.id, name)
        const data = { before: { name: found.name }, after: { name } }
        await tell(tx, tables, forAll(caller), { type: 'project.updated', subjectId: id, data })
        return { ...found, name }
      })
      o.changed()
      return renamed
    },

    /** Its keys end with it. Refused while anything of it waits. */
    async remove(caller: Caller, id: string): Promise<void> {
      assertMayChangeAll(caller)
      // Before the transaction, which would wait with one connection in hand for a second one.
      const waits = isProjectId(id) && (await o.isWaiting(Number(id)))
      await inTransaction(async (tx) => {
        const found = await lock(tx, id)
        if (found.id === DEFAULT_PROJECT_ID) throw new YeyakError('not-final', { detail: DEFAULT_STAYS })
        if (waits) throw new YeyakError('not-final', { detail: WAITS })
        await repository.remove(tx, found.id)
        await once.forget(tx, id)
        const data = { before: { name: found.name }, after: null }
        await tell(tx, tables, forAll(caller), { type: 'project.deleted', subjectId: id, data })
      })
      o.changed()
    },
  }
}

const NAME_TAKEN: Text = {
  en: 'There is a project of this name already.',
  ko: '같은 이름의 프로젝트가 이미 있습니다.',
}
const DEFAULT_STAYS: Text = {
  en: 'The project default stays, and keeps its name.',
  ko: 'default 프로젝트는 지우거나 이름을 바꿀 수 없습니다.',
}
const WAITS: Text = {
  en: 'Something of this project still waits to be sent. Cancel it first, or wait until it has ended.',
  ko: '이 프로젝트에 아직 보내지 않은 항목이 있습니다. 먼저 취소하거나 끝날 때까지 기다려야 합니다.',
}
