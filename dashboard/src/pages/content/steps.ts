import { toLocal } from '../../i18n/zone.ts'
import type { LocalWhen, WallClock } from '../../parts/when/when.ts'
import { whenOf } from '../../parts/when/when.ts'
import type { Item } from './queries.ts'

export const ACTIONS = ['publish', 'unpublish', 'archive'] as const
export type Action = (typeof ACTIONS)[number]
export const MOST_STEPS = 20

/** One thing that is to become of an item, as a form holds it. */
export interface Step {
  action: Action
  clock: WallClock
  /** The time as it is kept, for as long as it is not touched here: a form shows minutes only. */
  kept: LocalWhen | string | null
  /** Empty: the draft as it is when it is scheduled, or as it is then. */
  revision: string
}

const isLocal = (when: unknown): when is LocalWhen =>
  typeof when === 'object' && when !== null && 'local' in when

/** Nine o'clock of the next day, where there is nothing yet: a time that people announce. */
export const firstStep = (timeZone: string, after: number = Date.now()): Step => ({
  action: 'publish',
  clock: {
    local: `${toLocal(new Date(after + 86_400_000).toISOString(), timeZone).slice(0, 10)}T09:00`,
    timeZone,
    disambiguation: '',
  },
  kept: null,
  revision: '',
})

/** What is pending for the item by itself; a release decides about its own. */
export const stepsOf = ({ schedule }: Pick<Item, 'schedule'>, timeZone: string): Step[] => {
  if (schedule === null) return []
  const given: Partial<Record<Action, unknown>> = {
    publish: schedule.publishAt,
    unpublish: schedule.unpublishAt,
  }
  const own = schedule.publications.filter(({ releaseId }) => releaseId === null)
  return own.map(({ action, dueAt, revision }) => {
    const when = given[action]
    // What was given is that of the first of its kind.
    delete given[action]
    if (isLocal(when))
      return {
        action,
        clock: { local: when.local.slice(0, 16), timeZone: when.timeZone, disambiguation: '' },
        kept: when,
        revision: revision === null ? '' : String(revision),
      }
    return {
      action,
      clock: { local: toLocal(dueAt, timeZone), timeZone, disambiguation: '' },
      kept: dueAt,
      revision: revision === null ? '' : String(revision),
    }
  })
}

/** As the API takes them; null while a time is missing. */
export const actionsOf = (steps: readonly Step[]) => {
  const all = steps.map(({ action, clock, kept, revision }) => {
    const at = kept ?? whenOf(clock)
    return at === null
      ? null
      : { action, at, ...(action === 'publish' && revision !== '' && { revision: Number(revision) }) }
  })
  return all.every((step) => step !== null) && all.length > 0 ? all : null
}
