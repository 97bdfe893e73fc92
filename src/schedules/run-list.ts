import { type Static, Type } from 'typebox'
import {
  ANY_OF,
  commaList,
  deadLetterFilter,
  defineList,
  instantFilter,
  keysetOf,
  problems,
  rangeFilter,
  type Server,
  textFilter,
} from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { isId } from '../platform/ids.ts'
import type { createRunList, RunFilters } from './repository-run-list.ts'
import type { Resources } from './resource.ts'
import { RUN_STATES } from './row.ts'
import { listOf, LONGEST_NAME, RunSchema } from './schema.ts'

/** The filters of the list, which those of bulk calls are too. */
export const filters = {
  scheduleId: textFilter(LONGEST_NAME, 'The name of its schedule.'),
  state: textFilter(200, `${ANY_OF} ${RUN_STATES.join(', ')}`),
  dueFrom: rangeFilter,
  dueTo: rangeFilter,
  error: deadLetterFilter,
  provider: deadLetterFilter,
}

const filterFields = Type.Object(filters)

/** Filters as given → as the statements take them. Throws `invalid-parameter` for values that no schema can refuse. */
export const parseFilters = (given: Static<typeof filterFields>): RunFilters => ({
  scheduleId: given.scheduleId,
  states: commaList('state', given.state, RUN_STATES),
  dueFrom: instantFilter('dueFrom', given.dueFrom),
  dueTo: instantFilter('dueTo', given.dueTo),
  error: given.error,
  provider: given.provider,
})

const list = defineList({ filters, sorts: { dueAt: 'instant' }, defaultSort: '-dueAt', isId })

export interface RunListOptions {
  db: Database
  runs: Pick<ReturnType<typeof createRunList>, 'list'>
  resources: Pick<Resources, 'runs'>
}

/** Runs of all schedules. */
export const runListRoutes = (app: Server, { db, runs, resources }: RunListOptions): void => {
  app.get(
    '/v1/schedule-runs',
    {
      config: { access: 'schedules:read' },
      schema: {
        tags: ['schedule-runs'],
        summary: 'List the runs of schedules, the last due first',
        querystring: list.querystring,
        response: { 200: listOf(RunSchema), ...problems(['invalid-cursor']) },
      },
    },
    async ({ query, caller: { projectId } }) => {
      const page = keysetOf(list.page(query))
      const { rows, end } = await runs.list(db, projectId, parseFilters(query), page)
      const items = await resources.runs(rows)
      return list.answer(query, items, (last) => ({ key: last.dueAt, id: last.id }), end ?? false)
    },
  )
}
