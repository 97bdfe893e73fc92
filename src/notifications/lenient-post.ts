import type { FastifyReply } from 'fastify'
import type { By } from '../platform/actor.ts'
import { readJson, type Server } from '../http/index.ts'

export interface LenientPost {
  path: string
  summary: string
  description: string
  /** Answered with 400 where the body is none that the contract knows. */
  missing: { error: string }
  /** Gets the body, or null where it could not be read. Must send an answer, or throw. */
  handle(body: unknown, reply: FastifyReply, by: By): Promise<FastifyReply>
}

/** Anything that cannot be read is as good as a missing member: the old server never answered 415. */
const readBody = (contentType: string | undefined, bytes: Buffer): unknown => {
  if (contentType?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') return null
  try {
    return readJson(bytes)
  } catch {
    return null
  }
}

/** A `POST` of the server that came before Yeyak, whose answers are kept to the letter, whatever is sent. */
export const lenientPost = (app: Server, o: LenientPost): void => {
  // A scope of its own: its parser takes every content type, and must not reach the other routes.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
      done(null, readBody(request.headers['content-type'], body as Buffer))
    })
    // A Content-Type that is none is refused before any parser is asked: to this contract it is just another one.
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
        return reply.code(400).send(o.missing)
      }
      // To the handler of all other routes.
      throw error
    })
    for (const url of [o.path, `${o.path}/`]) {
      scope.post(
        url,
        {
          config: { access: 'notifications:write', lenient: true },
          schema: {
            tags: ['compatibility'],
            summary: o.summary,
            description: o.description,
            hide: url.endsWith('/'),
          },
        },
        (request, reply) => o.handle(request.body ?? null, reply, request.caller),
      )
    }
  })
}
