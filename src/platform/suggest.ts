import leven from 'leven'

/** Longer names are not compared: the distance costs the product of both lengths. */
const LONGEST = 100

/** `send_at`, `SendAt` and `send-at` are all the same name written in another habit. */
const folded = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/gu, '')

const letters = (name: string): string => name.split('').sort().join('')

/**
 * The candidate that was probably meant, or undefined where none is near enough to be worth saying: up to one
 * slip in three letters, and at most three slips.
 */
export function suggest(given: string, candidates: Iterable<string>): string | undefined {
  if (given.length === 0 || given.length > LONGEST) return undefined
  const wanted = folded(given)
  let best: string | undefined
  let bestDistance = Math.min(3, Math.max(1, Math.floor(wanted.length / 3))) + 1
  for (const candidate of candidates) {
    if (candidate === given || candidate.length > LONGEST) continue
    const name = folded(candidate)
    // Letters in the wrong order are one slip of the fingers, though two of the distance.
    const distance =
      letters(name) === letters(wanted) ? 1 : leven(wanted, name, { maxDistance: bestDistance })
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}
