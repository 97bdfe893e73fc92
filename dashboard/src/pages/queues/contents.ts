import { isNamedAsTask, taskOfQueue } from '../../parts/task-of-queue.ts'

/** What a queue holds, where there is a list of that. */
export type Contents = { task: string } | { channel: string } | null

/** Of these there is none. */
const OTHERS = new Set(['webhooks', 'publishing'])

/** `tasks`: the names that the server knows. `queues`: all that are shown, by name. */
export const ofQueue = (
  queue: string,
  { tasks, queues }: { tasks: readonly string[]; queues: readonly string[] },
): Contents => {
  if (OTHERS.has(queue)) return null
  // Where a channel has the same name, the queue of the task has another one.
  const isTask = tasks.includes(queue) && !queues.includes(`task:${queue}`)
  return isTask || isNamedAsTask(queue) ? { task: taskOfQueue(queue) } : { channel: queue }
}

/** As workers name what they have in hand: `tasks.report`, `notifications.email`. */
export const ofLane = (lane: string): Contents => {
  const [, kind, name = ''] = /^(tasks|notifications)\.(.+)$/u.exec(lane) ?? []
  if (kind === 'tasks') return { task: name }
  return kind === 'notifications' ? { channel: name } : null
}
