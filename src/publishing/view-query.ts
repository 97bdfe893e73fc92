import { Type } from 'typebox'
import { instantFilter } from '../http/index.ts'
import type { Clock } from '../platform/clock.ts'
import { YeyakError } from '../platform/errors.ts'
import type { View } from './repository-view.ts'
import { ItemQuery } from './schema.ts'

export const viewFilters = {
  view: Type.Optional(
    Type.Enum(['draft', 'live'], {
      type: 'string',
      description: 'draft where left out: also what nobody sees yet.',
    }),
  ),
  asOf: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 40,
      description: 'What readers will see at an instant to come, if everything that is pending goes well.',
    }),
  ),
}

export const ViewQuery = Type.Object(
  { ...ItemQuery.properties, ...viewFilters },
  { additionalProperties: false },
)

export type Viewing = { view?: 'draft' | 'live'; asOf?: string }

/** Callers' clocks differ from the database's by so much, as everywhere. */
const GRACE_MS = 60_000

export const refused = (path: string, en: string, ko: string) =>
  new YeyakError('invalid-parameter', { errors: [{ path, message: { en, ko } }] })

/** Throws `invalid-parameter` for an instant that is past, and for what goes not together. */
export const viewOf = async (clock: Pick<Clock, 'now'>, { view, asOf }: Viewing): Promise<View> => {
  const at = instantFilter('asOf', asOf)
  if (at === undefined) return view ?? 'draft'
  if (view === 'draft')
    throw refused(
      'view',
      'is draft, and asOf tells what readers will see: leave out one of them',
      'asOf는 독자가 보게 될 내용을 알려 주므로 draft와 함께 쓸 수 없습니다. 둘 중 하나를 빼야 합니다.',
    )
  const now = await clock.now()
  if (at.getTime() < now.getTime() - GRACE_MS)
    throw refused(
      'asOf',
      `must not be in the past: the server's clock says ${now.toISOString()}`,
      `과거일 수 없습니다. 서버의 현재 시각은 ${now.toISOString()}입니다.`,
    )
  return at < now ? now : at
}
