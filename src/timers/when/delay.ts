import { refuseDelay } from './delay-mend.ts'
import { MAX_TEXT_LENGTH, refusal, refuseLength } from './refusal.ts'

/** How long to wait, in whole milliseconds. It may be larger than any date: the caller checks that. */
export interface Delay {
  delayMs: number
  roundedUp: boolean
}

const N = String.raw`(\d{1,30}(?:\.\d{1,30})?)`
/** `1w2d3h4m5s`: each unit at most once, from large to small. */
const SHORT = new RegExp(`^(?:${N}w)?(?:${N}d)?(?:${N}h)?(?:${N}m)?(?:${N}s)?$`)
const ISO_N = String.raw`(\d{1,30}(?:[.,]\d{1,30})?)`
/** ISO 8601 without years and months, which have no fixed length; in any case, as Temporal takes it. */
const ISO = new RegExp(
  `^P(?:${ISO_N}W)?(?:${ISO_N}D)?(?:T(?=\\d)(?:${ISO_N}H)?(?:${ISO_N}M)?(?:${ISO_N}S)?)?$`,
  'i',
)
const UNITS_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000] as const

/** Reads the value of `delay`: seconds as a number, a short form such as `1h30m`, or an ISO 8601 duration. */
export function readDelay(value: unknown, path: string): Delay {
  if (typeof value === 'number') return ofSeconds(value, path)
  if (typeof value !== 'string') {
    throw refusal(
      'invalid-request',
      path,
      {
        en: 'A delay is a string with units, or a number of seconds.',
        ko: '지연 시간은 단위가 있는 문자열이거나 초를 나타내는 숫자여야 합니다.',
      },
      '10s | 10',
    )
  }
  if (value.length > MAX_TEXT_LENGTH) refuseLength(path)
  return delayOfText(value) ?? refuseDelay(value, path)
}

/** The delay that a well-formed text stands for, else undefined. */
export function delayOfText(text: string): Delay | undefined {
  const match = SHORT.exec(text) ?? ISO.exec(text)
  if (match === null) return undefined
  let delayMs = 0
  let last: string | undefined
  let lastUnitMs = 0
  for (const [i, unitMs] of UNITS_MS.entries()) {
    const amount = match[i + 1]
    if (amount === undefined) continue
    // Only the smallest unit that is given may have a fraction, as in ISO 8601.
    if (last !== undefined && /[.,]/.test(last)) return undefined
    delayMs += Number.parseInt(amount, 10) * unitMs
    last = amount
    lastUnitMs = unitMs
  }
  if (last === undefined) return undefined
  const digits = /[.,](\d+)$/.exec(last)?.[1]
  if (digits === undefined) return { delayMs, roundedUp: false }
  // In BigInt, because 0.1 and its like would otherwise come out a millisecond long or short.
  const scale = 10n ** BigInt(digits.length)
  const scaledMs = BigInt(digits) * BigInt(lastUnitMs)
  const roundedUp = scaledMs % scale !== 0n
  return { delayMs: delayMs + Number(scaledMs / scale) + (roundedUp ? 1 : 0), roundedUp }
}

function ofSeconds(seconds: number, path: string): Delay {
  if (!(seconds >= 0 && Number.isFinite(seconds))) return refuseDelay(String(seconds), path)
  const nearestMs = Math.round(seconds * 1000)
  // `seconds * 1000` may be off by a little, so that Math.ceil alone would make 4003.0000000000005 out of 4.003.
  // Dividing again tells whether the number means that very millisecond, one that is before it, or after it.
  const again = nearestMs / 1000
  return { delayMs: again < seconds ? nearestMs + 1 : nearestMs, roundedUp: again !== seconds }
}
