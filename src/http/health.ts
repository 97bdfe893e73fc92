import type { Server } from './server.ts'

/** The answer of `/readyz`. `degraded` still serves, with what is lost said in `detail`. */
export interface Health {
  status: 'ready' | 'degraded' | 'not_ready'
  checks: Readonly<Record<string, { state: string; detail: string | null }>>
}

const config = { access: 'public', alwaysOn: true, lenient: true } as const

/** `/healthz`: this process lives. `/readyz`: it can serve, with each thing that it needs. Neither needs a key. */
export function healthRoutes(app: Server, checks: () => Promise<Health>): void {
  app.get(
    '/healthz',
    { config, schema: { tags: ['health'], summary: 'Whether the process lives' } },
    (_request, reply) => {
      reply.send({ status: 'ok' })
    },
  )
  app.get(
    '/readyz',
    { config, schema: { tags: ['health'], summary: 'Whether the server can serve, and what it lacks' } },
    async (_request, reply) => {
      const health = await checks()
      return reply.code(health.status === 'not_ready' ? 503 : 200).send(health)
    },
  )
}
