import { type FieldError, YeyakError } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'
import { unknownModel } from './types.ts'

/** What callbacks get: the application's own open transaction, of type `X`, and what is to happen in it. */
export interface ExternalContext<X = unknown> {
  tx: X
  id: string
  locale: string
  /** Rows of other tables have no revisions. */
  revision: number | null
  dueAt: Date
}

export type RowStatus = 'draft' | 'scheduled' | 'published' | 'archived'

/** The columns of a table that is not ours, by what they hold. What is left out is not written. */
export interface Mapping {
  /** `posts`, or `schema.posts`. */
  table: string
  /** `id` where left out. */
  id?: string
  status?: string
  publishAt?: string
  unpublishAt?: string
  publishedAt?: string
  version?: string
  /** What the statuses are called there; as here where left out. */
  values?: Partial<Record<RowStatus, string>>
  /** Installs a trigger that cancels what is pending for rows that are deleted, by whomever. */
  cancelOnDelete?: boolean
}

export interface Callbacks<X = unknown> {
  /** Null, or nothing, where the row is gone. To be safe from others it locks the row (`for update`). */
  load(context: ExternalContext<X>): Promise<unknown>
  publish(context: ExternalContext<X>): Promise<void>
  unpublish?(context: ExternalContext<X>): Promise<void>
}

/** A kind of rows that the application owns, and that go live here: by a table's columns, or by its own code. */
export type ExternalModel<X = unknown> = { validate?(context: ExternalContext<X>): void | Promise<void> } & (
  | Mapping
  | Callbacks<X>
)

export type ExternalModels = Readonly<Record<string, ExternalModel>>

export const isMapping = (model: ExternalModel): model is ExternalModel & Mapping => 'table' in model

/** Not the lane of a content type of the same name, whose workers know nothing of the application's tables. */
export const laneOfModel = (model: string): string => `publishing.${model}.rows`

export const COLUMN_MEMBERS = ['id', 'status', 'publishAt', 'unpublishAt', 'publishedAt', 'version'] as const
export type ColumnMember = (typeof COLUMN_MEMBERS)[number]

export const STATUSES = ['draft', 'scheduled', 'published', 'archived'] as const satisfies RowStatus[]

const MAPPING_MEMBERS = [...COLUMN_MEMBERS, 'table', 'values', 'cancelOnDelete', 'validate'] as const
const CALLBACK_MEMBERS = ['load', 'publish', 'unpublish', 'validate'] as const
const NAME = /^[a-z][a-z0-9_-]{0,49}$/iu

export const fault = (path: string, en: string, ko: string, suggestion?: string): FieldError => ({
  path,
  message: { en, ko },
  ...(suggestion !== undefined && { suggestion }),
})

/** Options that there are not, each with the one that was probably meant. */
export const strangers = (given: object, known: readonly string[], at: string): FieldError[] =>
  Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) =>
      fault(`${at}${name}`, 'there is no such option', '그런 옵션은 없습니다.', suggest(name, known)),
    )

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value)

const mistyped = (given: object, wanted: string, names: readonly string[], at: string): FieldError[] =>
  names.flatMap((name) => {
    const value: unknown = Reflect.get(given, name)
    if (value === undefined || kindOf(value) === wanted) return []
    return [fault(at + name, `must be a ${wanted}`, `${wanted}이어야 합니다.`)]
  })

const faultsOf = (name: string, model: unknown): FieldError[] => {
  const path = `models.${name}`
  const at = `${path}.`
  // Releases have a lane of that name.
  if (!NAME.test(name) || name === 'release')
    return [
      fault(
        path,
        'is no name for a model: 1 to 50 letters, digits, _ and -, a letter first; not "release"',
        '모델 이름으로 쓸 수 없습니다. 영문자로 시작하는 1~50자의 영문자, 숫자, _, -만 쓸 수 있고 "release"는 안 됩니다.',
      ),
    ]
  if (typeof model !== 'object' || model === null)
    return [fault(path, 'must be an object', '객체여야 합니다.')]
  if ('load' in model || 'publish' in model) {
    const missing = (['load', 'publish'] as const).filter((member) => !(member in model))
    return [
      ...missing.map((member) => fault(at + member, 'is missing', '누락되었습니다.')),
      ...strangers(model, CALLBACK_MEMBERS, at),
      ...mistyped(model, 'function', CALLBACK_MEMBERS, at),
    ]
  }
  if (!('table' in model))
    return [
      fault(path, 'needs table, or load and publish', 'table이 있거나, load와 publish가 있어야 합니다.'),
    ]
  const values: unknown = 'values' in model ? model.values : undefined
  return [
    ...strangers(model, MAPPING_MEMBERS, at),
    ...mistyped(model, 'string', ['table', ...COLUMN_MEMBERS], at),
    ...mistyped(model, 'function', ['validate'], at),
    ...mistyped(model, 'boolean', ['cancelOnDelete'], at),
    ...mistyped(model, 'object', ['values'], at),
    ...(typeof values === 'object' && values !== null
      ? [
          ...strangers(values, STATUSES, `${at}values.`),
          ...mistyped(values, 'string', STATUSES, `${at}values.`),
        ]
      : []),
  ]
}

/** Asks no database. Throws `invalid-request`, with every fault by its path below `models.`. */
export const checkModels = (models: Readonly<Record<string, unknown>>): void => {
  const errors = Object.entries(models).flatMap(([name, model]) => faultsOf(name, model))
  if (errors.length > 0) throw new YeyakError('invalid-request', { errors })
}

/** Throws `unknown-model`, as `Unknown model: x`. */
export const modelNamed = (models: ExternalModels, name: string): ExternalModel => {
  const model = Object.hasOwn(models, name) ? models[name] : undefined
  if (model === undefined) throw unknownModel(name, Object.keys(models))
  return model
}
