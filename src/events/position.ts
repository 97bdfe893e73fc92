/**
 * Where an event stands: its transaction, then its number, as one number that rises in the order in which events become
 * visible. The sequence of the numbers has nine digits.
 */
export type Position = bigint

const NUMBERS = 1_000_000_000n
/** The largest transaction that PostgreSQL can number. */
const MOST_XID = 2n ** 64n - 1n
const MOST = MOST_XID * NUMBERS + NUMBERS - 1n

export const BEGINNING: Position = 0n

export const positionOf = ({ xid, id }: { xid: string; id: string }): Position =>
  BigInt(xid) * NUMBERS + BigInt(id)

/** Before every event of this transaction, and after those of all earlier ones. */
export const startOf = (xid: string): Position => BigInt(xid) * NUMBERS

/** For statements. */
export const partsOf = (position: Position): { xid: string; id: string } => ({
  xid: String(position / NUMBERS),
  id: String(position % NUMBERS),
})

/** The id of an event as it is shown, or any number between two of them; null for what none can be. */
export const parsePosition = (text: string): Position | null => {
  if (!/^\d{1,29}$/u.test(text)) return null
  const position = BigInt(text)
  return position <= MOST ? position : null
}
