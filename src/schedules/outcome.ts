import type { StartResult } from '../delivery/index.ts'
import type { YeyakError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { Cause, EventRow, Fault, NewRun, Run, Schedule } from './row.ts'

/** What a run has come to: all of it that is put on record. */
export interface Outcome extends Pick<
  NewRun,
  'state' | 'reason' | 'error' | 'itemKind' | 'itemId' | 'lateMs' | 'startedAt' | 'finishedAt'
> {}

const LONGEST_MESSAGE = 500

/** A refusal as it is put on record, with the field that it is about. */
export const faultOf = ({ code, detail, fieldErrors }: YeyakError): Fault => {
  const [first] = fieldErrors
  const message = first === undefined ? detail.en : `${first.path}: ${first.message.en}`
  return { code, message: message.slice(0, LONGEST_MESSAGE) }
}

export const outcomeOf = (
  result: Exclude<StartResult, { held: true }>,
  itemKind: string | null,
  dueAt: Date,
  now: Date,
): Outcome => {
  const nothing = { reason: null, error: null, itemKind: null, itemId: null }
  const times = { lateMs: now.getTime() - dueAt.getTime(), startedAt: now, finishedAt: now }
  if ('id' in result) return { ...nothing, ...times, state: 'started', itemKind, itemId: result.id }
  if ('skipped' in result) return { ...nothing, ...times, state: 'skipped', reason: result.skipped }
  return { ...nothing, ...times, state: 'failed', reason: 'refused', error: faultOf(result.refused) }
}

const TYPES = { started: 'schedule.run', skipped: 'schedule.skipped', failed: 'schedule.failed' } as const

/** Null of one that waits, or that nobody wants any more. */
export const eventOf = (
  run: Pick<Run, 'id' | 'projectId' | 'name' | 'occurrenceAt' | 'cause'>,
  { state, reason, error, itemKind, itemId, lateMs }: Outcome,
): EventRow | null => {
  if (state === 'pending' || state === 'canceled') return null
  return {
    ...{ projectId: run.projectId, subjectId: run.name, type: TYPES[state], actor: null },
    data: {
      ...{ runId: run.id, occurrence: run.occurrenceAt.toISOString(), cause: run.cause },
      ...(state === 'started' && { item: { kind: itemKind, id: itemId }, lateMs }),
      ...(reason !== null && { reason }),
      ...(error !== null && { error }),
    },
  }
}

/** The row of a run that has been decided at once. */
export const decidedRun = (
  schedule: Pick<Schedule, 'id' | 'projectId' | 'name'>,
  o: { occurrenceAt: Date; dueAt: Date; cause: Cause; manualKey?: string },
  outcome: Outcome,
): NewRun => ({
  ...{ id: newId(), projectId: schedule.projectId, scheduleId: schedule.id, name: schedule.name },
  ...{ occurrenceAt: o.occurrenceAt, dueAt: o.dueAt, cause: o.cause, manualKey: o.manualKey ?? '' },
  ...{ nextAt: null, attemptNo: 1, failures: 0 },
  ...outcome,
})
