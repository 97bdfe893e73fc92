import type { FastifyReply, FastifyRequest } from 'fastify'
import { ALL_SCOPES, type Caller, DEFAULT_PROJECT_ID, invalidParameter } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { type Text, YeyakError } from '../platform/errors.ts'
import type { Credentials, KnownKey, KnownSession } from './credentials.ts'
import { secretIn } from './cookie.ts'
import { foreignPage, isForeign, isRead } from './foreign-page.ts'
import type { CredentialRepository } from './repository-credentials.ts'
import { SCOPES_OF } from './roles.ts'
import { csrfTokenOf, hashOf, isSame } from './secrets.ts'
import type { Guesses } from './throttle.ts'
import { rateLimited, type Usage } from './usage.ts'

export interface IdentifyOptions {
  db: Database
  repository: CredentialRepository
  credentials: Credentials
  usage: Usage
  guesses: Guesses
  /** `YEYAK_API_KEY`; empty where it is not set. */
  apiKey: string
  /** Of keys that have no limit of their own; 0 for none. */
  rateLimitPerMinute: number
  /** That a key or a session was used could not be written down. */
  onNotTold(error: unknown): void
}

const SCHEME = /^Bearer +(?=\S)/iu
const PREFIX = 'Bearer '
const TOKEN = /^[!-~]{20,200}$/u

export const unauthenticated = (details: { detail?: Text } = {}): YeyakError =>
  new YeyakError('unauthenticated', { ...details, headers: { 'www-authenticate': 'Bearer' } })

const tokenIn = (authorization: string): string => {
  if (authorization.startsWith(PREFIX)) return authorization.slice(PREFIX.length).trim()
  return SCHEME.test(authorization) ? authorization.replace(SCHEME, '') : ''
}

/** Who makes a request, by his key or his session: at once where it was asked within the last second. */
export const createIdentify = (o: IdentifyOptions) => {
  const { credentials, usage, guesses } = o
  const settingHash = o.apiKey === '' ? null : hashOf(o.apiKey)
  const settingKey: KnownKey = {
    ...{ id: 'YEYAK_API_KEY', projectId: DEFAULT_PROJECT_ID, name: 'YEYAK_API_KEY' },
    ...{ scopes: new Set(ALL_SCOPES), requestsPerMinute: null, endsMs: Number.POSITIVE_INFINITY },
  }
  const isSetting = (hash: string): boolean => settingHash !== null && isSame(hash, settingHash)

  const wrong = (request: FastifyRequest): YeyakError => {
    guesses.failed(request.ip)
    return unauthenticated()
  }

  const asKey = (key: KnownKey, nowMs: number, request: FastifyRequest, reply?: FastifyReply): Caller => {
    if (key.endsMs <= nowMs) throw unauthenticated()
    if (reply !== undefined) {
      const perMinute = key.requestsPerMinute ?? o.rateLimitPerMinute
      if (perMinute > 0) usage.count(key.id, perMinute, nowMs, reply)
      if (key !== settingKey && usage.isToTell(key.id, nowMs))
        o.repository.usedKey(o.db, key.id).catch(o.onNotTold)
    }
    return {
      projectId: key.projectId,
      actor: { kind: 'key', id: key.id, from: request.ip },
      name: key.name,
      scopes: key.scopes,
    }
  }

  const findKey = async (
    hash: string,
    token: string,
    request: FastifyRequest,
    reply?: FastifyReply,
  ): Promise<Caller> => {
    // Guesses from his address are not the fault of one whose key is known.
    if (!credentials.keys.has(hash)) {
      // An open stream whose key is looked at again is told what becomes of the key, whoever guesses beside it.
      const waitSeconds = reply === undefined ? 0 : guesses.waitSeconds(request.ip)
      if (waitSeconds > 0) throw rateLimited(waitSeconds)
      if (!TOKEN.test(token)) throw wrong(request)
    }
    const key = await credentials.keys.find(hash)
    if (key === null) throw wrong(request)
    return asKey(key, performance.now(), request, reply)
  }

  const byKey = (
    authorization: string,
    request: FastifyRequest,
    reply?: FastifyReply,
  ): Caller | Promise<Caller> => {
    const token = tokenIn(authorization)
    const hash = hashOf(token)
    const nowMs = performance.now()
    const key = credentials.keys.peek(hash, nowMs)
    if (key !== undefined) return asKey(key, nowMs, request, reply)
    if (isSetting(hash)) return asKey(settingKey, nowMs, request, reply)
    return findKey(hash, token, request, reply)
  }

  const asUser = (
    session: KnownSession | null,
    secret: string,
    hash: string,
    request: FastifyRequest,
  ): Caller => {
    const nowMs = performance.now()
    if (session === null || session.endsMs <= nowMs) throw unauthenticated()
    if (!isRead(request.method)) {
      if (isForeign(request.raw.headers)) throw foreignPage()
      const token = request.headers['x-csrf-token']
      if (typeof token !== 'string' || !isSame(token, csrfTokenOf(secret)))
        throw new YeyakError('csrf-token-required')
    }
    if (usage.isToTell(hash, nowMs)) o.repository.usedSession(o.db, hash).catch(o.onNotTold)
    const wanted = request.headers['yeyak-project']
    const project =
      wanted === undefined ? session.projects[0] : session.projects.find(({ name }) => name === wanted)
    if (project === undefined) {
      if (wanted === undefined) throw unauthenticated()
      throw invalidParameter('Yeyak-Project', NOT_HIS_PROJECT)
    }
    return {
      projectId: project.id,
      actor: { kind: 'user', id: session.userId, from: request.ip },
      name: session.name,
      scopes: SCOPES_OF[session.role],
      everywhere: session.projectIds === null,
    }
  }

  const bySession = (secret: string, request: FastifyRequest): Caller | Promise<Caller> => {
    const hash = hashOf(secret)
    const known = credentials.sessions.peek(hash, performance.now())
    if (known !== undefined) return asUser(known, secret, hash, request)
    return credentials.sessions.find(hash).then((session) => asUser(session, secret, hash, request))
  }

  /** Throws, or rejects with, `unauthenticated`, `rate-limited`, `csrf-token-required`, `unavailable` and the like. */
  return (request: FastifyRequest, reply?: FastifyReply): Caller | Promise<Caller> => {
    const { authorization, cookie } = request.raw.headers
    if (authorization !== undefined) return byKey(authorization, request, reply)
    const secret = secretIn(cookie)
    if (secret === null) throw unauthenticated()
    return bySession(secret, request)
  }
}

const NOT_HIS_PROJECT: Text = {
  en: 'must be the name of a project that you may enter',
  ko: '들어갈 수 있는 프로젝트의 이름이어야 합니다.',
}
