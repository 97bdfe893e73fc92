import type { FastifyRequest } from 'fastify'
import type { By } from '../platform/actor.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Access, Scope } from './scopes.ts'

/** Who makes a request. */
export interface Caller extends By {
  /** What people call the key or the user; null for nobody in particular. */
  name: string | null
  scopes: ReadonlySet<Scope>
}

/**
 * Tells who makes a request, at once where that is known. Throws, or rejects with, `unauthenticated`, `rate-limited` and the
 * like. Not asked for routes that are `public`.
 */
export type Authenticate = (request: FastifyRequest) => Caller | Promise<Caller>

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the handler runs, except on routes that are `public`. */
    caller: Caller
  }
}

/** Why the caller may not call a route that asks for `access`, if so. */
export const lacks = (caller: Caller, access: Access): YeyakError | undefined =>
  access === 'any' || access === 'public' || caller.scopes.has(access)
    ? undefined
    : new YeyakError('missing-scope', { members: { scope: access } })
