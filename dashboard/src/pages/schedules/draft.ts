import {
  bodyOf as messageBodyOf,
  draftOf as messageDraftOf,
  EMPTY_MESSAGE,
  type MessageDraft,
  parsed,
} from '../../parts/message/draft.ts'
import { toLocal } from '../../i18n/zone.ts'
import type { Schedule } from './queries.ts'

export const TARGETS = ['notification', 'task', 'publish', 'unpublish'] as const
export type TargetKind = (typeof TARGETS)[number]

/** A time of which the form shows the wall clock, and which is sent as it was given while that is not changed. */
interface Bound {
  local: string
  given: unknown
  shown: string
}

export interface ScheduleDraft {
  name: string
  ruleKind: 'cron' | 'rrule'
  rule: string
  ruleZone: string
  starts: Bound
  ends: Bound
  exclude: string
  jitterSeconds: string
  missed: 'skip' | 'once' | 'all'
  missedWithinSeconds: string
  concurrent: 'allow' | 'skip'
  dstGap: 'next' | 'skip'
  dstOverlap: 'first' | 'both'
  target: TargetKind
  message: MessageDraft
  taskName: string
  taskData: string
  type: string
  id: string
  locale: string
  /** What the target has beside, and no field shows. */
  rest: Record<string, unknown>
  /** That the change is made to; 0 for a new one. */
  version: number
  /** Of what is sent, see compose. */
  key: string
}

const NO_BOUND: Bound = { local: '', given: null, shown: '' }

export const EMPTY: ScheduleDraft = {
  ...{ name: '', ruleKind: 'cron', rule: '0 9 * * *' },
  ruleZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  ...{ starts: NO_BOUND, ends: NO_BOUND, exclude: '', jitterSeconds: '0' },
  ...{
    missed: 'once',
    missedWithinSeconds: '86400',
    concurrent: 'allow',
    dstGap: 'next',
    dstOverlap: 'first',
  },
  ...{
    target: 'notification',
    message: EMPTY_MESSAGE,
    taskName: '',
    taskData: '',
    type: '',
    id: '',
    locale: '',
  },
  ...{ rest: {}, version: 0, key: '' },
}

type Body = Record<string, unknown>

const numberOf = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)

const boundOf = ({ local, given, shown }: Bound, timeZone: string): unknown =>
  local === shown ? given : local === '' ? null : { local, timeZone }

const targetOf = (draft: ScheduleDraft, headers: string): Body => {
  const { target, rest } = draft
  if (target === 'notification') return { ...rest, ...messageBodyOf(draft.message, headers) }
  if (target === 'task') {
    const data = draft.taskData.trim() === '' ? undefined : parsed(draft.taskData)
    return { ...rest, name: draft.taskName.trim(), ...(data !== undefined && { data }) }
  }
  const locale = draft.locale.trim()
  return { ...rest, type: draft.type.trim(), id: draft.id.trim(), ...(locale !== '' && { locale }) }
}

/** The whole of it, as a create takes it. */
export const bodyOf = (draft: ScheduleDraft, headers: string): Body => {
  const exclude = draft.exclude.split(/[\s,]+/u).filter((day) => day !== '')
  const [startsAt, endsAt] = [draft.starts, draft.ends].map((bound) => boundOf(bound, draft.ruleZone))
  return {
    ...{ name: draft.name.trim(), [draft.ruleKind]: draft.rule.trim(), timeZone: draft.ruleZone },
    ...(startsAt !== null && { startsAt }),
    ...(endsAt !== null && { endsAt }),
    ...(exclude.length > 0 && { exclude }),
    ...{ jitterSeconds: numberOf(draft.jitterSeconds), missed: draft.missed },
    ...{ missedWithinSeconds: numberOf(draft.missedWithinSeconds), concurrent: draft.concurrent },
    ...{ dstGap: draft.dstGap, dstOverlap: draft.dstOverlap },
    [draft.target]: targetOf(draft, headers),
  }
}

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Secrets are not shown, so the form cannot hold them: what is not said of them stays as it is. */
const SECRET = 'headers'

/** A merge patch that makes the one into the other, to the bottom: members that are there no more are cleared. */
const patchFrom = (before: Body, after: Body): Body => ({
  ...Object.fromEntries(
    Object.entries(before)
      .filter(([name, value]) => !(name in after) && value !== null && value !== undefined)
      // Another channel takes none.
      .filter(([name]) => name !== SECRET || before['channel'] !== after['channel'])
      .map(([name]) => [name, null]),
  ),
  ...Object.fromEntries(
    Object.entries(after).map(([name, value]) => {
      const old = before[name]
      return [name, isObject(old) && isObject(value) && name !== SECRET ? patchFrom(old, value) : value]
    }),
  ),
})

const CHANGEABLE = ['cron', 'rrule', 'startsAt', 'endsAt', 'exclude', ...TARGETS] as const

/** What makes the schedule into what the form says, where there are secrets that only a patch leaves alone. */
export const patchOf = (schedule: Schedule, draft: ScheduleDraft, headers: string): Body => {
  const { name: _name, ...after } = bodyOf(draft, headers)
  return patchFrom(Object.fromEntries(CHANGEABLE.map((name) => [name, schedule[name]])), after)
}

const bound = (given: unknown, timeZone: string): Bound => {
  if (given === null || given === undefined) return NO_BOUND
  const local =
    isObject(given) && typeof given['local'] === 'string'
      ? given['local'].slice(0, 16)
      : toLocal(typeof given === 'string' ? given : '', timeZone)
  return { local, given, shown: local }
}

/** The form of what there is. */
export const draftOf = (schedule: Schedule): { draft: ScheduleDraft; headers: string; secret: string[] } => {
  const timeZone = schedule.timeZone ?? 'UTC'
  const target = TARGETS.find((name) => isObject(schedule[name])) ?? 'notification'
  const found = schedule[target]
  const given: Body = isObject(found) ? found : {}
  const { draft: message, headers, secret } = messageDraftOf(target === 'notification' ? given : {})
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : '')
  const { name: _name, data, type: _type, id: _id, locale: _locale, ...rest } = given
  const draft: ScheduleDraft = {
    ...EMPTY,
    name: schedule.name,
    ...{
      ruleKind: schedule.cron === undefined ? 'rrule' : 'cron',
      rule: schedule.cron ?? schedule.rrule ?? '',
    },
    ...{
      ruleZone: timeZone,
      starts: bound(schedule.startsAt, timeZone),
      ends: bound(schedule.endsAt, timeZone),
    },
    exclude: (schedule.exclude ?? []).join('\n'),
    jitterSeconds: String(schedule.jitterSeconds ?? 0),
    missed: schedule.missed ?? 'once',
    missedWithinSeconds: String(schedule.missedWithinSeconds ?? 86_400),
    concurrent: schedule.concurrent ?? 'allow',
    dstGap: schedule.dstGap ?? 'next',
    dstOverlap: schedule.dstOverlap ?? 'first',
    target,
    message: { ...message, dedupeKey: text('dedupeKey'), rest: keptOf(given) },
    taskName: target === 'task' ? text('name') : '',
    taskData: data === undefined ? '' : JSON.stringify(data, null, 2),
    ...{ type: text('type'), id: text('id'), locale: text('locale') },
    rest: target === 'notification' ? {} : rest,
    version: schedule.version,
  }
  return { draft, headers, secret }
}

/** Of a notification, what the fields of a message do not show: how long it is worth sending. */
const keptOf = (given: Body): Body => ({
  ...(given['expiresAt'] !== undefined && given['expiresAt'] !== null && { expiresAt: given['expiresAt'] }),
  ...(given['attachments'] !== undefined &&
    given['attachments'] !== null && { attachments: given['attachments'] }),
})
