import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
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

interface ContentsLinkProps {
  of: Contents
  /** Only what is under way. */
  isRunning?: boolean
  children: ReactNode
}

/** Leads to what is in a queue: to runs of its task, or to notifications of its channel. */
export const ContentsLink = ({ of, isRunning = false, children }: ContentsLinkProps) => {
  if (of === null) return children
  return 'task' in of ? (
    <Link to="/runs" search={{ ...of, ...(isRunning && { state: 'running' }) }}>
      {children}
    </Link>
  ) : (
    <Link to="/notifications" search={{ ...of, ...(isRunning && { state: 'sending' }) }}>
      {children}
    </Link>
  )
}
