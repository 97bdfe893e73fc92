import type { Actor } from '../platform/actor.ts'
import type { Definition } from './definition.ts'

export const SCHEDULE_STATES = ['active', 'paused', 'finished'] as const
export type ScheduleState = (typeof SCHEDULE_STATES)[number]

export const RUN_STATES = ['pending', 'started', 'skipped', 'failed', 'canceled'] as const
export type RunState = (typeof RUN_STATES)[number]

/** Why a run was made: its time came, it was made up for, a past range was asked for, or somebody wanted it at once. */
export const CAUSES = ['schedule', 'missed', 'backfill', 'manual'] as const
export type Cause = (typeof CAUSES)[number]

/** By this much a schedule's due run is planted, and by this the others. */
export const LANE = 'schedules'
export const RUN_LANE = 'schedules.runs'

export interface Schedule {
  id: string
  projectId: number
  name: string
  /** Sealed. */
  definition: Definition
  /** What a rule without a start of its own counts from. */
  anchorAt: Date
  startsAt: Date | null
  endsAt: Date | null
  state: ScheduleState
  nextOccurrence: Date | null
  nextAt: Date | null
  lastRunId: string | null
  lastRunAt: Date | null
  /** By `yeyak.config.ts`. */
  declared: boolean
  version: number
  /** Rises with its version, and with every run. */
  generation: number
  actor: Actor | null
  createdAt: Date
  updatedAt: Date
}

/** Why a run could not start what it is for. */
export interface Fault {
  code: string
  message: string
}

export interface Run {
  id: string
  projectId: number
  scheduleId: string
  /** Of the schedule. */
  name: string
  occurrenceAt: Date
  /** When it was to start: with its jitter, or when it was asked for. */
  dueAt: Date
  cause: Cause
  state: RunState
  reason: string | null
  error: Fault | null
  itemKind: string | null
  itemId: string | null
  nextAt: Date | null
  generation: number
  attemptNo: number
  failures: number
  lateMs: number | null
  startedAt: Date | null
  finishedAt: Date | null
  createdAt: Date
}

/** A run that is to be written. One that is pending has `nextAt`. */
export interface NewRun extends Pick<
  Run,
  'id' | 'projectId' | 'scheduleId' | 'name' | 'occurrenceAt' | 'dueAt' | 'cause' | 'state'
> {
  manualKey: string
  reason: string | null
  error: Fault | null
  itemKind: string | null
  itemId: string | null
  nextAt: Date | null
  attemptNo: number
  failures: number
  lateMs: number | null
  startedAt: Date | null
  finishedAt: Date | null
}

export interface EventRow {
  projectId: number
  subjectId: string
  type: string
  actor: Actor | null
  data: Readonly<Record<string, unknown>>
}

/** Of those that are not begun. */
export const pendingRun = (
  schedule: Pick<Schedule, 'id' | 'projectId' | 'name'>,
  o: Pick<NewRun, 'id' | 'occurrenceAt' | 'dueAt' | 'cause'> & Partial<NewRun> & { nextAt: Date },
): NewRun => ({
  ...{ projectId: schedule.projectId, scheduleId: schedule.id, name: schedule.name, state: 'pending' },
  ...{ manualKey: '', reason: null, error: null, itemKind: null, itemId: null, attemptNo: 0, failures: 0 },
  ...{ lateMs: null, startedAt: null, finishedAt: null },
  ...o,
})
