import type { Text } from '../../platform/errors.ts'
import { type Fault, instant } from './finding.ts'
import { begunOf, type Item } from './item.ts'

const ONCE: Text = { en: 'delivered once', ko: '한 번만 전달' }

/** The one way to it that delivery allows for: a worker was taken for lost while it sent, and came back to say so. */
const TAKEOVER: Text = {
  en: 'a worker that was taken for lost had sent it after all; receivers can tell by the idempotency key',
  ko: '중단된 것으로 본 워커가 실제로는 보냈습니다. 수신 쪽에서 멱등 키로 구별할 수 있습니다',
}

const twice = (item: Item): Fault[] => {
  const delivered = item.attempts.filter(({ outcome }) => outcome === 'delivered')
  const [first, second] = delivered.toSorted((a, b) => a.startedMs - b.startedMs)
  if (first === undefined || second === undefined) return []
  return [
    {
      code: 'delivered-twice',
      expected: ONCE,
      found: {
        en: `attempts ${delivered.map(({ number }) => number).join(' and ')} both delivered it`,
        ko: `시도 ${delivered.map(({ number }) => number).join(', ')}이(가) 모두 전달했습니다`,
      },
      ...(second.startedMs < first.finishedMs && { reason: TAKEOVER }),
    },
  ]
}

const begunAgain = (item: Item): Fault[] => {
  const endMs = Math.min(
    ...item.attempts.filter(({ outcome }) => outcome === 'delivered').map(({ finishedMs }) => finishedMs),
  )
  return begunOf(item)
    .filter(({ startedMs }) => startedMs > endMs)
    .map(({ number, startedMs }) => ({
      code: 'begun-after-delivery',
      expected: {
        en: `no attempt after it was delivered at ${instant(endMs)}`,
        ko: `전달한 ${instant(endMs)} 뒤에는 시도가 없어야 합니다`,
      },
      found: {
        en: `attempt ${number} began at ${instant(startedMs)}`,
        ko: `${instant(startedMs)}에 시도 ${number}이(가) 시작했습니다`,
      },
    }))
}

const sameNumber = (item: Item): Fault[] => {
  const numbers = begunOf(item).map(({ number }) => number)
  const repeated = [...new Set(numbers.filter((number, i) => numbers.indexOf(number) !== i))]
  return repeated.map((number) => ({
    code: 'attempt-number-twice',
    expected: { en: `one attempt ${number}`, ko: `시도 ${number}은(는) 하나` },
    found: {
      en: `${numbers.filter((other) => other === number).length} of that number`,
      ko: `번호가 같은 시도가 ${numbers.filter((other) => other === number).length}개`,
    },
  }))
}

/** Sent more often than it should be. An attempt after a delivery is told once, also where it delivered too. */
export const double = (item: Item): Fault[] => {
  const delivered = twice(item)
  return [...delivered, ...(delivered.length === 0 ? begunAgain(item) : []), ...sameNumber(item)]
}
