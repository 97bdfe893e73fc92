import type { Text } from '../../platform/errors.ts'
import { PROBLEMS } from '../../platform/problems.ts'
import { refusal } from './refusal.ts'

/**
 * What becomes of an instant that is not after the clock. `now`: up to 60 s past it counts as now, further past it is
 * refused with `time-in-past`. `refuse`: `publish-at-not-future`, also for the very instant of the clock. `allow`: it
 * is taken as it is, for callers with a rule of their own.
 */
export type PastRule = 'now' | 'refuse' | 'allow'

const GRACE_MS = 60_000
/** Ten calendar years are never shorter: around 1900 and 2100, which are no leap years, they have one leap day. */
const TEN_YEARS_MIN_MS = 3651 * 86_400_000

/** Holds an instant against the clock and returns the one that counts, in milliseconds. */
export function holdAgainst(now: Date, epochMs: number, past: PastRule, path: string): number {
  const nowMs = now.getTime()
  if (epochMs - nowMs > TEN_YEARS_MIN_MS) refuseTooFar(now, epochMs, path)
  if (epochMs > nowMs || past === 'allow') return epochMs
  if (past === 'refuse')
    throw refusal('publish-at-not-future', path, PROBLEMS['publish-at-not-future'].detail)
  if (nowMs - epochMs <= GRACE_MS) return nowMs
  throw refusal('time-in-past', path, inPast(new Date(epochMs), now), '{"delay":0}')
}

/** The years are those of the calendar in UTC, so that the same date ten years on is taken (29 February: 1 March). */
function refuseTooFar(now: Date, epochMs: number, path: string): void {
  const limit = new Date(now)
  limit.setUTCFullYear(limit.getUTCFullYear() + 10)
  if (epochMs <= limit.getTime()) return
  const latest = limit.toISOString()
  const message = {
    en: `This is more than 10 years ahead. The latest time that is taken is ${latest}.`,
    ko: `10년보다 더 뒤의 시각입니다. 쓸 수 있는 가장 늦은 시각은 ${latest}입니다.`,
  }
  throw refusal('time-too-far', path, message, latest)
}

/** Names both times: where the caller's clock is wrong, this shows it. */
function inPast(at: Date, now: Date): Text {
  const [given, clock] = [at.toISOString(), now.toISOString()]
  return {
    en: `${given} is more than 60 seconds in the past: the server's clock says ${clock}. Send a later time, or {"delay":0} for now.`,
    ko: `${given}은(는) 60초 넘게 지난 시각입니다. 서버의 현재 시각은 ${clock}입니다. 더 나중의 시각을 보내거나, 지금 바로 처리하려면 {"delay":0}을 보내야 합니다.`,
  }
}
