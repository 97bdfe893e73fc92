import { Type } from 'typebox'
import { languageOf, problems, type Server } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import { describeWhen } from '../timers/index.ts'
import { ResolveTimeBody } from './schema.ts'

const Resolved = Type.Object({
  instant: Type.String({ format: 'date-time' }),
  timeZone: Type.String(),
  local: Type.String(),
  notes: Type.Array(Type.String()),
})

/** How a time would be understood; changes nothing. */
export const timeRoutes = (app: Server, clock: Clock): void => {
  app.post<{ Body: { at: unknown } }>(
    '/v1/time/resolve',
    {
      config: { access: 'any' },
      schema: {
        tags: ['time'],
        summary: 'How a time is understood',
        body: ResolveTimeBody,
        response: {
          200: Resolved,
          ...problems([
            'ambiguous-time',
            'ambiguous-local-time',
            'unknown-time-zone',
            'time-in-past',
            'time-too-far',
          ]),
        },
      },
    },
    async (request, reply) => {
      const language = languageOf(request.headers['accept-language'])
      const described = describeWhen(request.body.at, { path: 'at', now: await clock.now() })
      reply.header('content-language', language).header('vary', 'Accept-Language')
      return { ...described, notes: described.notes.map((note) => note[language]) }
    },
  )
}
