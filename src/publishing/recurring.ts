import { type Static, Type } from 'typebox'
import type { Occasion, Startable, StartResult } from '../delivery/index.ts'
import { YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Tables } from '../platform/tables.ts'
import { placeOf } from './plan.ts'
import { createPublications, type NewPublication } from './repository-publications.ts'
import { createRecurringRepository, type Place } from './repository-recurring.ts'
import { settle, tell } from './repository-settle.ts'
import { ID_PATTERN, LOCALE_PATTERN, LONGEST_ID, LONGEST_LOCALE } from './schema.ts'
import { eventOf, shown } from './scheduling.ts'
import { type ContentTypes, laneOfType, unknownModel } from './types.ts'

const TargetSchema = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 50 }),
    id: Type.String({ pattern: ID_PATTERN, maxLength: LONGEST_ID }),
    locale: Type.Optional(Type.String({ pattern: LOCALE_PATTERN, maxLength: LONGEST_LOCALE })),
  },
  { additionalProperties: false },
)

const identityOf = (target: Static<typeof TargetSchema>) => ({ ...target, locale: target.locale ?? '' })

/**
 * Going live, or ceasing to be, again and again. A run plants a publication that is due at once, so that what happens to
 * content goes the one way: with its retries, its record and its dead letters. It publishes the draft as it is then.
 */
export const createRecurring = (
  action: 'publish' | 'unpublish',
  { tables, types }: { tables: Tables; types: ContentTypes },
): Startable => {
  const repository = createRecurringRepository(tables)
  const publications = createPublications(tables)

  const placeFor = ({ by, target, dueAt }: Occasion): Place => ({
    ...identityOf(target as Static<typeof TargetSchema>),
    ...{ projectId: by.projectId, dueAt },
  })

  return {
    kind: action,
    item: 'publication',
    scope: 'content:publish',
    schema: TargetSchema,
    texts: [],
    check: (_, target) => void types.require(String(target['type'])),
    seal: (_, target) => target,
    hide: (target) => target,
    open: (_, target) => target,
    needsSealing: () => false,

    async start(tx, occasions, { alone }) {
      const places = occasions.map(placeFor)
      const items = await repository.lockItems(tx, places, !alone)
      const byPlace = new Map(items.map((item) => [placeOf(item), item]))
      const standing = await repository.standing(tx, places)
      const rows: NewPublication[] = []
      const taken = new Set<string>()
      const results = occasions.map(({ by }, i): StartResult => {
        const place = places[i]
        const item = place && byPlace.get(placeOf(place))
        if (place === undefined || item === undefined)
          return standing[i]?.isThere === true ? { held: true } : { refused: new YeyakError('not-found') }
        if (types.get(item.type) === undefined) return { refused: unknownModel(item.type) }
        const moment = `${item.key} ${place.dueAt.getTime()}`
        if (standing[i]?.isPending === true || taken.has(moment)) return { skipped: 'planned_already' }
        taken.add(moment)
        const id = newId()
        rows.push({
          ...{ id, projectId: item.projectId, type: item.type, resourceId: item.id, contentKey: item.key },
          ...{ locale: item.locale, lane: laneOfType(item.type), action, revision: null, given: null },
          ...{ onEdit: 'follow', dueAt: place.dueAt, maxLateSeconds: null, releaseId: null, actor: by.actor },
        })
        return { id }
      })
      if (rows.length === 0) return results
      await publications.insert(tx, rows)
      const keys = [...new Set(rows.map((row) => row.contentKey))]
      await settle(
        tx,
        tables,
        keys.map((key) => ({ key })),
      )
      const events = rows.flatMap((row) => {
        const item = items.find(({ key }) => key === row.contentKey)
        const data = { before: [], after: [shown(row)] }
        return item === undefined
          ? []
          : [{ ...eventOf(item), type: 'content.scheduled', actor: row.actor, data }]
      })
      await tell(tx, tables, events)
      return results
    },

    states: repository.states,
  }
}
