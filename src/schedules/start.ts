import type { Occasion, Startable, StartResult } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Compile } from './compiled.ts'
import type { DueRepository } from './repository-due.ts'
import type { Occurrence } from './rule.ts'
import type { Run, Schedule } from './row.ts'
import type { Turn } from './walk.ts'

/** One run that is to begin. */
export interface Beginning {
  schedule: Schedule
  occurrence: Pick<Occurrence, 'at' | 'local'>
  /** Of what it starts. */
  dueAt: Date
  /** Whether it waits for its turn where the schedule takes one run at a time. */
  isSerial: boolean
}

export interface Begun {
  result: StartResult
  /** What it has started, as answers name it. */
  item: string | null
}

export const RUNNING = 'still_running'

export interface StarterOptions {
  kinds: ReadonlyMap<string, Startable>
  compile: Compile
  repository: Pick<DueRepository, 'runs'>
}

export type Starter = ReturnType<typeof createStarter>

/** Begins runs, of schedules that the caller has locked where they take one at a time. */
export const createStarter = ({ kinds, compile, repository }: StarterOptions) => {
  const byItem = new Map([...kinds.values()].map((kind) => [kind.item, kind]))

  /** Of these last runs, those whose item is not final. */
  const unfinished = async (tx: Database, runs: readonly Run[]): Promise<Set<string>> => {
    const open = new Set(runs.filter(({ state }) => state === 'pending').map(({ id }) => id))
    const started = runs.filter(({ state, itemId }) => state === 'started' && itemId !== null)
    for (const [item, ofItem] of Map.groupBy(started, ({ itemKind }) => itemKind ?? '')) {
      const states = await byItem.get(item)?.states(
        tx,
        ofItem.flatMap(({ itemId }) => itemId ?? []),
      )
      for (const { id, itemId } of ofItem) if (states?.get(itemId ?? '')?.isFinal === false) open.add(id)
    }
    return open
  }

  const occasionOf = ({ schedule, occurrence, dueAt }: Beginning): Occasion => ({
    by: { projectId: schedule.projectId, actor: { kind: 'schedule', id: schedule.name } },
    scheduleId: schedule.name,
    target: compile(schedule).fill(occurrence),
    dueAt,
  })

  /** Results in the order of `beginnings`. Of one schedule that takes one at a time the first is begun, and the others are not. */
  return async (
    tx: Database,
    beginnings: readonly Beginning[],
    o: { now: Date; alone: boolean; turn: Turn },
  ): Promise<Begun[]> => {
    const serial = beginnings.filter(
      ({ isSerial, schedule }) => isSerial && schedule.definition.concurrent === 'skip',
    )
    const lastIds = serial.flatMap(({ schedule }) => schedule.lastRunId ?? [])
    const open =
      lastIds.length === 0 ? new Set<string>() : await unfinished(tx, await repository.runs(tx, lastIds))
    const busy = new Set(
      serial.filter(({ schedule }) => open.has(schedule.lastRunId ?? '')).map(({ schedule }) => schedule.id),
    )
    const begun: Begun[] = []
    const byKind = new Map<Startable, { index: number; occasion: Occasion }[]>()
    for (const [index, beginning] of beginnings.entries()) {
      const { schedule } = beginning
      await o.turn()
      if (serial.includes(beginning) && busy.has(schedule.id)) {
        begun[index] = { result: { skipped: RUNNING }, item: null }
        continue
      }
      try {
        const { startable } = compile(schedule)
        if (startable === null) throw new YeyakError('invalid-request', { detail: UNKNOWN_KIND })
        const ofKind = byKind.get(startable) ?? []
        ofKind.push({ index, occasion: occasionOf(beginning) })
        byKind.set(startable, ofKind)
        if (serial.includes(beginning)) busy.add(schedule.id)
      } catch (error) {
        if (!(error instanceof YeyakError)) throw error
        begun[index] = { result: { refused: error }, item: null }
      }
    }
    for (const [kind, ofKind] of byKind) {
      const occasions = ofKind.map(({ occasion }) => occasion)
      const results = await kind.start(tx, occasions, { now: o.now, alone: o.alone })
      for (const [i, { index }] of ofKind.entries()) {
        const result = results[i]
        if (result !== undefined) begun[index] = { result, item: kind.item }
      }
    }
    return begun
  }
}

const UNKNOWN_KIND = {
  en: 'This server does not know what the schedule is to start.',
  ko: '이 일정이 시작할 대상을 이 서버가 알지 못합니다.',
}
