import type { By } from '../platform/actor.ts'
import type { Database } from '../platform/database.ts'
import { sqlStateOf } from '../platform/sql-state.ts'
import { YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { resolveWhen } from '../timers/index.ts'
import {
  type ExternalContext,
  type ExternalModel,
  type ExternalModels,
  fault,
  isMapping,
  laneOfModel,
  modelNamed,
} from './external-model.ts'
import type { ExternalTable } from './external-table.ts'
import { isLocale } from './item-of.ts'
import type { createExternalRepository, OfRow, WantedRow } from './repository-external.ts'
import { lockRow } from './repository-external-row.ts'
import { fault as refusal } from './scheduling-steps.ts'
import { LONGEST_ID, MOST_LATE_SECONDS } from './schema.ts'

/** A row of the application's, as it is named in calls. */
export interface ExternalRow {
  model: string
  id: string
  locale?: string | undefined
}

export interface ExternalWanted extends ExternalRow {
  publishAt?: unknown
  unpublishAt?: unknown
  maxLateSeconds?: number | undefined
}

export interface ExternalItem {
  id: string
  state: string
  dueAt: Date
}

/** The transaction that is written in, as ours and as the application's own. */
export interface Open {
  db: Database
  tx: unknown
}

/** What PostgreSQL says where a text is no id of the table's type: bad syntax, out of range, a domain's check. */
const NO_ID = new Set(['22P02', '22003', '22007', '22008', '23514'])

const refuseOption = (path: string) => refusal(path, 'is not valid', '올바르지 않습니다.')

const checkRow = ({ id, locale = '' }: ExternalRow): void => {
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID || id.includes('\0'))
    throw refusal(
      'id',
      `must be a string of 1 to ${LONGEST_ID} characters`,
      `1~${LONGEST_ID}자의 문자열이어야 합니다.`,
    )
  if (typeof locale !== 'string' || !isLocale(locale)) throw refuseOption('locale')
}

const contextOf = ({ tx }: Open, { id, locale = '' }: ExternalRow, dueAt: Date): ExternalContext => ({
  ...{ tx, id, locale, revision: null, dueAt },
})

/** What `load` says of a row that is not there. */
export const isGone = (loaded: unknown): boolean => loaded === null || loaded === undefined

const stepsOf = (model: ExternalModel, wanted: ExternalWanted, now: Date): WantedRow[] => {
  const { publishAt, unpublishAt, maxLateSeconds = null } = wanted
  if (maxLateSeconds !== null && !(maxLateSeconds >= 0 && maxLateSeconds <= MOST_LATE_SECONDS))
    throw refuseOption('maxLateSeconds')
  const one = (action: WantedRow['action'], given: unknown): WantedRow[] => {
    if (given === undefined || given === null) return []
    const due = resolveWhen(given, { path: `${action}At`, now, past: 'refuse' }).at
    return [{ id: newId(), action, due, given, maxLateSeconds }]
  }
  const steps = [...one('publish', publishAt), ...one('unpublish', unpublishAt)]
  const [first, second] = steps
  if (first === undefined)
    throw refusal(
      'publishAt',
      'is missing: say when with publishAt or unpublishAt',
      '누락되었습니다. publishAt 또는 unpublishAt으로 시각을 지정해야 합니다.',
    )
  if (second !== undefined && second.due.getTime() <= first.due.getTime())
    throw refusal(
      'unpublishAt',
      `must be later than publishAt (${first.due.toISOString()})`,
      `publishAt(${first.due.toISOString()})보다 뒤여야 합니다.`,
    )
  if (steps.at(-1)?.action === 'unpublish' && !isMapping(model) && model.unpublish === undefined)
    throw refusal('unpublishAt', 'needs unpublish in the model', '모델에 unpublish가 있어야 합니다.')
  return steps
}

export interface ExternalSchedulingOptions {
  models: ExternalModels
  repository: ReturnType<typeof createExternalRepository>
  /** Null for a model of callbacks. */
  tableOf(model: string): Promise<ExternalTable | null>
  /** Where the alarms listen. */
  channel: string
}

/** What applications do with their rows, in their own transactions. The row is locked first, then its publications. */
export const createExternalScheduling = ({
  models,
  repository,
  tableOf,
  channel,
}: ExternalSchedulingOptions) => {
  const rowOf = (by: By, { model, id, locale = '' }: ExternalRow): OfRow => ({
    ...{ projectId: by.projectId, model, id, locale, lane: laneOfModel(model), actor: by.actor },
  })

  /** A text that is no id of that table names no row of it. */
  const asked = async <Answer>(ask: Promise<Answer | null>): Promise<Answer> => {
    const answer = await ask.catch((error: unknown) => {
      if (NO_ID.has(sqlStateOf(error) ?? '')) throw new YeyakError('not-found', { cause: error })
      throw error
    })
    if (answer === null) throw new YeyakError('not-found')
    return answer
  }

  const seen = async (model: ExternalModel, open: Open, row: ExternalRow, dueAt: Date): Promise<void> => {
    if (!isMapping(model) && isGone(await model.load(contextOf(open, row, dueAt))))
      throw new YeyakError('not-found')
  }

  return {
    /** Refuses what is wrong before anything is written. The catalog is asked once a model. */
    async prepareSchedule(by: By, wanted: ExternalWanted, now: Date) {
      const model = modelNamed(models, wanted.model)
      checkRow(wanted)
      const steps = stepsOf(model, wanted, now)
      const table = await tableOf(wanted.model)

      return async (open: Open): Promise<ExternalItem[]> => {
        await seen(model, open, wanted, steps[0]?.due ?? now)
        const answer = await asked(repository.schedule(open.db, table, rowOf(by, wanted), steps, channel))
        if (answer.late !== null)
          throw new YeyakError('publish-at-not-future', {
            errors: [
              fault(
                `${answer.late}At`,
                `${answer.late}At must be in the future.`,
                `${answer.late}At은 미래 시각이어야 합니다.`,
              ),
            ],
          })
        if (answer.notLive)
          throw refusal(
            'unpublishAt',
            'comes without a publish before it, and nothing is live',
            '게시된 것이 없고 이보다 앞선 게시 예약도 없습니다.',
          )
        return steps.map(({ id, due }) => ({ id, state: 'scheduled', dueAt: due }))
      }
    },

    async prepareCancel(by: By, row: ExternalRow) {
      modelNamed(models, row.model)
      checkRow(row)
      const table = await tableOf(row.model)

      return async (
        open: Open,
      ): Promise<{ outcome: 'canceled' | 'too_late' | 'already_final'; state: string }> => {
        const { canceled, last } = await asked(repository.cancel(open.db, table, rowOf(by, row)))
        if (canceled > 0 || last === 'canceled') return { outcome: 'canceled', state: 'canceled' }
        if (last === null) throw new YeyakError('not-found')
        return { outcome: 'already_final', state: last }
      }
    },

    /** At once; leaves nothing pending. */
    async prepareAct(by: By, row: ExternalRow, action: 'publish' | 'unpublish', now: Date) {
      const model = modelNamed(models, row.model)
      checkRow(row)
      const table = await tableOf(row.model)
      const publicationId = newId()

      return async (open: Open): Promise<ExternalItem> => {
        await seen(model, open, row, now)
        if (action === 'publish' && model.validate !== undefined) {
          if (table !== null) await asked(lockRow(open.db, table, row.id))
          await model.validate(contextOf(open, row, now))
        }
        const { atMs } = await asked(repository.act(open.db, table, rowOf(by, row), action, publicationId))
        const dueAt = new Date(atMs)
        if (!isMapping(model)) {
          if (action === 'publish') await model.publish(contextOf(open, row, dueAt))
          else await model.unpublish?.(contextOf(open, row, dueAt))
        }
        return { id: publicationId, state: 'succeeded', dueAt }
      }
    },
  }
}
