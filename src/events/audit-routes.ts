import {
  ALL_SCOPES,
  commaList,
  defineList,
  instantFilter,
  invalidParameter,
  problems,
  type Server,
} from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { filterFor } from './filter.ts'
import { ALL_KINDS, type Kind } from './kinds.ts'
import { parsePosition } from './position.ts'
import type { AuditFilter, AuditRepository } from './repository-audit.ts'
import { AuditList, feedFilters, TextFilter, toAudit } from './schema.ts'

const EVERY_SCOPE = new Set(ALL_SCOPES)
const ACTOR_KINDS = ['key', 'user', 'anonymous', 'queue', 'operator'] as const

const INSTANT = 'An instant with Z or an offset (+ as %2B). from is included, to is not.'

const list = defineList({
  filters: {
    type: feedFilters.type,
    subject: feedFilters.subject,
    kind: TextFilter(300, 'A comma list of what the events are about.'),
    actor: TextFilter(300, `Who did it: ${ACTOR_KINDS.join(', ')}, kind:id or an id.`),
    from: TextFilter(40, INSTANT),
    to: TextFilter(40, INSTANT),
  },
  sorts: { at: 'instant' },
  defaultSort: '-at',
  isId: (id) => parsePosition(id) !== null,
})

/** `user`, `user:0199…` or the id alone. */
const actorOf = (given: string | undefined) => {
  if (given === undefined) return { actorKind: undefined, actorId: undefined }
  const end = given.indexOf(':')
  const kind = ACTOR_KINDS.find((name) => name === (end === -1 ? given : given.slice(0, end)))
  if (kind === undefined) return { actorKind: undefined, actorId: given }
  return { actorKind: kind, actorId: end === -1 ? undefined : given.slice(end + 1) }
}

const CREATES = {
  en: 'notification.created is found here with a subject only: use GET /v1/events, or name the notification',
  ko: 'notification.created는 여기서 subject와 함께만 찾을 수 있습니다. GET /v1/events를 쓰거나 알림을 지정해야 합니다.',
}

/** `/v1/audit`: who did what, from where, and what it was before. */
export const auditRoutes = (app: Server, o: { db: Database; audit: AuditRepository }): void => {
  app.get(
    '/v1/audit',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['events'],
        summary: 'List what people, keys and commands did, newest first',
        description:
          'Who scheduled a notification is told where `subject` names it. A page may have fewer items than `limit` while there is more: see `nextCursor`.',
        querystring: list.querystring,
        response: { 200: AuditList, ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller }) => {
      const { limit, sort, after } = list.page(query)
      // Whoever may see the audit trail sees all of it.
      const base = filterFor({ projectId: caller.projectId, scopes: EVERY_SCOPE }, query)
      if (base.subjectId === undefined && base.only?.types.includes('notification.created') === true)
        throw invalidParameter('type', CREATES)
      const kinds = commaList<Kind>('kind', query.kind, ALL_KINDS)
      const filter: AuditFilter = {
        ...base,
        kinds:
          kinds === undefined ? base.kinds : base.kinds.filter((kind) => kinds.some((one) => one === kind)),
        ...actorOf(query.actor),
        from: instantFilter('from', query.from),
        to: instantFilter('to', query.to),
      }
      const position = after === null ? null : parsePosition(after.id)
      const { events, cut } = await o.audit.page(o.db, filter, {
        after: after === null || position === null ? null : { at: new Date(String(after.key)), position },
        descending: sort.descending,
        limit: limit + 1,
      })
      return list.answer(
        query,
        events.map(toAudit),
        (event) => ({ key: event.at, id: event.id }),
        cut !== null && { key: cut.at.toISOString(), id: String(cut.position) },
      )
    },
  )
}
