import type { FastifyRequest } from 'fastify'
import { defineList, keysetOf, problems, type Server } from '../http/index.ts'
import { isId } from '../platform/ids.ts'
import { endedCookie, sessionCookie } from './cookie.ts'
import { foreignPage, isForeign } from './foreign-page.ts'
import { SESSION_DAYS } from './repository-credentials.ts'
import { IdParams, ListOf, SelfSchema, SessionSchema, sessionResource, SignInBody } from './schema.ts'
import type { Sessions } from './sessions.ts'
import type { SignedIn } from './signed-in.ts'

const tags = ['session']
const list = defineList({ filters: {}, sorts: { createdAt: 'instant' }, defaultSort: 'createdAt', isId })
/** Room for both texts, each letter escaped. Anybody may send this body. */
const SIGN_IN_BYTES = 8 * 1024
const MAX_AGE_SECONDS = SESSION_DAYS * 86_400

/** What a proxy says of itself only makes the cookie stricter. */
const isSecure = (request: FastifyRequest): boolean =>
  request.protocol === 'https' ||
  request.headers['x-forwarded-proto']?.toString().split(',')[0]?.trim() === 'https'

export const sessionRoutes = (app: Server, sessions: Sessions, signedIn: SignedIn): void => {
  app.post<{ Body: { email: string; password: string } }>(
    '/v1/session',
    {
      config: { access: 'public' },
      bodyLimit: SIGN_IN_BYTES,
      schema: {
        tags,
        summary: 'Sign in',
        description:
          'Sets the cookie yeyak_session. All but GET and HEAD need X-CSRF-Token with csrfToken then.',
        body: SignInBody,
        response: { 201: SelfSchema, ...problems(['unauthenticated', 'rate-limited']) },
      },
    },
    async (request, reply) => {
      // A foreign page could sign somebody in as another one, who then sees what is entered.
      if (isForeign(request.raw.headers)) throw foreignPage()
      const { email, password } = request.body
      const secret = await sessions.signIn(email, password, request.ip)
      reply
        .code(201)
        .header('location', '/v1/session')
        .header('set-cookie', sessionCookie(secret, MAX_AGE_SECONDS, { isSecure: isSecure(request) }))
      return sessions.begun(secret)
    },
  )

  app.get(
    '/v1/session',
    {
      config: { access: 'any' },
      schema: { tags, summary: 'Who makes this call, and what he may do', response: { 200: SelfSchema } },
    },
    (request) => sessions.self(request),
  )

  app.delete(
    '/v1/session',
    {
      config: { access: 'any' },
      schema: { tags, summary: 'Sign out', response: { 204: { description: 'Signed out' } } },
    },
    async (request, reply) => {
      await sessions.signOut(request)
      return reply
        .code(204)
        .header('set-cookie', endedCookie({ isSecure: isSecure(request) }))
        .send()
    },
  )

  app.get(
    '/v1/sessions',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'List who has signed in',
        querystring: list.querystring,
        response: { 200: ListOf(SessionSchema), ...problems(['invalid-cursor']) },
      },
    },
    async (request) => {
      const found = await signedIn.list(request, keysetOf(list.page(request.query)))
      const items = found.map(sessionResource)
      return list.answer(request.query, items, (last) => ({ key: last.createdAt.toISOString(), id: last.id }))
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/sessions/:id',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'End somebody’s session',
        params: IdParams,
        response: { 204: { description: 'Ended' }, ...problems(['not-found']) },
      },
    },
    async ({ caller, params }, reply) => {
      await signedIn.end(caller, params.id)
      return reply.code(204).send()
    },
  )
}
