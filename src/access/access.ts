import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  ALL_SCOPES,
  type Authenticate,
  type Caller,
  createOnce,
  DEFAULT_PROJECT_ID,
  type Server,
} from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import { createCredentials } from './credentials.ts'
import { foreignPage, isForeign, isRead } from './foreign-page.ts'
import { createIdentify } from './identify.ts'
import { keyRoutes } from './key-routes.ts'
import { createKeys } from './keys.ts'
import { createPasswords } from './passwords.ts'
import { projectRoutes } from './project-routes.ts'
import { createProjects } from './projects.ts'
import { createCredentialRepository } from './repository-credentials.ts'
import { sessionRoutes } from './session-routes.ts'
import { createSessions } from './sessions.ts'
import { createSignedIn } from './signed-in.ts'
import { createBackoff, createGuesses } from './throttle.ts'
import type { Time } from './time.ts'
import { createUsage } from './usage.ts'
import { userRoutes } from './user-routes.ts'
import { createUsers } from './users.ts'

export interface AccessOptions {
  auth: 'on' | 'off'
  /** Only this machine can connect. */
  isLoopback: boolean
  /** `YEYAK_API_KEY`; empty where it is not set. */
  apiKey: string
  rateLimitPerMinute: number
  db: Database
  /** Short time-outs: every request may ask it. */
  lookUpDb: Database
  tables: Tables
  time: Time
  /** Whether anything of a project still waits. */
  isWaiting(projectId: number): Promise<boolean>
  log: Logger
}

export interface Access {
  /** Nobody is asked who he is, as far as is known; he must call from this machine. */
  isOpen(): boolean
  authenticate: Authenticate
  /** Once the database is open. Rejects where others could connect and nobody could be told from anybody. */
  start(): Promise<void>
  routes(app: Server): void
}

const SCOPES = new Set(ALL_SCOPES)

const anonymous = (request: FastifyRequest): Caller => ({
  projectId: DEFAULT_PROJECT_ID,
  actor: { kind: 'anonymous', id: null, from: request.ip },
  name: null,
  scopes: SCOPES,
})

const NOBODY_CAN_ENTER =
  'other machines can connect to this address, and there is no API key by which to tell who may: make one with ' +
  '`yeyak keys create --name <name> --scopes all`, remove HOST to stay on 127.0.0.1, or set YEYAK_AUTH=off if everyone ' +
  'who reaches it may use it'

/** Who may do what. Nobody, until a key or a user is configured; from then on whoever has one. */
export const createAccess = (o: AccessOptions): Access => {
  const { db, tables, log } = o
  const repository = createCredentialRepository(tables)
  const credentials = createCredentials({ db: o.lookUpDb, repository })
  const identify = createIdentify({
    db: o.lookUpDb,
    repository,
    credentials,
    usage: createUsage(),
    guesses: createGuesses(),
    apiKey: o.apiKey,
    rateLimitPerMinute: o.rateLimitPerMinute,
    onNotTold: (err) => log.debug({ err }, 'access: it was not written down when a key was last used'),
  })

  // For good, until a restart: that the last key has ended, or was revoked, opens nothing.
  let isClosed = o.auth === 'on' && (o.apiKey !== '' || !o.isLoopback)
  const learn = (isConfigured: boolean | null): boolean => {
    isClosed ||= isConfigured === true
    return !isClosed
  }

  /** Whether nobody is asked who he is, at once where that was looked up within the last second. */
  const isOpenNow = (): boolean | Promise<boolean> => {
    if (isClosed) return false
    const known = credentials.configured.peek('', performance.now())
    return known === undefined ? credentials.configured.find('').then(learn) : learn(known)
  }

  const asAnybody = (request: FastifyRequest): Caller => {
    if (!isRead(request.method)) {
      const { headers } = request.raw
      // Behind a proxy the Host may be another than the page's, so with `off` only what browsers say themselves counts.
      const isElsewhere = o.auth === 'off' ? headers['sec-fetch-site'] === 'cross-site' : isForeign(headers)
      if (isElsewhere) throw foreignPage()
    }
    return anonymous(request)
  }

  const enter = (isOpen: boolean, request: FastifyRequest, reply?: FastifyReply) =>
    isOpen ? asAnybody(request) : identify(request, reply)

  const common = { db, tables, changed: () => credentials.forget() }
  const ofCredentials = {
    ...common,
    changed() {
      // At once: there is a key or a user, or was one a moment ago.
      learn(o.auth === 'on')
      credentials.forget()
    },
  }
  const passwords = createPasswords()
  const onceBy = (route: string) => createOnce({ db, tables, route })

  return {
    isOpen() {
      if (o.auth === 'off') return false
      const isOpen = isOpenNow()
      if (typeof isOpen === 'boolean') return isOpen
      isOpen.catch(() => {})
      return !isClosed
    },

    authenticate(request, reply) {
      if (o.auth === 'off') return asAnybody(request)
      const isOpen = isOpenNow()
      return typeof isOpen === 'boolean'
        ? enter(isOpen, request, reply)
        : isOpen.then((is) => enter(is, request, reply))
    },

    async start() {
      if (o.auth === 'off' || o.apiKey !== '') return
      learn(await credentials.configured.find(''))
      if (!o.isLoopback && !(await repository.canAnybodyEnter(db))) throw new Error(NOBODY_CAN_ENTER)
    },

    routes(app) {
      keyRoutes(app, createKeys({ ...ofCredentials, once: onceBy('/v1/api-keys'), time: o.time }), o.time)
      projectRoutes(app, createProjects({ ...common, once: onceBy('/v1/projects'), isWaiting: o.isWaiting }))
      userRoutes(app, createUsers({ ...ofCredentials, once: onceBy('/v1/users'), passwords }))
      const sessions = createSessions({ ...common, passwords, backoff: createBackoff(), credentials })
      sessionRoutes(app, sessions, createSignedIn(common))
    },
  }
}
