import { type FieldError, YeyakError } from '../platform/errors.ts'
import { resolveWhen } from '../timers/index.ts'
import type { Content } from './content-row.ts'
import type { Action } from './repository-publications.ts'
import type { EditPolicy } from './types.ts'

/** What is to become of an item when, as callers write it: one publish and its end, or up to 20 actions in their order. */
export interface Wanted {
  publishAt?: unknown
  unpublishAt?: unknown
  /** The draft's where left out. */
  revision?: number
  onEdit?: EditPolicy
  maxLateSeconds?: number
  actions?: readonly { action: Action; at: unknown; revision?: number }[]
}

export const MOST_ACTIONS = 20

export interface Step {
  action: Action
  given: unknown
  at: Date
  revision: number | null
  /** Of its revision and its time, for errors. */
  path: { revision: string; at: string }
}

export const fault = (path: string, en: string, ko: string): YeyakError => {
  const errors: FieldError[] = [{ path, message: { en, ko } }]
  return new YeyakError('invalid-request', { errors })
}

/** `path`: of the revision that was asked for. */
export const noRevision = (path: string, number: number, { draftRevision }: Content): YeyakError =>
  fault(
    path,
    `there is no revision ${number}; the draft is revision ${draftRevision}`,
    `리비전 ${number}이(가) 없습니다. 초안은 리비전 ${draftRevision}입니다.`,
  )

/** The times of `wanted`, resolved by the database's clock. `at`: where it stands in the body. */
export const stepsOf = (wanted: Wanted, now: Date, at: string): Step[] => {
  const resolve = (given: unknown, path: string) => resolveWhen(given, { path, now, past: 'refuse' }).at
  if (wanted.actions !== undefined) {
    const single = wanted.publishAt ?? wanted.unpublishAt ?? wanted.revision ?? null
    if (single !== null)
      throw fault(
        `${at}actions`,
        'cannot stand beside publishAt, unpublishAt and revision: say it all in actions',
        'publishAt, unpublishAt, revision과 함께 쓸 수 없습니다. 모두 actions에 적어야 합니다.',
      )
    return wanted.actions.map((step, i) => ({
      ...{ action: step.action, given: step.at, revision: step.revision ?? null },
      at: resolve(step.at, `${at}actions[${i}].at`),
      path: { revision: `${at}actions[${i}].revision`, at: `${at}actions[${i}].at` },
    }))
  }
  const one = (action: Action, given: unknown, field: string): Step[] =>
    given === undefined || given === null
      ? []
      : [
          {
            ...{ action, given, at: resolve(given, at + field) },
            revision: action === 'publish' ? (wanted.revision ?? null) : null,
            path: { revision: `${at}revision`, at: at + field },
          },
        ]
  return [
    ...one('publish', wanted.publishAt, 'publishAt'),
    ...one('unpublish', wanted.unpublishAt, 'unpublishAt'),
  ]
}

/** Refuses what cannot happen in this order. */
export const checkOrder = (item: Content, steps: readonly Step[], at: string): void => {
  const [first] = steps
  if (first === undefined)
    throw fault(
      `${at}publishAt`,
      'is missing: say when with publishAt, unpublishAt or actions',
      '누락되었습니다. publishAt, unpublishAt 또는 actions로 시각을 지정해야 합니다.',
    )
  if (first.action === 'unpublish' && item.liveRevision === null)
    throw fault(
      first.path.at,
      'comes without a publish before it, and nothing is live',
      '게시된 것이 없고 이보다 앞선 게시 예약도 없습니다.',
    )
  for (const [i, step] of steps.entries()) {
    const before = steps[i - 1]
    if (before !== undefined && step.at.getTime() <= before.at.getTime())
      throw fault(
        step.path.at,
        `must be later than what comes before it (${before.at.toISOString()})`,
        `앞의 시각(${before.at.toISOString()})보다 뒤여야 합니다.`,
      )
  }
}
