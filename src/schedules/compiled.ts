import type { Startable, Target } from '../delivery/index.ts'
import { wallSecondsOf } from '../timers/index.ts'
import { type Definition, targetOf } from './definition.ts'
import { type CompiledRule, compileRule, type Occurrence } from './rule.ts'
import type { Schedule } from './row.ts'
import { compileTarget } from './template.ts'

/** What a schedule is to do, ready to be done. */
export interface Compiled {
  rule: CompiledRule
  /** Null: this process knows no such kind. */
  startable: Startable | null
  /** What is started at an occurrence. Throws `invalid-request` for a text that cannot be filled in. */
  fill(occurrence: Pick<Occurrence, 'at' | 'local'>): Target
}

export type Compile = (schedule: CompileInput) => Compiled
export type CompileInput = Pick<
  Schedule,
  'id' | 'name' | 'version' | 'definition' | 'anchorAt' | 'startsAt' | 'endsAt'
>

/** Some hundred bytes to some kilobytes each. */
const MOST_KNOWN = 5_000

const scopeOf = (name: string, timeZone: string, { at, local }: Pick<Occurrence, 'at' | 'local'>) => ({
  occurrence: { at: at.toISOString(), local, date: local.slice(0, 10), timeZone },
  schedule: { name },
})

/** Schedules made ready, and kept so for as long as their version stands. */
export const createCompile = (kinds: ReadonlyMap<string, Startable>): Compile => {
  const names = [...kinds.keys()]
  const compile = ({ id, name, definition, anchorAt, startsAt, endsAt }: CompileInput): Compiled => {
    const found = targetOf(definition, names)
    const startable = found === null ? null : (kinds.get(found.kind) ?? null)
    const target = found?.target ?? {}
    let filling: ReturnType<typeof compileTarget> | null = null
    return {
      rule: compileRule(definition, { id, anchorAt, startsAt, endsAt }),
      startable,
      fill(occurrence) {
        filling ??= compileTarget(startable?.open(id, target) ?? target, startable?.texts ?? [])
        return filling(scopeOf(name, definition.timeZone, occurrence))
      },
    }
  }

  const known = new Map<string, Compiled>()
  return (schedule) => {
    const key = `${schedule.id} ${schedule.version}`
    const before = known.get(key)
    if (before !== undefined) return before
    const compiled = compile(schedule)
    const [oldest] = known.keys()
    if (known.size >= MOST_KNOWN && oldest !== undefined) known.delete(oldest)
    known.set(key, compiled)
    return compiled
  }
}

/** What the clocks of the zone show at an instant that is no occurrence of the rule. */
export const localOf = (at: Date, { timeZone }: Pick<Definition, 'timeZone'>): string =>
  new Date(wallSecondsOf(timeZone, Math.floor(at.getTime() / 1000)) * 1000).toISOString().slice(0, 19)
