import { expect, test } from 'vitest'
import { ofLane, ofQueue } from './contents.ts'

test('a queue leads to runs of its task, also where a channel has the same name, or to notifications', () => {
  const known = { tasks: ['report', 'email'], queues: ['email', 'log', 'report', 'task:email', 'webhooks'] }
  expect(known.queues.map((queue) => ofQueue(queue, known))).toEqual([
    { channel: 'email' },
    { channel: 'log' },
    { task: 'report' },
    { task: 'email' },
    null,
  ])
})

test('what a worker has in hand leads to what it is, where there is a list of that', () => {
  expect(['tasks.a.b', 'notifications.email', 'publishing.release', 'webhooks'].map(ofLane)).toEqual([
    { task: 'a.b' },
    { channel: 'email' },
    null,
    null,
  ])
})
