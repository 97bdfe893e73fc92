import type { FastifyReply, FastifyRequest } from 'fastify'
import type { By } from '../platform/actor.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Access, Scope } from './scopes.ts'

/** Who makes a request. */
export interface Caller extends By {
  /** What people call the key or the user; null for nobody in particular. */
  name: string | null
  scopes: ReadonlySet<Scope>
  /** A user who may enter every project. */
  everywhere?: boolean
}

/**
 * Tells who makes a request, at once where that is known. Throws, or rejects with, `unauthenticated`, `rate-limited` and the
 * like. Not asked for routes that are `public`. Without `reply` it only looks whether the caller is still who he was, and counts
 * nothing; with it the answer bears the headers of his rate limit.
 */
export type Authenticate = (request: FastifyRequest, reply?: FastifyReply) => Caller | Promise<Caller>

/** Everything belongs to a project. This one cannot go, and who has a scope in it has it for the whole installation. */
export const DEFAULT_PROJECT_ID = 1

/** Whether the caller may do what concerns every project. */
export const isForAll = ({ projectId, everywhere }: Pick<Caller, 'projectId' | 'everywhere'>): boolean =>
  projectId === DEFAULT_PROJECT_ID || everywhere === true

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
