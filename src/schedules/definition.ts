import { stringify } from 'safe-stable-stringify'
import type { Target } from '../delivery/index.ts'

export const MISSED = ['skip', 'once', 'all'] as const
export type MissedPolicy = (typeof MISSED)[number]
export const CONCURRENT = ['allow', 'skip'] as const
export const DST_GAP = ['next', 'skip'] as const
export const DST_OVERLAP = ['first', 'both'] as const

/** When and how, without what. */
export interface Timing {
  cron?: string
  rrule?: string
  timeZone: string
  startsAt: unknown
  endsAt: unknown
  /** Days of the zone's calendar. */
  exclude: readonly string[]
  jitterSeconds: number
  missed: MissedPolicy
  missedWithinSeconds: number
  concurrent: (typeof CONCURRENT)[number]
  dstGap: (typeof DST_GAP)[number]
  dstOverlap: (typeof DST_OVERLAP)[number]
}

/** What a schedule says, with everything filled in that it leaves out. Beside the timing it has one member: what is started. */
export type Definition = Timing & { [kind: string]: unknown }

/** A body as its schema has accepted it. */
export type Given = Partial<Timing> & { [kind: string]: unknown }

export const DEFAULTS = {
  timeZone: 'UTC',
  startsAt: null,
  endsAt: null,
  exclude: [],
  jitterSeconds: 0,
  missed: 'once',
  missedWithinSeconds: 86_400,
  concurrent: 'allow',
  dstGap: 'next',
  dstOverlap: 'first',
} as const satisfies Partial<Timing>

export const fillIn = ({ name: _name, ...given }: Given): Definition => {
  const there = Object.entries(given).filter(([, value]) => value !== null && value !== undefined)
  return { ...DEFAULTS, ...Object.fromEntries(there) }
}

/** The members that say which instants there are. */
const RULE = ['cron', 'rrule', 'timeZone', 'startsAt', 'endsAt', 'exclude', 'dstGap', 'dstOverlap'] as const

const isSame = (a: unknown, b: unknown): boolean => stringify(a) === stringify(b)

export const hasSameRule = (a: Definition, b: Definition): boolean =>
  RULE.every((name) => isSame(a[name], b[name]))

export const isSameDefinition = (a: Definition, b: Definition): boolean => isSame(a, b)

/** The member of `kinds` that a definition has. */
export const targetOf = (
  definition: Given,
  kinds: readonly string[],
): { kind: string; target: Target } | null => {
  const kind = kinds.find((name) => definition[name] !== undefined && definition[name] !== null)
  return kind === undefined ? null : { kind, target: definition[kind] as Target }
}
