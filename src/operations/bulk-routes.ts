import { Type } from 'typebox'
import { languageOf, problems, type Server } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { BulkAnswer, BulkCall } from './bulk.ts'
import { BulkDone, bulkFields, OperationSchema, toAnswer } from './schema.ts'
import type { BulkSubject, Fields } from './subject.ts'

type Body = Omit<BulkCall, 'options'> & Fields

export interface BulkRouteOptions {
  bulk(subject: BulkSubject, by: By, kind: string, call: BulkCall): Promise<BulkAnswer>
}

/** `POST /v1/{subject}/{kind}`, for every kind of change that the subject has. */
export const bulkRoutes = (app: Server, subject: BulkSubject, o: BulkRouteOptions): void => {
  for (const [kind, { summary, options, problems: codes }] of Object.entries(subject.kinds)) {
    app.post<{ Body: Body }>(
      `/v1/${subject.name}/${kind}`,
      {
        config: { access: 'operate', optionalBody: true, nullIsAbsent: true },
        schema: {
          tags: [subject.name],
          summary,
          body: Type.Object({ ...bulkFields(subject.filters), ...options }, { additionalProperties: false }),
          response: {
            200: BulkDone(subject.item),
            202: OperationSchema,
            ...problems(['filter-required', ...codes]),
          },
        },
      },
      async (request, reply) => {
        const { filter, all, dryRun, ratePerSecond, ...given } = request.body
        const call = { filter, all, dryRun, ratePerSecond, options: given }
        const answer = await o.bulk(subject, request.caller, kind, call)
        if ('id' in answer) reply.code(202).header('location', `/v1/operations/${answer.id}`)
        return toAnswer(answer, languageOf(request.headers['accept-language']))
      },
    )
  }
}
