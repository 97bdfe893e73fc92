import type { Text } from '../../platform/errors.ts'
import { type Fault, instant, span } from './finding.ts'
import { type Begun, begunOf, type Circumstances, isWaiting, type Item } from './item.ts'

/** It always says why. */
type LateFault = Required<Fault>

/** What was accepted, or put back, after its time can only be late from then on. */
const startOf = (item: Item, dueMs: number, atMs: number): number => {
  const reopened = item.events
    .filter((event) => event.reopens && event.atMs <= atMs)
    .map(({ atMs: ms }) => ms)
  return Math.max(dueMs, item.createdMs, ...reopened)
}

const PAUSED: Text = { en: 'its queue was paused', ko: '큐가 일시 중지되어 있었습니다' }
const LOST: Text = {
  en: 'its worker was lost while it sent; another one took it over',
  ko: '보내던 워커가 중단되어 다른 워커가 이어받았습니다',
}

const LIMITED: Text = {
  en: 'its task ran as often as it may at a time, or no worker that has it was alive',
  ko: '작업의 동시 실행 한도에 걸렸거나 이 작업을 처리하는 워커가 없었습니다',
}

const isPaused = (item: Item, { pausesOf }: Circumstances, fromMs: number, toMs: number): boolean =>
  pausesOf(item.lane).some((pause) => pause.fromMs < toMs && (pause.toMs ?? Infinity) > fromMs)

/** Told from what is on record: who held it up is the pause, a lost worker, the hand-over, or the wait for a free slot. */
const reasonOf = (item: Item, begun: Begun, startMs: number, circumstances: Circumstances): Text => {
  const before = item.attempts.find(({ number }) => number === begun.number - 1)
  if (before?.outcome === 'unknown' && before.dueMs === begun.dueMs && before.errorCode === 'worker-lost')
    return LOST
  if (isPaused(item, circumstances, startMs, begun.startedMs)) return PAUSED
  const handOverMs = begun.handedMs === null ? 0 : Math.max(0, begun.handedMs - startMs)
  const waitMs = begun.startedMs - startMs - handOverMs
  if (item.lane.startsWith('tasks.') && handOverMs > waitMs) return LIMITED
  return handOverMs > waitMs
    ? {
        en: `handed over ${span(handOverMs)} late: no worker was alive, or the database did not answer`,
        ko: `${span(handOverMs)} 늦게 큐에 들어갔습니다: 동작하는 워커가 없었거나 데이터베이스가 응답하지 않았습니다`,
      }
    : {
        en: `it waited ${span(waitMs)} for a free slot: more was due at a time than the workers send`,
        ko: `빈자리를 ${span(waitMs)} 기다렸습니다: 한꺼번에 예정된 것이 워커의 처리량보다 많았습니다`,
      }
}

const begunLate = (item: Item, circumstances: Circumstances): LateFault[] =>
  begunOf(item).flatMap((begun): LateFault[] => {
    const startMs = startOf(item, begun.dueMs, begun.startedMs)
    const lateMs = begun.startedMs - startMs
    if (lateMs <= circumstances.lateMs) return []
    return [
      {
        code: 'begun-late',
        expected: {
          en: `begun within ${span(circumstances.lateMs)} of ${instant(startMs)}`,
          ko: `${instant(startMs)}부터 ${span(circumstances.lateMs)} 안에 시작`,
        },
        found: {
          en: `attempt ${begun.number} began ${span(lateMs)} after that`,
          ko: `시도 ${begun.number}이(가) ${span(lateMs)} 늦게 시작했습니다`,
        },
        reason: reasonOf(item, begun, startMs, circumstances),
      },
    ]
  })

/** What waits on a queue that is paused now is as somebody wants it. */
const notBegun = (item: Item, circumstances: Circumstances): LateFault[] => {
  const { nowMs, toMs, lateMs, pausesOf } = circumstances
  const hasWay = item.timer !== null || item.jobs.length > 0
  // One in the line of its task begins once there is room, and not by its time alone.
  if (!isWaiting(item) || !hasWay || item.isAside || item.nextMs > toMs) return []
  const startMs = startOf(item, item.nextMs, nowMs)
  if (nowMs - startMs <= lateMs || pausesOf(item.lane).some((pause) => pause.toMs === null)) return []
  return [
    {
      code: 'not-begun',
      expected: {
        en: `begun within ${span(lateMs)} of ${instant(startMs)}`,
        ko: `${instant(startMs)}부터 ${span(lateMs)} 안에 시작`,
      },
      found: {
        en: `it still waits, ${span(nowMs - startMs)} after that`,
        ko: `${span(nowMs - startMs)}이(가) 지났는데 아직 기다립니다`,
      },
      reason:
        item.timer === null
          ? {
              en: 'it was handed over and waits for a free slot: no worker takes this queue, or it has too much to do',
              ko: '큐에 들어가 빈자리를 기다립니다: 이 큐를 처리하는 워커가 없거나 일이 밀려 있습니다',
            }
          : { en: 'nobody hands it over: no worker is alive', ko: '동작하는 워커가 없습니다' },
    },
  ]
}

export const late = (item: Item, circumstances: Circumstances): LateFault[] => [
  ...begunLate(item, circumstances),
  ...notBegun(item, circumstances),
]
