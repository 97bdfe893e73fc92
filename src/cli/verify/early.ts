import type { Text } from '../../platform/errors.ts'
import { type Fault, instant, span } from './finding.ts'
import { begunOf, type EventFact, type Item } from './item.ts'

const ACCEPTED: Text = { en: 'when it was accepted', ko: '접수 시각' }
const DUE: Text = { en: 'when it was due', ko: '예정 시각' }

const earlyBy = (code: string, what: Text, startMs: number, number: number, atMs: number): Fault => ({
  code,
  expected: { en: `not before ${instant(startMs)}, ${what.en}`, ko: `${instant(startMs)}(${what.ko}) 이후` },
  found: {
    en: `attempt ${number} began at ${instant(atMs)}, ${span(startMs - atMs)} before`,
    ko: `시도 ${number}이(가) ${span(startMs - atMs)} 이른 ${instant(atMs)}에 시작했습니다`,
  },
})

/** Begun before its time. Once an item has had an attempt its due instant stays, unless somebody retries it or undoes that. */
export const early = (item: Item): Fault[] => {
  const hasMoved = item.events.some((event) => event.reopens)
  return begunOf(item).flatMap(({ number, startedMs, dueMs }): Fault[] => {
    if (startedMs < item.createdMs)
      return [earlyBy('before-creation', ACCEPTED, item.createdMs, number, startedMs)]
    if (startedMs < dueMs) return [earlyBy('before-due', DUE, dueMs, number, startedMs)]
    if (!hasMoved && startedMs < item.dueMs)
      return [earlyBy('before-due', DUE, item.dueMs, number, startedMs)]
    return []
  })
}

/** Of the events before `atMs`, whether the last that matters has closed it for good; that event, if so. */
const closedBy = (events: readonly EventFact[], atMs: number): EventFact | null => {
  let closing: EventFact | null = null
  for (const event of events) {
    if (event.atMs >= atMs) break
    if (event.reopens) closing = null
    else if (event.state === 'canceled' || event.cancelRequested) closing ??= event
  }
  return closing
}

/** Begun after a cancellation was answered, and nobody had put it back since. */
export const afterCancel = (item: Item): Fault[] =>
  begunOf(item).flatMap(({ number, startedMs }): Fault[] => {
    const closing = closedBy(item.events, startedMs)
    if (closing === null) return []
    return [
      {
        code: 'begun-after-cancel',
        expected: {
          en: `no attempt after the cancellation of ${instant(closing.atMs)}`,
          ko: `취소(${instant(closing.atMs)}) 뒤에는 시도가 없어야 합니다`,
        },
        found: {
          en: `attempt ${number} began at ${instant(startedMs)}, ${span(startedMs - closing.atMs)} after it`,
          ko: `취소하고 ${span(startedMs - closing.atMs)} 뒤인 ${instant(startedMs)}에 시도 ${number}이(가) 시작했습니다`,
        },
      },
    ]
  })

/** Begun after the instant from which it was worthless. */
export const afterExpiry = (item: Item): Fault[] => {
  const { expiresMs } = item
  if (expiresMs === null) return []
  return begunOf(item)
    .filter(({ startedMs }) => startedMs > expiresMs)
    .map(({ number, startedMs }) => ({
      code: 'begun-after-expiry',
      expected: {
        en: `no attempt after ${instant(expiresMs)}, when it expires`,
        ko: `만료 시각 ${instant(expiresMs)} 뒤에는 시도가 없어야 합니다`,
      },
      found: {
        en: `attempt ${number} began at ${instant(startedMs)}`,
        ko: `${instant(startedMs)}에 시도 ${number}이(가) 시작했습니다`,
      },
    }))
}
