import type { Answer, Notification } from '../../api/types.ts'

type Run = Answer<'/v1/runs'>['items'][number]
type Publication = Answer<'/v1/publications'>['items'][number]
type Release = Answer<'/v1/releases'>['items'][number]
type ScheduleRun = Answer<'/v1/schedule-runs'>['items'][number]
type Delivery = Answer<'/v1/webhook-deliveries'>['items'][number]

/** What can be changed in bulk, by its place in the API. */
export type BulkSubject =
  | 'notifications'
  | 'runs'
  | 'publications'
  | 'releases'
  | 'schedule-runs'
  | 'webhook-deliveries'
export type Outcome = 'failed' | 'delivered' | 'succeeded' | 'canceled'

/** One of those that match, as the preview shows it. */
export interface Sampled {
  id: string
  state: string
  dueAt: string | null
  /** Its other fields, by their names. */
  readonly [name: string]: unknown
}

interface Shown<Item extends Sampled> {
  /** What its calls name the time at which it is tried again; null where that is at once. */
  when: 'sendAt' | 'runAt' | 'publishAt' | null
  /** What an operator may say of it, the likelier first. Of a publication that has failed nobody need say that it has. */
  outcomes: readonly [Outcome, ...Outcome[]]
  titleOf(item: Item): string
}

const notifications: Shown<Notification> = {
  when: 'sendAt',
  outcomes: ['failed', 'delivered'],
  titleOf: ({ subject, message, text, to }) =>
    subject ?? message ?? text ?? (typeof to === 'string' ? to : ''),
}

const runs: Shown<Run> = {
  when: 'runAt',
  outcomes: ['failed', 'succeeded'],
  titleOf: ({ task, data }) => `${task} ${JSON.stringify(data)}`,
}

const publications: Shown<Publication> = {
  when: 'publishAt',
  outcomes: ['succeeded'],
  titleOf: ({ action, type, resourceId, locale }) =>
    [`${action} ${type}:${resourceId}`, ...(locale === '' ? [] : [locale])].join(':'),
}

const releases: Shown<Release> = {
  when: 'publishAt',
  outcomes: ['canceled'],
  titleOf: ({ title }) => title,
}

const scheduleRuns: Shown<ScheduleRun> = {
  when: null,
  outcomes: ['canceled'],
  titleOf: ({ scheduleId, cause }) => (cause === 'schedule' ? scheduleId : `${scheduleId} (${cause})`),
}

const deliveries: Shown<Delivery> = {
  when: null,
  outcomes: ['canceled', 'delivered'],
  titleOf: ({ type, eventId }) => `${type} evt_${eventId}`,
}

/** What differs between the subjects; all else is the same for each. */
export const SUBJECTS: Readonly<Record<BulkSubject, Shown<never>>> = {
  ...{ notifications, runs, publications, releases },
  ...{ 'schedule-runs': scheduleRuns, 'webhook-deliveries': deliveries },
}

const KINDS: Readonly<Record<string, BulkSubject>> = {
  ...{ notification: 'notifications', run: 'runs', publication: 'publications', release: 'releases' },
  ...{ schedule: 'schedule-runs', webhook: 'webhook-deliveries' },
}

/** By the kind of a dead letter; null of one that a newer server knows. */
export const subjectOfKind = (kind: string): BulkSubject | null => KINDS[kind] ?? null
