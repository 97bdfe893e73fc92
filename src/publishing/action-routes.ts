import { problems, type Server } from '../http/index.ts'
import { answer, CHANGE_PROBLEMS, tags, WHEN_PROBLEMS } from './content-routes.ts'
import type { ContentService } from './content-service.ts'
import type { Act } from './effect.ts'
import type { ExternalActions } from './external-actions.ts'
import { expectedOf, itemOf } from './item-of.ts'
import type { Wanted } from './scheduling.ts'
import { ContentSchema, ItemParams, ItemQuery, PublishBody, ScheduleBody } from './schema.ts'

interface OfItem {
  Params: { type: string; id: string }
  Querystring: ItemQuery
}

const SUMMARIES: Readonly<Record<Exclude<Act, 'publish'>, string>> = {
  unpublish: 'Take what is live away from readers',
  archive: 'Archive: not live, and nothing pending',
  restore: 'Make a draft of what is archived',
}

/** What goes live, now and later. */
export const actionRoutes = (
  app: Server,
  { service, external }: { service: ContentService; external: ExternalActions | null },
): void => {
  const config = { access: 'content:publish', takes: ['If-Match'] } as const
  const common = { tags, params: ItemParams, querystring: ItemQuery }

  app.put<OfItem & { Body: Wanted }>(
    '/v1/content/:type/:id/schedule',
    {
      config: { ...config, nullIsAbsent: true },
      schema: {
        ...common,
        summary: 'Schedule: replaces what is pending',
        body: ScheduleBody,
        response: { 200: ContentSchema, ...problems([...CHANGE_PROBLEMS, ...WHEN_PROBLEMS]) },
      },
    },
    async (request, reply) => {
      if (external?.has(request.params.type))
        return external.schedule(request.caller, itemOf(request), request.body)
      const expected = expectedOf(request.headers['if-match'])
      return answer(reply, await service.schedule(request.caller, itemOf(request), expected, request.body))
    },
  )

  app.delete<OfItem>(
    '/v1/content/:type/:id/schedule',
    {
      config,
      schema: {
        ...common,
        summary: 'Cancel what is pending, if anything is',
        response: { 200: ContentSchema, ...problems(CHANGE_PROBLEMS) },
      },
    },
    async (request, reply) => {
      if (external?.has(request.params.type)) return external.unschedule(request.caller, itemOf(request))
      const expected = expectedOf(request.headers['if-match'])
      return answer(reply, await service.unschedule(request.caller, itemOf(request), expected))
    },
  )

  app.post<OfItem & { Body: { revision?: number } }>(
    '/v1/content/:type/:id/publish',
    {
      config: { ...config, optionalBody: true, nullIsAbsent: true },
      schema: {
        ...common,
        summary: 'Publish the draft, or another revision, at once',
        body: PublishBody,
        response: { 200: ContentSchema, ...problems(CHANGE_PROBLEMS) },
      },
    },
    async (request, reply) => {
      if (external?.has(request.params.type)) return external.act(request.caller, itemOf(request), 'publish')
      const { revision = null } = request.body
      const expected = expectedOf(request.headers['if-match'])
      return answer(reply, await service.act(request.caller, itemOf(request), expected, 'publish', revision))
    },
  )

  for (const action of ['unpublish', 'archive', 'restore'] as const) {
    app.post<OfItem>(
      `/v1/content/:type/:id/${action}`,
      {
        config: { ...config, optionalBody: true },
        schema: {
          ...common,
          summary: SUMMARIES[action],
          response: { 200: ContentSchema, ...problems(CHANGE_PROBLEMS) },
        },
      },
      async (request, reply) => {
        if (action === 'unpublish' && external?.has(request.params.type))
          return external.act(request.caller, itemOf(request), action)
        const expected = expectedOf(request.headers['if-match'])
        return answer(reply, await service.act(request.caller, itemOf(request), expected, action))
      },
    )
  }
}
