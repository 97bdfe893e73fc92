import { ALL_SCOPES, type Caller, createOnce, DEFAULT_PROJECT_ID } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { type Text, YeyakError } from '../platform/errors.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import { createKeys } from './keys.ts'
import { createPasswords } from './passwords.ts'
import { createProjectRepository } from './repository-projects.ts'
import { keyResource, userResource } from './schema.ts'
import type { Time } from './time.ts'
import { createUsers } from './users.ts'

export type AccessTools = ReturnType<typeof createAccessTools>

/**
 * What an operator does to keys and users directly on the database. He may do everything. Running processes know of it after a
 * second at most, as they remember what they looked up for no longer.
 */
export const createAccessTools = (o: { db: Database; tables: Tables; time: Time; command: string }) => {
  const common = { db: o.db, tables: o.tables, changed: () => {} }
  const onceBy = (route: string) => createOnce({ db: o.db, tables: o.tables, route })
  const keys = createKeys({ ...common, once: onceBy('/v1/api-keys'), time: o.time })
  const users = createUsers({ ...common, once: onceBy('/v1/users'), passwords: createPasswords() })
  const projects = createProjectRepository(o.tables)

  const as = (projectId: number): Caller => ({
    projectId,
    actor: { kind: 'operator', id: o.command },
    name: null,
    scopes: new Set(ALL_SCOPES),
    everywhere: true,
  })
  const operator = as(DEFAULT_PROJECT_ID)

  /** Throws `not-found` for a project that there is not. */
  const inProject = async (name: string): Promise<Caller> => {
    const [found] = await projects.named(o.db, [name])
    if (found === undefined) throw new YeyakError('not-found', { detail: noProject(name) })
    return as(found.id)
  }

  return {
    scopes: ALL_SCOPES,
    keys: {
      async create(project: string, body: Parameters<typeof keys.create>[1]) {
        const issued = await keys.create(await inProject(project), body, null)
        if (issued.replayed) throw new Error('a key without an idempotency key is always a new one')
        return { ...keyResource(issued.made), key: issued.made.key }
      },
      async list(project: string, after: KeysetPage['after'], limit: number) {
        const found = await keys.list(await inProject(project), { descending: false, after, limit })
        return found.map(keyResource)
      },
      async rotate(project: string, id: string, overlapSeconds: number) {
        const { key, ...made } = await keys.rotate(await inProject(project), id, overlapSeconds)
        return { ...keyResource(made), key }
      },
      revoke: async (project: string, id: string) => keys.revoke(await inProject(project), id),
    },
    users: {
      create: async (body: Parameters<typeof users.create>[1]) =>
        userResource((await users.create(operator, body, null)).made),
      async list(after: KeysetPage['after'], limit: number) {
        const found = await users.list(operator, { descending: false, after, limit })
        return found.map(userResource)
      },
      async setPassword(email: string, password: string) {
        const { id } = await users.findByEmail(operator, email)
        return userResource(await users.patch(operator, id, { password }))
      },
      async remove(email: string) {
        const found = await users.findByEmail(operator, email)
        await users.remove(operator, found.id)
        return userResource(found)
      },
    },
  }
}

const noProject = (name: string): Text => ({
  en: `There is no project "${name}".`,
  ko: `"${name}" 프로젝트가 없습니다.`,
})
