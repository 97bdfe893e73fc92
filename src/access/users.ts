import type { Caller, Idempotency, Once } from '../http/index.ts'
import { type Database, isUniqueViolation } from '../platform/database.ts'
import { type FieldError, type Text, YeyakError } from '../platform/errors.ts'
import { isId, newId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { passwordFault, type Passwords } from './passwords.ts'
import { differences, tell } from '../events/index.ts'
import { createProjectRepository } from './repository-projects.ts'
import { createUserRepository, type User } from './repository-users.ts'
import { assertHas, assertMayChangeAll, forAll } from './rights.ts'
import { type Role, SCOPES_OF } from './roles.ts'

export interface NewUserBody {
  email: string
  name?: string
  role: Role
  password: string
  /** All where left out. */
  projects?: string[]
}

export interface UserPatch {
  email?: string
  name?: string
  role?: Role
  password?: string
  projects?: string[] | null
  disabled?: boolean
}

export interface UsersOptions {
  db: Database
  tables: Tables
  once: Once
  passwords: Passwords
  changed(): void
}

export type Users = ReturnType<typeof createUsers>

const shown = ({ email, name, role, projects, disabled }: User) => ({ email, name, role, projects, disabled })

/** People who sign in. They belong to the installation, and enter the projects that they may. */
export const createUsers = (o: UsersOptions) => {
  const { db, tables, once } = o
  const repository = createUserRepository(tables)
  const projects = createProjectRepository(tables)

  const idsOf = async (names: readonly string[] | null | undefined): Promise<number[] | null> => {
    if (names === null || names === undefined) return null
    const found = await projects.named(db, names)
    const errors = names.flatMap((name, i): FieldError[] =>
      found.some((project) => project.name === name)
        ? []
        : [{ path: `projects[${i}]`, message: UNKNOWN_PROJECT }],
    )
    if (errors.length > 0) throw new YeyakError('invalid-request', { errors })
    return found.map(({ id }) => id)
  }

  const checkPassword = (password: string, email: string): void => {
    const fault = passwordFault(password, email, 'password')
    if (fault !== null) throw new YeyakError('invalid-request', { errors: [fault] })
  }

  const changing = async <Result>(run: Promise<Result>): Promise<Result> => {
    try {
      return await run
    } catch (error) {
      throw isUniqueViolation(error) ? new YeyakError('already-exists', { detail: EMAIL_TAKEN }) : error
    } finally {
      o.changed()
    }
  }

  const inTransaction = <Result>(work: (tx: Database) => Promise<Result>): Promise<Result> =>
    changing(db.transaction().execute(work))

  const orNotFound = <Found>(user: Found | null): Found => {
    if (user === null) throw new YeyakError('not-found')
    return user
  }
  const find = async (id: string) => orNotFound(isId(id) ? await repository.find(db, id) : null)
  const lock = async (tx: Database, id: string) =>
    orNotFound(isId(id) ? await repository.findForUpdate(tx, id) : null)

  const isLast = (admins: readonly string[], id: string): boolean => admins.length === 1 && admins[0] === id

  return {
    async create(
      caller: Caller,
      body: NewUserBody,
      idempotency: Idempotency | null,
    ): Promise<{ made: User; replayed: boolean }> {
      assertMayChangeAll(caller)
      const asked = {
        ...{ projectId: caller.projectId, idempotency },
        find: (id: string) => repository.find(db, id),
      }
      return once.make(asked, async (commit) => {
        assertHas(caller, SCOPES_OF[body.role])
        checkPassword(body.password, body.email)
        const settings = {
          ...{ email: body.email, name: body.name ?? body.email, role: body.role, disabled: false },
          projectIds: await idsOf(body.projects),
        }
        const passwordHash = await o.passwords.hash(body.password)
        const id = newId()
        const insert = async (tx: Database) => {
          const row = await repository.insert(tx, id, { ...settings, passwordHash })
          const data = { before: null, after: shown(row) }
          await tell(tx, tables, forAll(caller), { type: 'user.created', subjectId: id, data })
          return row
        }
        return changing(commit(id, insert))
      })
    },

    async find(caller: Caller, id: string): Promise<User> {
      assertMayChangeAll(caller)
      return find(id)
    },

    async findByEmail(caller: Caller, email: string): Promise<User> {
      assertMayChangeAll(caller)
      const found = await repository.findByEmail(db, email)
      if (found === null) throw new YeyakError('not-found', { detail: NO_SUCH_EMAIL })
      return found
    },

    async list(caller: Caller, query: KeysetPage): Promise<User[]> {
      assertMayChangeAll(caller)
      return repository.list(db, query)
    },

    /** A new password, and being disabled, end all sessions of the user. */
    async patch(caller: Caller, id: string, patch: UserPatch): Promise<User> {
      assertMayChangeAll(caller)
      const now = await find(id)
      const { password } = patch
      // Who sets a password can sign in with it.
      assertHas(caller, SCOPES_OF[patch.role ?? now.role])
      assertHas(caller, SCOPES_OF[now.role])
      if (password !== undefined) checkPassword(password, patch.email ?? now.email)
      const passwordHash = password === undefined ? null : await o.passwords.hash(password)
      const projectIds = 'projects' in patch ? await idsOf(patch.projects) : undefined
      return inTransaction(async (tx) => {
        // First of all, so that two who change each other wait in one order.
        const admins = await repository.lockAdmins(tx)
        const before = await lock(tx, id)
        // It may have been raised since it was looked at.
        assertHas(caller, SCOPES_OF[before.role])
        const to = {
          ...{ email: patch.email ?? before.email, name: patch.name ?? before.name },
          ...{ role: patch.role ?? before.role, disabled: patch.disabled ?? before.disabled },
          projectIds: projectIds === undefined ? before.projectIds : projectIds,
        }
        const isAdmin = to.role === 'admin' && !to.disabled && to.projectIds === null
        if (!isAdmin && isLast(admins, id)) throw new YeyakError('last-admin')
        const after = orNotFound(await repository.update(tx, id, to))
        if (passwordHash !== null) await repository.setPassword(tx, id, passwordHash)
        if (passwordHash !== null || to.disabled) await repository.endSessions(tx, id)
        const secret = passwordHash === null ? {} : { password: 'changed' }
        const data = differences(shown(before), { ...shown(after), ...secret })
        if (data !== null)
          await tell(tx, tables, forAll(caller), { type: 'user.updated', subjectId: id, data: { ...data } })
        return after
      })
    },

    async remove(caller: Caller, id: string): Promise<void> {
      assertMayChangeAll(caller)
      await inTransaction(async (tx) => {
        const admins = await repository.lockAdmins(tx)
        const before = await lock(tx, id)
        assertHas(caller, SCOPES_OF[before.role])
        if (isLast(admins, id)) throw new YeyakError('last-admin')
        await repository.remove(tx, id)
        await once.forget(tx, id)
        const data = { before: shown(before), after: null }
        await tell(tx, tables, forAll(caller), { type: 'user.deleted', subjectId: id, data })
      })
    },
  }
}

const NO_SUCH_EMAIL: Text = {
  en: 'There is no user with this e-mail address.',
  ko: '이 이메일 주소의 사용자가 없습니다.',
}
const EMAIL_TAKEN: Text = {
  en: 'There is a user with this e-mail address already.',
  ko: '같은 이메일 주소의 사용자가 이미 있습니다.',
}
const UNKNOWN_PROJECT: Text = { en: 'there is no such project', ko: '그런 프로젝트가 없습니다.' }
