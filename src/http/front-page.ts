import { type Dashboard, wantsPage } from './dashboard.ts'
import type { Server } from './server.ts'

/** `GET /`: where everything is, for programs; the dashboard, for browsers. */
export function frontPage(app: Server, version: string, dashboard: Dashboard): void {
  const index = { name: 'yeyak', version, docs: '/docs', openapi: '/openapi.json', health: '/healthz' }
  app.get(
    '/',
    {
      config: { access: 'public', lenient: true },
      schema: { summary: 'Where everything is; for browsers, the dashboard' },
    },
    async (request, reply) => {
      if (wantsPage(request.raw.headers)) {
        reply.raw.setHeader('vary', 'Accept')
        return dashboard.show(request, reply)
      }
      return reply.header('vary', 'Accept').send(index)
    },
  )
}
