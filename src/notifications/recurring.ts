import { Type } from 'typebox'
import type { ChannelRegistry } from '../channels/index.ts'
import type { Occasion, Startable, StartResult, Target } from '../delivery/index.ts'
import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import { isObject } from '../platform/merge-patch.ts'
import type { Tables } from '../platform/tables.ts'
import type { OnDuplicate } from './create.ts'
import type { Embedded } from './embedded.ts'
import { readStates } from './repository-recurring.ts'
import type { NewNotification } from './repository-insert.ts'
import type { Repository } from './repository.ts'
import type { Schemas } from './schema.ts'
import type { SecretFields } from './secret-fields.ts'

const TEXTS = ['message', 'subject', 'text', 'html', 'payload'] as const

export interface RecurringOptions {
  tables: Tables
  repository: Pick<Repository, 'insert'>
  embedded: Pick<Embedded, 'prepare' | 'schedule'>
  schemas: Schemas
  secrets: SecretFields
  channels: Pick<ChannelRegistry, 'get'>
}

const mustBeDelay = () =>
  new YeyakError('invalid-request', {
    errors: [
      {
        path: 'expiresAt',
        message: {
          en: 'must be a delay, which counts from each run: one instant cannot hold for all of them',
          ko: '실행할 때마다 그때부터 세는 지연 시간이어야 합니다. 하나의 시각은 모든 실행에 쓸 수 없습니다.',
        },
        suggestion: '{"delay":"1h"}',
      },
    ],
  })

interface Prepared {
  row: NewNotification
  onDuplicate: OnDuplicate
  index: number
}

/** Notifications as recurring schedules start them: written by the statement that every other one is written by. */
export const createRecurring = (o: RecurringOptions): Startable => {
  const { sendAt: _, ...properties } = o.schemas.create.properties
  const nameOf = ({ channel }: Target) => (typeof channel === 'string' ? channel : 'log')
  const channelOf = (target: Target) => o.channels.get(nameOf(target))

  const prepare = (by: By, target: Target, dueAt: Date) => o.embedded.prepare(by, target, dueAt)

  const startKeyed = async (tx: Database, { row, onDuplicate }: Prepared): Promise<StartResult> => {
    try {
      const { id, deduplicated } = await o.embedded.schedule(tx, { row, onDuplicate })
      return deduplicated && onDuplicate === 'ignore' ? { skipped: 'duplicate' } : { id }
    } catch (error) {
      if (!(error instanceof YeyakError) || error.status >= 500) throw error
      return { refused: error }
    }
  }

  return {
    kind: 'notification',
    item: 'notification',
    scope: 'notifications:write',
    schema: Type.Object(properties, { additionalProperties: false }),
    texts: TEXTS,

    check(by, target, dueAt) {
      const { expiresAt } = target
      if (expiresAt !== undefined && expiresAt !== null && !(isObject(expiresAt) && 'delay' in expiresAt))
        throw mustBeDelay()
      prepare(by, target, dueAt)
    },

    seal(ownerId, target, stored) {
      const channel = channelOf(target)
      return channel === undefined ? target : o.secrets.seal(channel, ownerId, target, stored)
    },
    hide: (target) => o.secrets.hide(nameOf(target), target),
    open(ownerId, target) {
      const channel = channelOf(target)
      return channel === undefined ? target : o.secrets.open(channel, ownerId, target).content
    },
    needsSealing(target) {
      const channel = channelOf(target)
      return channel !== undefined && o.secrets.needsSealing(channel, target)
    },

    async start(tx, occasions, { now }) {
      const results: StartResult[] = []
      const plain: Prepared[] = []
      const keyed: Prepared[] = []
      const prepareOne = ({ by, target, dueAt, scheduleId }: Occasion, index: number) => {
        const { row, onDuplicate } = prepare(by, target, dueAt)
        // A cancellation of its group reaches what was there before it, not what begins after.
        const prepared = { row: { ...row, scheduleId, requestedAt: now }, onDuplicate, index }
        ;(row.dedupeKey === null ? plain : keyed).push(prepared)
        results[index] = { id: row.id }
      }
      for (const [index, occasion] of occasions.entries()) {
        try {
          prepareOne(occasion, index)
        } catch (error) {
          if (!(error instanceof YeyakError)) throw error
          results[index] = { refused: error }
        }
      }
      if (plain.length > 0)
        await o.repository.insert(
          tx,
          plain.map(({ row }) => row),
        )
      for (const one of keyed) results[one.index] = await startKeyed(tx, one)
      return results
    },

    states: (db, ids) => readStates(db, o.tables, ids),
  }
}
