import type { FastifyReply, FastifyRequest } from 'fastify'
import type { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { languageOf } from './accept-language.ts'
import { asYeyakError, PROBLEM_TYPE, problemBody } from './problem.ts'

/** Answers any error as a problem, and logs those that are the server's fault with the request's id. */
export function problemReplies(
  log: Logger,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const refusal = asYeyakError(error, request.routeOptions.bodyLimit)
    if (refusal.status >= 500 && refusal.cause !== undefined) {
      const route = request.routeOptions.url ?? 'none'
      log.error(
        { err: refusal.cause, requestId: request.id, method: request.method, route },
        'a request failed',
      )
    }
    sendProblem(refusal, request, reply)
  }
}

/** For routes that answer most of their errors in a form of their own, and want the usual one for the others. */
export function sendProblem(refusal: YeyakError, request: FastifyRequest, reply: FastifyReply): void {
  // The caller's next request is to go to a server that stays.
  if (refusal.members['reason'] === 'draining') reply.header('connection', 'close')
  const language = languageOf(request.headers['accept-language'])
  // As a string, so that no schema of the route can cut members off.
  const body = JSON.stringify(problemBody(refusal, request.id, language))
  reply
    .code(refusal.status)
    .headers(refusal.headers)
    .header('x-request-id', request.id)
    .header('content-type', PROBLEM_TYPE)
    .header('content-language', language)
    .header('vary', 'Accept-Language')
    .send(body)
}
