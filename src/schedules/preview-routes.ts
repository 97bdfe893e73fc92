import { languageOf, problems, type Server } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Given } from './definition.ts'
import { nextRuns } from './next-runs.ts'
import { tags } from './routes.ts'
import { PreviewBody, PreviewSchema } from './schema.ts'

const DEFAULT_COUNT = 10

/** When a rule would run; changes nothing. */
export const previewRoutes = (app: Server, { clock }: { clock: Pick<Clock, 'now'> }): void => {
  app.post<{ Body: Given & { from?: unknown; count?: number } }>(
    '/v1/schedules/preview',
    {
      config: { access: 'schedules:read', nullIsAbsent: true },
      schema: {
        ...{ tags, summary: 'When a rule would run, and the rule in words', body: PreviewBody },
        response: {
          200: PreviewSchema,
          ...problems([
            ...(['unbounded-schedule', 'unknown-time-zone', 'ambiguous-time'] as const),
            ...(['ambiguous-local-time', 'time-too-far'] as const),
          ]),
        },
      },
    },
    async ({ body, headers }, reply) => {
      const language = languageOf(headers['accept-language'])
      const asked = { ...body, count: body.count ?? DEFAULT_COUNT }
      const { runs, text } = nextRuns(asked, { now: await clock.now(), language })
      reply.header('content-language', language).header('vary', 'Accept-Language')
      return { runs, text }
    },
  )
}
