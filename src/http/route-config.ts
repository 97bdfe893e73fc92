import 'fastify'
import type { RequestHeader } from './request-headers.ts'
import type { Access } from './scopes.ts'

/** What a route may ask of the server, in its `config`. */
declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call it. A route without one fails the start. */
    access?: Access
    /** A member of the body that is `null` counts as left out (top level only): for creates and `PUT`. */
    nullIsAbsent?: boolean
    /** No body, or an empty one, counts as `{}`. */
    optionalBody?: boolean
    /** A body or query that the route has no schema for is let through unchecked, instead of refused. */
    lenient?: boolean
    /** Headers that it heeds, for the OpenAPI document. */
    takes?: readonly RequestHeader[]
    /** Answered while the server starts and drains too. */
    alwaysOn?: boolean
  }
}
