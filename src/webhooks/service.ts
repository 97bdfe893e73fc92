import { checkUrl, type WebhookPoster } from '../channels/index.ts'
import { differences, tell } from '../events/index.ts'
import type { Idempotency, Once } from '../http/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isId, newId } from '../platform/ids.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import type { Tables } from '../platform/tables.ts'
import type { Repository, Webhook } from './repository.ts'
import type { CreateBody, PatchBody } from './schema.ts'
import type { Secrets } from './secret.ts'
import { faultsOfTypes } from './types.ts'

export interface ServiceOptions {
  db: Database
  tables: Tables
  repository: Repository
  secrets: Secrets
  poster: Pick<WebhookPoster, 'judge'>
  once: Once
  /** There is an endpoint to deliver to from now on. */
  onEnabled(): void
}

export type Service = ReturnType<typeof createService>

/** Each event is held against all of them. */
const MOST_WEBHOOKS = 100
/** For so long the secret before a rotation signs as well. */
const OVERLAP_SECONDS = 86_400

const notFound = () => new YeyakError('not-found')
const tooMany = () =>
  new YeyakError('invalid-request', {
    detail: {
      en: `A project has at most ${MOST_WEBHOOKS} endpoints. Delete one first.`,
      ko: `프로젝트 하나에 엔드포인트를 ${MOST_WEBHOOKS}개까지 둘 수 있습니다. 먼저 하나를 삭제해야 합니다.`,
    },
  })

/** Of a URL events keep where it leads, and not its path and query: these are a password with many services. */
const hostOf = (url: string): string => new URL(url).origin

const shown = ({ url, types, description, state }: Webhook) => ({
  host: hostOf(url),
  types,
  description,
  state,
})

/** What changed, as it was and as it is; of the URL that it did. */
const difference = (before: Webhook, after: Webhook) =>
  differences(shown(before), shown(after), before.url === after.url ? [] : ['host'])

export const createService = (o: ServiceOptions) => {
  const { db, tables, repository, secrets, poster, once, onEnabled } = o
  const check = (given: { url?: string | undefined; types?: readonly string[] | undefined }) => {
    const errors = faultsOfTypes(given.types ?? [])
    if (errors.length > 0) throw new YeyakError('invalid-request', { errors })
    if (given.url !== undefined) checkUrl('url', given.url, poster.judge)
  }

  const find = async (projectId: number, id: string): Promise<Webhook> => {
    const found = isId(id) ? await repository.find(db, projectId, id) : null
    if (found === null) throw notFound()
    return found
  }

  /** Runs a change on the endpoint under its lock, with what it tells of in the same transaction. */
  const change = <Result>(
    { projectId }: By,
    id: string,
    run: (tx: Database, before: Webhook) => Promise<Result>,
  ): Promise<Result> => {
    if (!isId(id)) throw notFound()
    return db.transaction().execute(async (tx) => {
      const before = await repository.lock(tx, projectId, id)
      if (before === null) throw notFound()
      return run(tx, before)
    })
  }

  return {
    find: ({ projectId }: By, id: string): Promise<Webhook> => find(projectId, id),
    list: ({ projectId }: By, page: KeysetPage): Promise<Webhook[]> => repository.list(db, projectId, page),

    /** `secret` is null where an earlier request with this key made it. */
    async create(
      by: By,
      body: CreateBody,
      idempotency: Idempotency | null,
    ): Promise<{ webhook: Webhook; secret: string | null }> {
      const { projectId } = by
      const { made, replayed } = await once.make(
        { projectId, idempotency, find: (id) => repository.find(db, projectId, id) },
        async (commit) => {
          check(body)
          if ((await repository.count(db, projectId, MOST_WEBHOOKS)) === MOST_WEBHOOKS) throw tooMany()
          const id = newId()
          const { secret, sealed } = secrets.issue(id, body.secret)
          const { url, types, description = null } = body
          const webhook = await commit(id, async (tx) => {
            const row = await repository.insert(tx, projectId, {
              id,
              url,
              types,
              description,
              secret: sealed,
            })
            const data = { after: shown(row) }
            await tell(tx, tables, by, { type: 'webhook.created', subjectId: id, data })
            return row
          })
          return { webhook, secret }
        },
      )
      if (replayed) return { webhook: made, secret: null }
      onEnabled()
      return made
    },

    async patch(by: By, id: string, patch: PatchBody): Promise<Webhook> {
      check(patch)
      const { before, after } = await change(by, id, async (tx, found) => {
        const { url = found.url, types = found.types, description = found.description } = patch
        const { state = found.state } = patch
        const disabledReason = state === 'active' ? null : (found.disabledReason ?? 'request')
        const wanted = { ...found, url, types, description, state, disabledReason }
        const written = await repository.update(tx, found, wanted)
        const data = difference(found, written)
        if (data !== null) await tell(tx, tables, by, { type: 'webhook.updated', subjectId: id, data })
        return { before: found, after: written }
      })
      if (before.state === 'disabled' && after.state === 'active') onEnabled()
      return after
    },

    rotate: (by: By, id: string): Promise<{ webhook: Webhook; secret: string }> =>
      change(by, id, async (tx) => {
        const { secret, sealed } = secrets.issue(id, undefined)
        const webhook = await repository.rotate(tx, id, sealed, OVERLAP_SECONDS)
        const data = { previousSecretUntil: webhook.previousUntil?.toISOString() ?? null }
        await tell(tx, tables, by, { type: 'webhook.rotated', subjectId: id, data })
        return { webhook, secret }
      }),

    remove: (by: By, id: string): Promise<void> =>
      change(by, id, async (tx, found) => {
        await repository.remove(tx, id)
        await once.forget(tx, id)
        const data = { before: shown(found) }
        await tell(tx, tables, by, { type: 'webhook.deleted', subjectId: id, data })
      }),
  }
}
