import type { FastifyRequest } from 'fastify'
import { type Text, YeyakError } from '../platform/errors.ts'
import { isLocalHost } from './host-check.ts'
import { pathOf } from './not-found.ts'
import { unavailable } from './problem.ts'

/** Whether the server can serve; asked for each request, so it should answer from what it knows. */
export type Readiness =
  | { ready: true }
  | { ready: false; reason: 'starting' | 'database' | 'overloaded' | 'draining'; retryAfterSeconds: number }

export interface GuardOptions {
  /** No key is configured: only requests that name this machine are taken. */
  isOpen(): boolean
  isReady(): Readiness
}

/** Looks at each request before anything else does, and says why it is not taken, if so. */
export type Guard = (request: FastifyRequest) => YeyakError | undefined

export function createGuard({ isOpen, isReady }: GuardOptions): Guard {
  // Callers send the same Host each time, so the last one that was right is nearly always this one.
  let lastLocal = 'localhost'
  return (request) => {
    const { host } = request.raw.headers
    if (host !== lastLocal && isOpen()) {
      if (host === undefined || !isLocalHost(host)) return new YeyakError('host-not-allowed')
      lastLocal = host
    }
    if (host === undefined && request.raw.httpVersion === '1.1') {
      return new YeyakError('invalid-parameter', { detail: NO_HOST })
    }
    const { url = '' } = request.raw
    if (url.includes('%00')) return nulInUrl(url)
    const state = isReady()
    return state.ready ? undefined : notServing(state, request)
  }
}

/**
 * Without its database a server still shows its documentation, and when it is overloaded the routes know best what
 * they can take; so only a server that has not begun, or is about to end, refuses everything.
 */
function notServing(
  state: Exclude<Readiness, { ready: true }>,
  request: FastifyRequest,
): YeyakError | undefined {
  const isPassing = state.reason === 'database' || state.reason === 'overloaded'
  if (isPassing || request.routeOptions.config.alwaysOn === true) return undefined
  return unavailable(state.reason, state.retryAfterSeconds)
}

/** PostgreSQL cannot look for it: in a path it is an id that cannot exist, in a query a mistake. */
function nulInUrl(url: string): YeyakError {
  if (pathOf(url).includes('%00')) return new YeyakError('not-found')
  const query = new URLSearchParams(url.slice(url.indexOf('?')))
  const errors = [...query]
    .filter(([, value]) => value.includes('\u0000'))
    .map(([path]) => ({ path, message: NUL }))
  return new YeyakError('invalid-parameter', { errors })
}

const NO_HOST: Text = { en: 'The Host header is missing.', ko: 'Host 헤더가 없습니다.' }
const NUL: Text = { en: 'must not contain NUL characters', ko: 'NUL 문자는 쓸 수 없습니다.' }
