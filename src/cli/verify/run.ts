import type { Config } from '../../config.ts'
import { createClock } from '../../platform/clock.ts'
import { createTables } from '../../platform/tables.ts'
import type { ReachedDatabase } from '../database.ts'
import { type Finding, type Kind, KINDS } from './finding.ts'
import { openReader, type Project, readProjects } from './repository-session.ts'
import type { Looked, Period } from './source.ts'
import { SOURCES } from './sources.ts'

const DAY_MS = 86_400_000

export interface Verification {
  period: Period
  looked: Looked
  counts: Readonly<Record<Kind, number>>
  /** The first of each kind. */
  findings: readonly Finding[]
  projects: readonly Project[]
  tookMs: number
}

export type Refusal = 'not-migrated' | 'no-such-project' | 'empty-period'

/** Checks everything of a period. `choose` gets the database's clock, and says which period. */
export const verify = async (o: {
  reached: ReachedDatabase
  config: Config
  choose(nowMs: number): Period
  lateMs: number
  /** Null: of all projects. */
  project: string | null
  /** How many findings of each kind are kept; all are counted. */
  limit: number
}): Promise<Verification | Refusal> => {
  const { config, reached } = o
  const begunMs = performance.now()
  const tables = createTables(config.schema)
  const db = openReader(reached)
  try {
    const nowMs = (await createClock(db).now()).getTime()
    const period = o.choose(nowMs)
    const all = await readProjects(db, tables)
    if (all === null) return 'not-migrated'
    const projects = all.filter(({ name }) => o.project === null || name === o.project)
    if (projects.length === 0) return 'no-such-project'
    if (period.fromMs >= period.toMs) return 'empty-period'
    const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>
    const findings: Finding[] = []
    const looked: Record<string, number> = {}
    for (const source of SOURCES) {
      const found = await source.verify({
        db,
        tables,
        queueSchema: config.queueSchema,
        projectIds: projects.map(({ id }) => id),
        period,
        lateMs: o.lateMs,
        keptSinceMs: config.retentionDays === 0 ? -Infinity : nowMs - config.retentionDays * DAY_MS,
        report(more) {
          for (const finding of more) {
            counts[finding.kind] += 1
            if (counts[finding.kind] <= o.limit) findings.push(finding)
          }
        },
      })
      for (const [name, count] of Object.entries(found)) looked[name] = (looked[name] ?? 0) + count
    }
    const inOrder = KINDS.flatMap((kind) => findings.filter((finding) => finding.kind === kind))
    return { period, looked, counts, findings: inOrder, projects, tookMs: performance.now() - begunMs }
  } finally {
    await db.destroy()
  }
}
