import type { Answer, Notification } from '../../api/types.ts'

type Run = Answer<'/v1/runs'>['items'][number]
type Publication = Answer<'/v1/publications'>['items'][number]

/** What can be changed in bulk, by its place in the API. */
export type BulkSubject = 'notifications' | 'runs' | 'publications'
export type Outcome = 'failed' | 'delivered' | 'succeeded'

/** One of those that match, as the preview shows it. */
export interface Sampled {
  id: string
  state: string
  dueAt: string
}

interface Shown<Item extends Sampled> {
  /** What its calls name the time at which it is tried again. */
  when: 'sendAt' | 'runAt' | 'publishAt'
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

/** What differs between the subjects; all else is the same for each. */
export const SUBJECTS: Readonly<Record<BulkSubject, Shown<never>>> = { notifications, runs, publications }

/** By the kind of a dead letter. */
export const subjectOfKind = (kind: string): BulkSubject | null =>
  kind === 'notification'
    ? 'notifications'
    : kind === 'run'
      ? 'runs'
      : kind === 'publication'
        ? 'publications'
        : null
