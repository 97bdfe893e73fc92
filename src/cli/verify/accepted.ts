import { instant } from './finding.ts'
import { createAcceptedRepository, type EventPosition } from './repository-accepted.ts'
import { type RawBuilder, readOnly } from './repository-session.ts'
import type { VerifyContext } from './source.ts'

/** Events are in the order in which their transactions began to write; what began before the period may be of it. */
const MARGIN_MS = 10 * 60_000

/**
 * What was answered with a 2xx and has no row: only the event of its creation tells. There is no index on when an event was
 * written, but transactions are numbered in time: the first of the period is found by halving.
 */
export const verifyAccepted = async (
  context: VerifyContext,
  o: { table: RawBuilder<unknown>; kind: string },
): Promise<number> => {
  const { db, tables, period, projectIds } = context
  const repository = createAcceptedRepository({ tables, ...o })
  const fromMs = Math.max(period.fromMs, context.keptSinceMs)

  const firstOf = async (targetMs: number): Promise<EventPosition> => {
    const { first, last } = await repository.ends(db)
    let [low, high] = [first, last]
    while (high - low > 1n) {
      const middle = low + (high - low) / 2n
      const atMs = await repository.writtenMs(db, middle)
      if (atMs !== null && atMs < targetMs) low = middle
      else high = middle
    }
    return { xid: String(low > 0n ? low - 1n : 0n), id: '0' }
  }

  let count = 0
  let after: EventPosition | null = await firstOf(fromMs - MARGIN_MS)
  while (after !== null) {
    const position: EventPosition = after
    const page = await readOnly(db, (tx) => repository.page(tx, position))
    const accepted = page.accepted.filter(
      ({ atMs, projectId }) => atMs >= fromMs && atMs < period.toMs && projectIds.includes(projectId),
    )
    count += accepted.length
    context.report(
      accepted
        .filter(({ id }) => !page.present.has(id))
        .map(({ id, projectId, atMs }) => ({
          kind: 'lost',
          code: 'accepted-without-row',
          subject: o.kind,
          id,
          projectId,
          dueMs: null,
          expected: {
            en: `its row: it was accepted at ${instant(atMs)}, and the retention has not removed it`,
            ko: `${instant(atMs)}에 접수되었고 보존 기간이 지나지 않았으므로 행이 있어야 합니다`,
          },
          found: { en: 'no row', ko: '행이 없습니다' },
          reason: null,
        })),
    )
    after = page.firstMs !== null && page.firstMs > period.toMs + MARGIN_MS ? null : page.next
  }
  return count
}
