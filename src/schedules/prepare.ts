import { lacksScope } from './scope.ts'
import type { Startable, Target } from '../delivery/index.ts'
import type { Caller } from '../http/index.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import { resolveWhen, timeZoneNamed } from '../timers/index.ts'
import { type Definition, fillIn, type Given, targetOf } from './definition.ts'
import { type CompiledRule, compileRule, type Occurrence, zoneOf } from './rule.ts'
import { LIMITS } from './schema.ts'
import { compileTarget } from './template.ts'

/** What a body comes to, ready to be stored but for its secrets. */
export interface Prepared {
  definition: Definition
  startable: Startable
  startsAt: Date | null
  endsAt: Date | null
  rule: CompiledRule
  /** The first after `now`. */
  next: Occurrence
}

const fault = (path: string, en: string, ko: string, suggestion?: string): YeyakError => {
  const message = { en, ko }
  const errors: FieldError[] = [suggestion === undefined ? { path, message } : { path, message, suggestion }]
  return new YeyakError('invalid-request', { errors })
}

/** A refusal of what is to be started, as one of the schedule that says so. */
const within = (kind: string, { code, detail, members, fieldErrors }: YeyakError): YeyakError => {
  const errors = fieldErrors.map((one) => ({ ...one, path: one.path === '' ? kind : `${kind}.${one.path}` }))
  return new YeyakError(code, {
    ...{ detail, members },
    errors: errors.length === 0 ? [{ path: kind, message: detail }] : errors,
  })
}

const zoneFor = (given: Given): string => {
  const own = zoneOf(given)
  if (typeof given.timeZone !== 'string') return own ?? 'UTC'
  const zone = timeZoneNamed(given.timeZone, 'timeZone')
  if (own !== null && own !== zone)
    throw fault(
      'timeZone',
      `is ${zone}, while the rule names ${own}: leave one of them out`,
      `${zone}인데 규칙에는 ${own}이(가) 있습니다. 둘 중 하나를 빼야 합니다.`,
      own,
    )
  return zone
}

const boundsOf = ({ startsAt, endsAt }: Definition, now: Date) => {
  const resolve = (given: unknown, path: string): Date | null =>
    given === null ? null : resolveWhen(given, { path, now, past: 'allow' }).at
  const bounds = { startsAt: resolve(startsAt, 'startsAt'), endsAt: resolve(endsAt, 'endsAt') }
  if (bounds.endsAt !== null && bounds.endsAt <= (bounds.startsAt ?? now))
    throw fault(
      'endsAt',
      `must be later than ${(bounds.startsAt ?? now).toISOString()}`,
      `${(bounds.startsAt ?? now).toISOString()}보다 나중이어야 합니다.`,
    )
  return bounds
}

/** Runs looked at for the shortest time between two of them. */
const LOOKED_AT = 5

const checkJitter = (rule: CompiledRule, next: Occurrence, jitterSeconds: number): void => {
  let before = next
  for (let i = 1; i < LOOKED_AT && jitterSeconds > 0; i += 1) {
    const after = rule.next(before.at)
    if (after === null) return
    const gapSeconds = (after.at.getTime() - before.at.getTime()) / 1000
    if (jitterSeconds >= gapSeconds)
      throw fault(
        'jitterSeconds',
        `must be shorter than the time between two runs, which is ${gapSeconds} s`,
        `두 실행 사이의 간격(${gapSeconds}초)보다 짧아야 합니다.`,
        String(Math.floor(gapSeconds / 2)),
      )
    before = after
  }
}

export const createPrepare = (kinds: ReadonlyMap<string, Startable>) => {
  const names = [...kinds.keys()]

  const startableOf = (given: Given): { startable: Startable; target: Target } => {
    const said = names.filter((name) => given[name] !== undefined && given[name] !== null)
    const found = targetOf(given, names)
    const startable = found === null ? undefined : kinds.get(found.kind)
    if (found === null || startable === undefined || said.length > 1)
      throw fault(
        said[1] ?? names[0] ?? '',
        `a schedule starts exactly one thing: ${names.join(', ')}`,
        `일정은 ${names.join(', ')} 중 정확히 하나를 시작해야 합니다.`,
      )
    return { startable, target: found.target }
  }

  const checkTarget = (
    caller: Caller,
    startable: Startable,
    target: Target,
    definition: Definition,
    next: Occurrence,
  ): void => {
    const { kind } = startable
    try {
      const fill = compileTarget(target, startable.texts)
      const filled = fill({
        occurrence: {
          ...{ at: next.at.toISOString(), local: next.local, date: next.local.slice(0, 10) },
          timeZone: definition.timeZone,
        },
        // As long as any name can be: what is filled in must not be too long then.
        schedule: { name: 'x'.repeat(100) },
      })
      startable.check(caller, filled, next.dueAt)
    } catch (error) {
      throw error instanceof YeyakError ? within(kind, error) : error
    }
  }

  /**
   * All that can be refused about a schedule is refused here, and nothing is written. `given`: a body that fits the schema.
   * Throws `invalid-request`, `unbounded-schedule`, `missing-scope`, and whatever a time or what is started is refused with.
   */
  const prepare = (caller: Caller, given: Given, o: { id: string; anchorAt: Date; now: Date }): Prepared => {
    const { startable, target } = startableOf(given)
    const lacking = lacksScope(caller, startable)
    if (lacking !== null) throw lacking
    const definition = normalize(given)
    const bytes = Buffer.byteLength(JSON.stringify(definition))
    if (bytes > LIMITS.definitionBytes)
      throw fault(
        startable.kind,
        `is too large: with it the schedule has ${bytes} bytes, of ${LIMITS.definitionBytes} at most`,
        `너무 큽니다. 일정 전체가 ${bytes}바이트이며 최대 ${LIMITS.definitionBytes}바이트입니다.`,
      )
    const bounds = boundsOf(definition, o.now)
    const rule = compileRule(definition, { ...bounds, id: o.id, anchorAt: o.anchorAt })
    const next = rule.first(o.now)
    checkJitter(rule, next, definition.jitterSeconds)
    checkTarget(caller, startable, target, definition, next)
    return { definition, startable, ...bounds, rule, next }
  }

  return { prepare }
}

/** What a body says, whether or not it can be done. Throws `invalid-request` for a rule or a zone that cannot be read. */
export const normalize = (given: Given): Definition => fillIn({ ...given, timeZone: zoneFor(given) })

export type Prepare = ReturnType<typeof createPrepare>['prepare']
