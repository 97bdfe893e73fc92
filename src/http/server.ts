import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyInstance,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
  type RouteOptions,
} from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { createBodyBudget } from './body-budget.ts'
import { type Authenticate, type Caller, lacks } from './caller.ts'
import { answerClientError, hangUp } from './client-error.ts'
import { connectionSweeper } from './close.ts'
import { createDashboard } from './dashboard.ts'
import { frontPage } from './front-page.ts'
import { createGuard, type Readiness } from './guard.ts'
import { type Health, healthRoutes } from './health.ts'
import { emptyParameter, noRoute, pathOf, unknownRoute } from './not-found.ts'
import { openApiRoutes } from './openapi.ts'
import { problemReplies } from './problem-replies.ts'
import { requestIds } from './request-id.ts'
import './route-config.ts'
import type { Access } from './scopes.ts'
import { applyRouteDefaults, JSON_TYPES, parseBody } from './route-defaults.ts'
import { routeTable } from './route-table.ts'
import { API_HEADERS } from './security-headers.ts'
import { answerUnusual, unclearRequest } from './strict-request.ts'
import { validatorCompiler } from './validators.ts'

export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  Logger,
  TypeBoxTypeProvider
>

export interface ServerOptions {
  log: Logger
  version: string
  /** No key is configured, as far as is known: a request must name this machine as its `Host`. */
  isOpen(): boolean
  /** Asked for each request to a route that is not `public`. */
  authenticate: Authenticate
  /** Asked for each request. `starting` and `draining` refuse all but health; the others are the routes' to judge. */
  isReady(): Readiness
  /** What `/readyz` answers. */
  checks(): Promise<Health>
  /** Where the built files of the dashboard are, if anywhere. */
  dashboardDirectory: string
}

/** Of one body. Routes that take more, such as batches, set a `bodyLimit` of their own. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024

const LIMITS = {
  bodyLimit: BODY_LIMIT_BYTES,
  // A whole request, body included, must arrive within this: 32 MB over a slow line, but no drip for ever.
  requestTimeout: 120_000,
  // Silence on a connection, in either direction; event streams send a comment every 15 s.
  connectionTimeout: 180_000,
  // Longer than the 60 s of common load balancers, so that they never send on a connection just closed here.
  keepAliveTimeout: 72_000,
  // Unlimited: a caller on a trusted network gains nothing from connecting anew.
  maxRequestsPerSocket: 0,
  // Node's own answer to a missing Host is no problem document; the guard gives one.
  http: { headersTimeout: 30_000, maxHeaderSize: 16 * 1024, requireHostHeader: false },
} as const

/**
 * The HTTP server: everything that `docs/http-api.md` says of every call, and no feature. Routes are added by the
 * features before `listen`. Listen on an address (127.0.0.1, not localhost): a name may bind a second server, which
 * closing does not wait for.
 */
export function createServer(o: ServerOptions): Server {
  const routes = routeTable()
  const described: RouteOptions[] = []
  const nextId = requestIds()
  const reply = problemReplies(o.log)
  const budget = createBodyBudget()
  let isClosing = false
  const guard = createGuard({
    isOpen: o.isOpen,
    isReady: () => (isClosing ? { ready: false, reason: 'draining', retryAfterSeconds: 5 } : o.isReady()),
  })

  const app: Server = Fastify({
    ...LIMITS,
    loggerInstance: quiet(o.log),
    logController: new Fastify.LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: nextId,
    // Ids may be percent-encoded Korean, at nine characters a syllable.
    routerOptions: { maxParamLength: 2000 },
    // The guard answers while closing, as a problem.
    return503OnClosing: false,
    // These come from the router, before any hook: bytes that are no path, or an id too long to exist.
    frameworkErrors: (_error, request, answer) => {
      const path = pathOf(request.raw.url)
      const isRoute = routes.methodsFor(path).length > 0
      answer.headers(API_HEADERS)
      reply(
        guard(request) ?? (isRoute ? new YeyakError('not-found') : unknownRoute(path, routes)),
        request,
        answer,
      )
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, nextId({ headers: {} })),
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.setValidatorCompiler(validatorCompiler())
  // Answers are written whole: a schema that lags behind the code must not cut members off, as Fastify's own
  // serialiser would, and nothing has to be compiled at start.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.setErrorHandler(reply)
  // For pages of the dashboard, and files that a plugin does not have; other requests do not come this far.
  app.setNotFoundHandler(async (request, answer) => {
    if (!dashboard.isPage(request)) throw noRoute(request, routes)
    return dashboard.show(request, answer)
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, parseBody)

  app.decorateRequest('caller')
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined)
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it`)
    for (const method of [route.method].flat()) routes.add(method, route.url)
    applyRouteDefaults(route)
    described.push(route)
  })
  /** Begun here, and not by a hook before the parsing, which every request would pass. The body flows from the next turn on. */
  const countBody = (request: FastifyRequest) => {
    const { raw } = request
    let received = 0
    const count = (chunk: Buffer) => {
      received += chunk.length
      const refusal = budget.grow(request, received)
      if (refusal === undefined) return
      // Once: whoever reads the body answers with it, and listens no longer.
      raw.off('data', count)
      if (raw.listenerCount('error') > 0) raw.emit('error', refusal)
    }
    raw.on('data', count)
  }
  type Done = (error?: Error) => void
  const admit = (request: FastifyRequest, done: Done): void => {
    const isChunked = request.headers['transfer-encoding'] !== undefined
    const refusal = isChunked ? budget.take(request, request.routeOptions.bodyLimit) : budget.take(request)
    if (refusal !== undefined) return done(refusal)
    if (isChunked) countBody(request)
    return done()
  }
  const enter = (request: FastifyRequest, caller: Caller, access: Access, done: Done): void => {
    const refusal = lacks(caller, access)
    if (refusal !== undefined) return done(refusal)
    request.caller = caller
    return admit(request, done)
  }
  app.addHook('onRequest', (request, answer, done) => {
    answer.header('x-request-id', request.id)
    answer.headers(API_HEADERS)
    forgetTypeOfNothing(request.headers)
    const unclear = unclearRequest(request.raw)
    if (unclear !== undefined) {
      answer.hijack()
      return hangUp(unclear, request.raw.socket, request.id)
    }
    const refusal = guard(request) ?? emptyParameter(request, routes)
    if (refusal !== undefined) return done(refusal)
    // Here, as the router's own answer comes after the body, of which anybody could send 16 MB.
    if (request.is404) return dashboard.isPage(request) ? done() : done(noRoute(request, routes))
    const access = request.routeOptions.config.access ?? 'public'
    if (access === 'public') return admit(request, done)
    // At once wherever it can be: a promise for each request is 2 µs.
    let caller: Caller | Promise<Caller>
    try {
      caller = o.authenticate(request, answer)
      if (!(caller instanceof Promise)) return enter(request, caller, access, done)
    } catch (error) {
      return done(error as Error)
    }
    caller.then((one) => enter(request, one, access, done), done)
  })
  // A request that is cut off has its body given back too.
  app.addHook('onResponse', (request, _answer, done) => {
    budget.giveBack(request)
    done()
  })
  app.addHook('onRequestAbort', (request, done) => {
    budget.giveBack(request)
    done()
  })
  if (o.log.isLevelEnabled('debug')) logRequests(app)

  answerUnusual(app.server, nextId)
  const sweeper = connectionSweeper(app.server)
  app.addHook('preClose', (done) => {
    isClosing = true
    sweeper.start()
    done()
  })
  app.addHook('onClose', (_instance, done) => {
    sweeper.stop()
    done()
  })

  healthRoutes(app, o.checks)
  const dashboard = createDashboard(app, { directory: o.dashboardDirectory, log: o.log })
  frontPage(app, o.version, dashboard)
  openApiRoutes(app, { version: o.version, log: o.log, routes: described })
  return app
}

/** Fastify says of itself where it listens; who starts the server has his own words for that. Warnings stay. */
function quiet(log: Logger): Logger {
  return log.isLevelEnabled('debug') || !log.isLevelEnabled('info') ? log : log.child({}, { level: 'warn' })
}

/** `curl -d ''` calls an empty body a form: what is not there needs no type. */
function forgetTypeOfNothing(headers: IncomingHttpHeaders): void {
  if (headers['content-length'] !== '0') return
  if (headers['content-type']?.includes('json') !== true) delete headers['content-type']
}

/** Only at debug level: a line for each request would cost more than many a request. Patterns, not paths, as paths may bear tokens. */
function logRequests(app: Server): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request
    const { statusCode, elapsedTime } = reply
    request.log.debug({ method, route: routeOptions.url, statusCode, ms: Math.round(elapsedTime) }, 'request')
    done()
  })
}
