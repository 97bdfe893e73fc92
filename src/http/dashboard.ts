import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { noBuildPage } from './no-build-page.ts'
import { pathOf } from './not-found.ts'
import { problemReplies } from './problem-replies.ts'
import { requestIds } from './request-id.ts'
import { ASSET_HEADERS, dashboardHeaders } from './security-headers.ts'
import type { Server } from './server.ts'

export interface DashboardOptions {
  /** Where its built files are; there may be none. */
  directory: string
  log: Logger
}

export interface Dashboard {
  /** Whether a browser asks for one of its pages by address: each is the same file, which then shows that page. */
  isPage(request: FastifyRequest): boolean
  show(request: FastifyRequest, reply: FastifyReply): Promise<void>
}

/** The first segments of its addresses. None is the API's, and a test holds them equal to those of its own router. */
export const PAGES = [
  'calendar',
  'compose',
  'content',
  'dead-letters',
  'notifications',
  'operations',
  'publications',
  'queues',
  'runs',
  'schedules',
  'settings',
] as const
const pages = new Set<string>(PAGES)

/** What the build puts in the place of the nonce, in `dashboard/vite.config.ts`. */
const NONCE_MARK = '__nonce__'
const NONCE_BYTES = 16

/** A browser asks for HTML by name; `*` alone, as curl sends it, does not. */
export const wantsPage = ({ accept = '' }: { accept?: string | undefined }): boolean =>
  accept.includes('text/html') && !/^\s*application\/json/u.test(accept)

/**
 * The dashboard: files that were built before, and one page with a nonce of its own for each request, as its components
 * write style sheets, which the policy takes from nobody else. Served by a second Fastify instance that never listens, made
 * for the first reader: most processes never need the plugin.
 */
export const createDashboard = (app: Server, { directory, log }: DashboardOptions): Dashboard => {
  let made: Promise<FastifyInstance> | undefined
  const site = (): Promise<FastifyInstance> => {
    made ??= makeSite(directory, log).catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
  const show = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { routing } = await site()
    reply.hijack()
    request.raw.headers['x-request-id'] = request.id
    reply.raw.setHeader('x-request-id', request.id)
    routing(request.raw, reply.raw)
  }
  app.get('/assets/*', { config: { access: 'public', lenient: true }, schema: { hide: true } }, show)
  return {
    isPage: ({ method, raw }) =>
      (method === 'GET' || method === 'HEAD') &&
      wantsPage(raw.headers) &&
      pages.has(pathOf(raw.url).split('/', 2)[1] ?? ''),
    show,
  }
}

const makeSite = async (directory: string, log: Logger): Promise<FastifyInstance> => {
  const { default: files } = await import('@fastify/static')
  const site = Fastify({ genReqId: requestIds(), routerOptions: { maxParamLength: 2000 } })
  site.setErrorHandler(problemReplies(log))
  site.setNotFoundHandler(() => {
    throw new YeyakError('unknown-route')
  })
  // Their names bear a hash of what is in them, so a copy stays good for ever; a browser may ask for the smaller one.
  await site.register(files, {
    root: join(directory, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    setHeaders: (reply) => {
      void reply.headers(ASSET_HEADERS)
    },
  })
  site.get('/*', async (_request, reply) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64url')
    reply.headers(dashboardHeaders(nonce)).type('text/html; charset=utf-8')
    const page = await readFile(join(directory, 'index.html'), 'utf8').catch(() => null)
    if (page !== null) return page.replaceAll(NONCE_MARK, nonce)
    return reply.code(503).send(noBuildPage(nonce))
  })
  await site.ready()
  return site
}
