import { api } from '../../api/client.ts'
import { Problem } from '../../api/problem.ts'
import type { Answer, Body } from '../../api/types.ts'
import { toInstant } from '../../i18n/zone.ts'

export type When = string | { local: string; timeZone: string }
type Publication = Answer<'/v1/publications/{id}'>
type Schedule = Body<'/v1/content/{type}/{id}/schedule', 'put'>

/** As far as it can be said here; the server decides. */
export const instantOf = (at: When): string =>
  typeof at === 'string' ? at : (toInstant(at.local, at.timeZone) ?? '')

/** Begun or over: what the server says of its state is what happened instead. */
const over = ({ state }: Publication): Problem => new Problem(409, { code: 'already-final', state })

/** Those pending for rows of the application's own tables: there are no revisions of them, and no version to hold to. */
const moveExternal = async (moved: Publication, at: When): Promise<unknown> => {
  const { type, resourceId: id, locale } = moved
  const { items } = await api.get('/v1/publications', { query: { type, id, state: 'scheduled' } })
  const timeOf = (action: string) => items.find((one) => one.action === action && one.locale === locale)
  const whenOf = (action: string) => {
    const one = timeOf(action)
    return one === undefined ? undefined : one.id === moved.id ? at : one.dueAt
  }
  const body = { publishAt: whenOf('publish'), unpublishAt: whenOf('unpublish') }
  return api.put('/v1/content/{type}/{id}/schedule', { path: { type, id }, query: { locale }, body })
}

/** A schedule is replaced as a whole, so everything else that is pending is said again as it is, for the version that was read. */
const movePublication = async (id: string, at: When): Promise<unknown> => {
  const moved = await api.get('/v1/publications/{id}', { path: { id } })
  if (moved.state !== 'scheduled') throw over(moved)
  if (moved.releaseId !== null) throw new Problem(409, { code: 'release-frozen' })
  const path = { type: moved.type, id: moved.resourceId }
  const query = { locale: moved.locale }
  const item = await api.get('/v1/content/{type}/{id}', { path, query }).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'external-model') return null
    throw error
  })
  if (item === null) return moveExternal(moved, at)
  const own = item.schedule?.publications.filter(({ releaseId }) => releaseId === null) ?? []
  if (!own.some((one) => one.id === id)) throw over({ ...moved, state: 'superseded' })
  const timeOf = (one: { id: string; dueAt: string }) => (one.id === id ? instantOf(at) : one.dueAt)
  const actions = own
    .toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)))
    .map(({ id: each, action, dueAt, revision }) => ({
      ...{ action, at: each === id ? at : dueAt },
      ...(revision !== null && { revision }),
    }))
  const body: Schedule = {
    actions,
    ...(item.schedule?.onEdit !== undefined && { onEdit: item.schedule.onEdit }),
    ...(typeof item.schedule?.maxLateSeconds === 'number' && {
      maxLateSeconds: item.schedule.maxLateSeconds,
    }),
  }
  return api.put('/v1/content/{type}/{id}/schedule', { path, query, ifMatch: item.version, body })
}

/** Gives an item another time. Rejects with a `Problem` where it was begun, ended or changed meanwhile. */
export const move = ({ kind, id }: { kind: string; id: string }, at: When): Promise<unknown> =>
  kind === 'notification'
    ? api.patch('/v1/notifications/{id}', { path: { id }, body: { sendAt: at } })
    : movePublication(id, at)
