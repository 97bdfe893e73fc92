import type { Actor } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import type { Logger } from '../platform/log.ts'
import type { Timers } from '../timers/index.ts'
import { DEFAULTS, type NewNotification } from './repository-insert.ts'
import type { Repository } from './repository.ts'
import { laneOf } from './prepare.ts'

/** A queue that other programs fill, with any pg-boss client: `{"message"}` is delivered at once on channel `log`. */
export const INTAKE_QUEUE = 'send-alert'

const ACTOR: Actor = { kind: 'queue', id: INTAKE_QUEUE }

interface Alert {
  id: string
  data: unknown
}

const messageOf = ({ data }: Alert): string | null => {
  if (typeof data !== 'object' || data === null || !('message' in data)) return null
  return typeof data.message === 'string' && data.message !== '' ? data.message : null
}

/** Accepts a batch of alerts: those with a message become notifications, the others are warned of. */
export const createSendAlert = (o: {
  clock: Clock
  repository: Repository
  timers: Timers
  log: Logger
  projectId: number
}) => {
  const toNotification = (message: string, dueAt: Date): NewNotification => ({
    ...DEFAULTS,
    id: newId(),
    projectId: o.projectId,
    actor: ACTOR,
    channel: 'log',
    lane: laneOf('log'),
    content: { message },
    dueAt,
    requestedAt: dueAt,
    metadata: { source: INTAKE_QUEUE },
  })

  return async (tx: Database, alerts: readonly Alert[]): Promise<() => void> => {
    const dueAt = await o.clock.now()
    const messages = alerts.map(messageOf).filter((message) => message !== null)
    if (messages.length > 0)
      await o.repository.insert(
        tx,
        messages.map((message) => toNotification(message, dueAt)),
      )
    return () => {
      for (const alert of alerts)
        if (messageOf(alert) === null) o.log.warn(`⚠️ [알림 데이터 없음] jobId=${alert.id}`)
      if (messages.length > 0) o.timers.wake(dueAt.getTime())
    }
  }
}
