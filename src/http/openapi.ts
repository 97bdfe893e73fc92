import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { PROBLEM_SCHEMA, withCommonProblems } from './problem-responses.ts'
import { problemReplies } from './problem-replies.ts'
import { headersSchema } from './request-headers.ts'
import { requestIds } from './request-id.ts'
import { isNoBody } from './route-defaults.ts'
import { PAGE_HELMET } from './security-headers.ts'
import type { Server } from './server.ts'

interface OpenApiOptions {
  version: string
  log: Logger
  /** Every route of the server, complete once it listens. */
  routes: readonly RouteOptions[]
}

/**
 * `/openapi.json` and `/docs`. Both are served by a second Fastify instance that never listens, and that is made for
 * the first reader: the plugins cost memory and start-up time that most processes never need.
 */
export function openApiRoutes(app: Server, options: OpenApiOptions): void {
  let made: Promise<FastifyInstance> | undefined
  const documentation = (): Promise<FastifyInstance> => {
    made ??= makeDocumentation(options).catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
  const config = { access: 'public', lenient: true } as const
  const schema = { hide: true }
  for (const url of ['/openapi.json', '/docs', '/docs/*']) {
    app.get(url, { config, schema }, async (request, reply) => {
      const { routing } = await documentation()
      reply.hijack()
      const { raw } = request
      raw.headers['x-request-id'] = request.id
      reply.raw.setHeader('x-request-id', request.id)
      routing(raw, reply.raw)
    })
  }
}

async function makeDocumentation({ version, log, routes }: OpenApiOptions): Promise<FastifyInstance> {
  const [{ default: helmet }, { default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('@fastify/helmet'),
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ])
  const app = Fastify({ genReqId: requestIds(), routerOptions: { maxParamLength: 2000 } })
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.setErrorHandler(problemReplies(log))
  app.setNotFoundHandler(() => {
    throw new YeyakError('unknown-route')
  })
  app.addSchema(PROBLEM_SCHEMA)
  await app.register(helmet, PAGE_HELMET)
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Yeyak',
        version,
        description: 'Scheduled notifications and scheduled publishing on PostgreSQL alone.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key: yk_…' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'yeyak_session',
            description: 'Of a browser that signed in.',
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json, _uri, _fragment, i) =>
        typeof json.$id === 'string' ? json.$id : `schema-${i}`,
    },
  })
  for (const route of routes) if (isPublic(route)) app.route(describedRoute(route))
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null, deepLinking: true, tryItOutEnabled: true },
  })
  let document: string | undefined
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(app.swagger())
    reply.type('application/json; charset=utf-8').send(document)
  })
  await app.ready()
  return app
}

const isPublic = ({ method, schema }: RouteOptions): boolean => schema?.hide !== true && method !== 'HEAD'

/** The route as the document shows it: with the refusals that any route has, and nothing to run. */
function describedRoute({ method, url, schema = {}, config }: RouteOptions): RouteOptions {
  const { body, response, ...rest } = schema
  const takesBody = body !== undefined && !isNoBody(body)
  const access = config?.access ?? 'public'
  const successes =
    typeof response === 'object' && response !== null ? response : { 200: { description: 'Done' } }
  return {
    method,
    url,
    exposeHeadRoute: false,
    schema: {
      ...rest,
      ...(takesBody ? { body } : {}),
      ...(config?.takes && { headers: headersSchema(config.takes) }),
      ...(access !== 'public' && {
        security: [{ key: [] }, { session: [] }],
        'x-scope': access,
      }),
      response: withCommonProblems(successes, takesBody, access),
    },
    handler: () => {
      throw new YeyakError('unknown-route')
    },
  }
}
