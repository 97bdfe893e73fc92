import type { Tables } from '../../platform/tables.ts'
import { verifyAccepted } from './accepted.ts'
import { type Circumstances, isWaiting, type Item, type Pause } from './item.ts'
import { judge } from './judge.ts'
import {
  createFacts,
  type Facts,
  type Page,
  type Position,
  type Row,
  START,
  type Walk,
} from './repository-facts.ts'
import { brokenUniqueIndexes, type RawBuilder, readOnly } from './repository-session.ts'
import type { Source, VerifyContext } from './source.ts'

/** What is found by its due instant first, then what was only accepted in the period, then what is still tried again. */
const WALKS: readonly Walk[] = ['due', 'created', 'retrying']

/** An attempt on record before the creation of what it is of would be a finding: this far back it is looked for. */
const DAY_MS = 86_400_000

/**
 * A table whose rows the delivery stage delivers, with attempts, events, timers and jobs. A page of rows is read with all
 * that is on record about them in one snapshot, and judged item by item.
 */
export const deliveredSource = (o: {
  /** Of its events: `notification`. */
  kind: string
  /** As the summary counts them: `notifications`. */
  name: string
  table(tables: Tables): RawBuilder<unknown>
  /** That nothing is accepted, planted or recorded twice rests on these. */
  uniqueIndexes: readonly string[]
  deliveredAs?: string
  aside?(tables: Tables): RawBuilder<unknown>
}): Source => ({
  async verify(context) {
    const table = o.table(context.tables)
    const facts = createFacts({
      tables: context.tables,
      table,
      kind: o.kind,
      queueSchema: context.queueSchema,
      ...(o.deliveredAs !== undefined && { deliveredAs: o.deliveredAs }),
      ...(o.aside !== undefined && { aside: o.aside(context.tables) }),
    })
    await verifyIndexes(context, o.uniqueIndexes)
    const pauses = createPauses(context, facts)
    let [items, attempts] = [0, 0]
    for (const projectId of context.projectIds) {
      for (const walk of WALKS) {
        let after: Position | null = START
        while (after !== null) {
          const position: Position = after
          const { page, found } = await readOnly(context.db, async (tx) => {
            const rows = await facts.page(tx, walk, { projectId, ...context.period, after: position })
            return { page: rows, found: await itemsOf({ ...context, db: tx }, facts, rows) }
          })
          await pauses.load(found)
          const circumstances: Circumstances = {
            nowMs: page.nowMs,
            toMs: context.period.toMs,
            lateMs: context.lateMs,
            keptSinceMs: context.keptSinceMs,
            pausesOf: pauses.of,
          }
          for (const item of found) context.report(judge(o.kind, item, circumstances))
          items += found.length
          attempts += found.reduce((sum, item) => sum + item.attempts.length, 0)
          after = page.next
        }
      }
    }
    const accepted = await verifyAccepted(context, { table, kind: o.kind })
    return { [o.name]: items, attempts, accepted }
  },
})

const itemsOf = async ({ db: tx }: VerifyContext, facts: Facts, { rows }: Page): Promise<Item[]> => {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const sinceMs = rows.reduce((least, { createdMs }) => Math.min(least, createdMs), Infinity) - DAY_MS
  const attempts = Map.groupBy(await facts.attempts(tx, ids, sinceMs), ({ id }) => id)
  const events = Map.groupBy(await facts.events(tx, ids, sinceMs), ({ id }) => id)
  const waiting = rows.filter(isWaiting).map(({ id }) => id)
  const planted = await facts.timers(tx, waiting)
  const timers = new Map(planted.map((timer) => [timer.id, timer]))
  const needsJob = (row: Row) =>
    row.state === 'sending' || (isWaiting(row) && timers.get(row.id)?.generation !== row.generation)
  const wanting = rows.filter(needsJob).map(({ id }) => id)
  const jobs = Map.groupBy(wanting.length === 0 ? [] : await facts.jobs(tx, wanting), ({ id }) => id)
  return rows.map((row) => ({
    ...row,
    attempts: attempts.get(row.id) ?? [],
    events: events.get(row.id) ?? [],
    timer: timers.get(row.id) ?? null,
    jobs: jobs.get(row.id) ?? [],
  }))
}

/** Of each lane once. */
const createPauses = ({ db }: VerifyContext, facts: Facts) => {
  const byLane = new Map<string, readonly Pause[]>()
  return {
    async load(items: readonly Item[]): Promise<void> {
      for (const lane of new Set(items.map((item) => item.lane)))
        if (!byLane.has(lane)) byLane.set(lane, await facts.pauses(db, lane))
    },
    of: (lane: string): readonly Pause[] => byLane.get(lane) ?? [],
  }
}

const verifyIndexes = async (context: VerifyContext, names: readonly string[]): Promise<void> => {
  const broken = await brokenUniqueIndexes(context.db, context.tables.schema, names)
  context.report(
    broken.map(({ name, state }) => ({
      kind: 'double',
      code: 'index-broken',
      subject: 'index',
      id: name,
      projectId: null,
      dueMs: null,
      expected: {
        en: 'a unique index that holds: it keeps keys, timers and attempts from being there twice',
        ko: '키, 타이머, 시도의 중복을 막는 유효한 고유 인덱스',
      },
      found:
        state === 'missing'
          ? { en: 'no such index', ko: '인덱스가 없습니다' }
          : { en: 'not valid', ko: '유효하지 않습니다' },
      reason: null,
    })),
  )
}
