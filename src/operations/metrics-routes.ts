import { Type } from 'typebox'
import type { Server } from '../http/index.ts'
import type { Metrics } from './metrics.ts'

export const metricsRoutes = (app: Server, metrics: Metrics): void => {
  app.get(
    '/metrics',
    {
      config: { access: 'operate' },
      schema: {
        tags: ['metrics'],
        summary: 'Metrics for Prometheus: of this process, and of the whole installation',
        response: {
          200: { description: 'The text format', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
    },
    async (_request, reply) => {
      const { contentType, text } = await metrics.read()
      reply.type(contentType)
      return reply.serializer(String).send(text)
    },
  )
}
