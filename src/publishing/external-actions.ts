import type { Server } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { YeyakError } from '../platform/errors.ts'
import type { External } from './external.ts'
import { fault } from './external-model.ts'
import type { ExternalItem } from './external-scheduling.ts'
import type { Wanted } from './scheduling.ts'
import type { Identity } from './types.ts'

/** What rows that are not ours have no use for: there are no revisions of them, and no drafts. */
const OF_CONTENT_ONLY = ['revision', 'onEdit', 'actions'] as const

const rowOf = ({ type, id, locale }: Identity) => {
  // What no item can be called is not looked for.
  if (id === '') throw new YeyakError('not-found')
  return { model: type, id, locale }
}

const shown = ({ type, id, locale }: Identity, items: readonly ExternalItem[]) => ({
  ...{ type, id, locale, external: true },
  publications: items.map((item) => ({ ...item, dueAt: item.dueAt.toISOString() })),
})

/** What the API does with rows in tables of the application's own: they are scheduled and published, and nothing else. */
export const createExternalActions = ({
  external,
  clock,
}: {
  external: External
  clock: Pick<Clock, 'now'>
}) => ({
  has: external.has,

  async schedule(by: By, item: Identity, wanted: Wanted) {
    const strange = OF_CONTENT_ONLY.filter((name) => wanted[name] !== undefined)
    if (strange.length > 0)
      throw new YeyakError('external-model', {
        errors: strange.map((name) =>
          fault(
            name,
            'is of content that Yeyak holds itself',
            'Yeyak이 직접 보관하는 콘텐츠에만 쓸 수 있습니다.',
          ),
        ),
      })
    const { publishAt, unpublishAt, maxLateSeconds } = wanted
    const asked = { ...rowOf(item), publishAt, unpublishAt, maxLateSeconds }
    const work = await external.prepareSchedule(by, asked, await clock.now())
    return shown(item, await external.transaction(work))
  },

  async unschedule(by: By, item: Identity) {
    const work = await external.prepareCancel(by, rowOf(item))
    await external.transaction(work).catch((error: unknown) => {
      // Nothing is pending, as was asked for.
      if (!(error instanceof YeyakError) || error.code !== 'not-found') throw error
    })
    return shown(item, [])
  },

  async act(by: By, item: Identity, action: 'publish' | 'unpublish') {
    const work = await external.prepareAct(by, rowOf(item), action, await clock.now())
    return shown(item, [await external.transaction(work)])
  },
})

export type ExternalActions = ReturnType<typeof createExternalActions>

const ANSWERED = new Set([
  ...['PUT /v1/content/:type/:id/schedule', 'DELETE /v1/content/:type/:id/schedule'],
  ...['POST /v1/content/:type/:id/publish', 'POST /v1/content/:type/:id/unpublish'],
])

/** Before headers and bodies are looked at: they would be those of content. */
export const refuseRest = (app: Server, { has }: Pick<ExternalActions, 'has'>): void => {
  app.addHook<{ Params: { type?: string } }>('preValidation', async ({ method, routeOptions, params }) => {
    const { url = '' } = routeOptions
    if (!url.startsWith('/v1/content/:type') || ANSWERED.has(`${method} ${url}`)) return
    if (params.type !== undefined && has(params.type)) throw new YeyakError('external-model')
  })
}
