import type { Text } from '../../platform/errors.ts'
import { type Fault, instant } from './finding.ts'
import { type Circumstances, isWaiting, type Item } from './item.ts'

/** Longer than a claim and a start can take in turn: who begins an attempt has its job until the outcome is on record. */
const GRACE_MS = 60_000

const FINAL = ['delivered', 'failed', 'canceled', 'expired']

const WAITS: Text = {
  en: 'a timer or a job of its generation, as it waits',
  ko: '기다리는 항목이므로 같은 세대의 타이머나 작업이 있어야 합니다',
}

/** Timer and job change hands in one transaction, so at every moment one of them is there. */
const waiting = (item: Item, { nowMs }: Circumstances): Fault[] => {
  const { timer, jobs, generation } = item
  if (item.isAside) return []
  if (jobs.some((job) => job.generation === generation)) return []
  const rest: Text =
    item.nextMs <= nowMs
      ? { en: 'nobody will start it', ko: '시작할 주체가 없습니다' }
      : {
          en: `nobody will start it at ${instant(item.nextMs)}`,
          ko: `${instant(item.nextMs)}에 시작할 주체가 없습니다`,
        }
  if (timer === null) {
    return [
      {
        code: jobs.length === 0 ? 'no-timer-no-job' : 'job-of-another-generation',
        expected: WAITS,
        found: {
          en: `${jobs.length === 0 ? 'neither a timer nor a job' : 'only a job of an older generation'}: ${rest.en}`,
          ko: `${jobs.length === 0 ? '타이머도 작업도 없습니다' : '이전 세대의 작업만 있습니다'}: ${rest.ko}`,
        },
      },
    ]
  }
  if (timer.generation !== generation) {
    return [
      {
        code: 'timer-of-another-generation',
        expected: WAITS,
        found: {
          en: `a timer of generation ${timer.generation}, while the row is at ${generation}: its job will be a no-op`,
          ko: `타이머의 세대는 ${timer.generation}, 행의 세대는 ${generation}이므로 그 작업은 아무것도 하지 않습니다`,
        },
      },
    ]
  }
  if (timer.dueMs === item.nextMs && timer.lane === item.lane) return []
  return [
    {
      code: 'timer-disagrees',
      expected: {
        en: `a timer on ${item.lane} for ${instant(item.nextMs)}`,
        ko: `${item.lane}의 ${instant(item.nextMs)} 타이머`,
      },
      found: {
        en: `one on ${timer.lane} for ${instant(timer.dueMs)}`,
        ko: `${timer.lane}의 ${instant(timer.dueMs)} 타이머`,
      },
    },
  ]
}

const sending = (item: Item, { nowMs }: Circumstances): Fault[] =>
  nowMs - (item.attemptStartedMs ?? 0) < GRACE_MS || item.jobs.some((job) => job.jobId === item.attemptJob)
    ? []
    : [
        {
          code: 'sending-without-job',
          expected: {
            en: 'the job of the open attempt, until its outcome is on record',
            ko: '결과가 기록될 때까지 진행 중인 시도의 작업이 있어야 합니다',
          },
          found: {
            en: `no job: attempt ${item.attemptNo} will never be taken over`,
            ko: `작업이 없어 시도 ${item.attemptNo}을(를) 아무도 이어받지 않습니다`,
          },
        },
      ]

const final = (item: Item, { keptSinceMs }: Circumstances): Fault[] => {
  if (item.finishedMs === null) {
    return [
      {
        code: 'final-without-end',
        expected: { en: 'the instant at which it ended', ko: '끝난 시각' },
        found: { en: `${item.state}, and no instant`, ko: `${item.state} 상태인데 끝난 시각이 없습니다` },
      },
    ]
  }
  if (item.finishedMs < keptSinceMs) return []
  // Whatever ends an item writes an event in the same statement; one with a delivered attempt needs no other witness.
  const isTold = item.events.some((event) => event.state === item.state)
  const isDelivered = item.attempts.some((attempt) => attempt.outcome === 'delivered')
  if (isTold || (item.state === 'delivered' && isDelivered)) return []
  return [
    {
      code: 'final-unexplained',
      expected:
        item.state === 'delivered'
          ? {
              en: 'an attempt that delivered it, or the word of an operator',
              ko: '전달한 시도 또는 운영자의 처리 기록',
            }
          : { en: `an event that says how it became ${item.state}`, ko: `${item.state}이(가) 된 이벤트` },
      found: {
        en: `neither; its attempts: ${outcomesOf(item)}`,
        ko: `기록이 없습니다. 시도: ${outcomesOf(item)}`,
      },
    },
  ]
}

const outcomesOf = ({ attempts }: Item): string =>
  attempts.length === 0 ? '0' : attempts.map(({ number, outcome }) => `${number} ${outcome}`).join(', ')

/** Every attempt that has begun ends on record, whoever ends it. */
const attempts = (item: Item, { keptSinceMs }: Circumstances): Fault[] => {
  const ended = item.attemptNo - (item.state === 'sending' ? 1 : 0)
  if (item.createdMs < keptSinceMs || item.attempts.length >= ended) return []
  return [
    {
      code: 'attempt-not-recorded',
      expected: { en: `${ended} ended attempts on record`, ko: `끝난 시도 ${ended}개의 기록` },
      found: {
        en: `${item.attempts.length}: ${outcomesOf(item)}`,
        ko: `${item.attempts.length}개: ${outcomesOf(item)}`,
      },
    },
  ]
}

/** Accepted, and on no way to an end; or ended, and nothing says how. */
export const lost = (item: Item, circumstances: Circumstances): Fault[] => {
  const isFinal = FINAL.includes(item.state)
  return [
    ...(isWaiting(item) ? waiting(item, circumstances) : []),
    ...(item.state === 'sending' ? sending(item, circumstances) : []),
    ...(isFinal ? final(item, circumstances) : []),
    ...attempts(item, circumstances),
  ]
}
