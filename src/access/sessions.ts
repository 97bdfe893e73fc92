import type { FastifyRequest } from 'fastify'
import { type Caller, DEFAULT_PROJECT_ID, type Scope } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import type { Text, YeyakError } from '../platform/errors.ts'
import type { Tables } from '../platform/tables.ts'
import { secretIn } from './cookie.ts'
import type { Credentials, KnownSession } from './credentials.ts'
import { unauthenticated } from './identify.ts'
import type { Passwords } from './passwords.ts'
import { tell } from '../events/index.ts'
import { createProjectRepository } from './repository-projects.ts'
import { createSessionRepository, type SignIn } from './repository-sessions.ts'
import { SCOPES_OF } from './roles.ts'
import { csrfTokenOf, hashOf, randomSecret } from './secrets.ts'
import type { Backoff } from './throttle.ts'
import { rateLimited } from './usage.ts'

export interface SessionsOptions {
  db: Database
  tables: Tables
  passwords: Passwords
  backoff: Backoff
  credentials: Credentials
  changed(): void
}

/** Who makes a request, as he is shown to himself. */
export interface Self {
  kind: Caller['actor']['kind']
  id: string | null
  name: string | null
  email: string | null
  role: string | null
  scopes: Scope[]
  project: { id: string; name: string } | null
  /** Those that he may choose from by `Yeyak-Project`. */
  projects: { id: string; name: string }[]
  csrfToken: string | null
  expiresAt: Date | null
}

/**
 * As the database folds case: letter by letter, İ to i and K to k. Where two spellings find one user, they must share the count
 * of his wrong passwords; by JavaScript alone İ becomes two characters, and Σ another one at the end of a word.
 */
const folded = (email: string): string =>
  Array.from(email, (letter) => letter.toLowerCase().replace('i\u0307', 'i')).join('')

export type Sessions = ReturnType<typeof createSessions>

interface NamedProject {
  id: number
  name: string
}

const shownProject = ({ id, name }: NamedProject) => ({ id: String(id), name })

/** Who has signed in, in this project of his. */
const shownUser = (session: KnownSession, secret: string, project: NamedProject | undefined): Self => ({
  ...{ kind: 'user', id: session.userId, name: session.name, email: session.email, role: session.role },
  scopes: [...SCOPES_OF[session.role]],
  project: project === undefined ? null : shownProject(project),
  projects: session.projects.map(shownProject),
  csrfToken: csrfTokenOf(secret),
  expiresAt: session.expiresAt,
})

export const createSessions = (o: SessionsOptions) => {
  const { db, tables, backoff } = o
  const repository = createSessionRepository(tables)
  const projects = createProjectRepository(tables)

  const refused = async (user: SignIn | null, address: string): Promise<YeyakError> => {
    // Not the address that was typed: people type passwords there, too.
    await tell(
      db,
      tables,
      {
        projectId: user?.projectId ?? DEFAULT_PROJECT_ID,
        actor: { kind: 'anonymous', id: null, from: address },
      },
      { type: 'session.refused', subjectId: user?.id ?? 'unknown', data: {} },
    )
    return unauthenticated({ detail: WRONG })
  }

  const find = async (secret: string) => o.credentials.sessions.find(hashOf(secret))

  return {
    /** Resolves with the new session's secret. Throws `unauthenticated`, `rate-limited`, `unavailable`. */
    async signIn(email: string, password: string, address: string): Promise<string> {
      const name = `user ${folded(email)}`
      const names = [name, `address ${address}`]
      const waitSeconds = backoff.waitSeconds(names)
      if (waitSeconds > 0) throw rateLimited(waitSeconds)
      backoff.began(names)
      let isRight: boolean
      let user: SignIn | null
      try {
        user = await repository.findUser(db, email)
        isRight = await o.passwords.verify(user?.passwordHash ?? null, password)
      } catch (error) {
        backoff.gaveUp(names)
        throw error
      }
      if (!isRight || user === null || user.disabled || user.projectId === null)
        throw await refused(user, address)
      const secret = randomSecret()
      const hash = hashOf(secret)
      const { id, projectId } = user
      const hasBegun = await db.transaction().execute(async (tx) => {
        if (!(await repository.begin(tx, { hash, user, address }))) return false
        const by = { projectId, actor: { kind: 'user', id, from: address } } as const
        await tell(tx, tables, by, { type: 'session.created', subjectId: id, data: {} })
        return true
      })
      if (!hasBegun) throw await refused(user, address)
      backoff.passed(name, `address ${address}`)
      return secret
    },

    /** Ends the session that the request was made in; nothing where it was made without one. */
    async signOut(request: FastifyRequest): Promise<void> {
      const { caller } = request
      const secret = secretIn(request.headers.cookie)
      if (caller.actor.kind !== 'user' || secret === null) return
      await db.transaction().execute(async (tx) => {
        if (await repository.end(tx, hashOf(secret)))
          await tell(tx, tables, caller, {
            type: 'session.ended',
            subjectId: caller.actor.id ?? '',
            data: {},
          })
      })
      o.changed()
    },

    /** What a session that has just begun shows of its user. */
    async begun(secret: string): Promise<Self> {
      const session = await find(secret)
      if (session === null) throw unauthenticated()
      return shownUser(session, secret, session.projects[0])
    },

    async self(request: FastifyRequest): Promise<Self> {
      const { caller } = request
      const { kind, id } = caller.actor
      const secret = kind === 'user' ? secretIn(request.headers.cookie) : null
      if (secret !== null) {
        const session = await find(secret)
        if (session === null) throw unauthenticated()
        return shownUser(
          session,
          secret,
          session.projects.find((one) => one.id === caller.projectId),
        )
      }
      const project = await projects.find(db, caller.projectId)
      const own = project === null ? null : shownProject(project)
      return {
        ...{ kind, id, name: caller.name, email: null, role: null },
        scopes: [...caller.scopes],
        project: own,
        projects: own === null ? [] : [own],
        ...{ csrfToken: null, expiresAt: null },
      }
    },
  }
}

const WRONG: Text = {
  en: 'The e-mail address or the password is wrong.',
  ko: '이메일 주소 또는 비밀번호가 올바르지 않습니다.',
}
