import { expect, onTestFinished, test } from 'vitest'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { holdNotification, jobIs } from '../kit/session.ts'
import { attemptsOf } from '../kit/stock.ts'

// Shown first by a real crash in the middle of a burst: some 76 sends of 6,000 were made twice.
test('a claim that a crash of PostgreSQL has forgotten does not make two sends of one attempt', async () => {
  const d = await createDeployment({ env: { YEYAK_POLL_SECONDS: '1' } })
  onTestFinished(d.end)
  const answer = Promise.withResolvers<null>()
  d.receiver.behave((r) =>
    r.message === 'twice?' ? { kind: 'hold', until: answer.promise } : { kind: 'deliver' },
  )
  await d.spawn('worker')
  const id = await d.schedule('twice?', { sendAt: { delay: 0.3 }, timeoutSeconds: 60 })
  const held = await holdNotification(d.database, id)
  await jobIs(d.database, id, 'active')
  // Claims commit asynchronously: after a crash the job may be there, and free, while a worker holds it in its hand.
  await d.database.query(
    `update yeyak_queue.job_common set state = 'created', started_on = null, heartbeat_on = null where data ->> 's' = $1`,
    [id],
  )
  await d.spawn('worker')
  await jobIs(d.database, id, 'active')
  await held.release()
  await eventually('sent', () => d.receiver.received.some((r) => r.id === id))
  // Both have looked at it again by the time that something later is delivered twice over.
  for (const message of ['later', 'later still'])
    await d.client.inState(await d.schedule(message, { sendAt: { delay: 0.5 } }), 'delivered')
  answer.resolve(null)
  await d.client.inState(id, 'delivered')
  expect(d.receiver.received.filter((r) => r.id === id).map((r) => r.attempt)).toEqual([1])
  expect((await attemptsOf(d.database, id)).map((attempt) => attempt.outcome)).toEqual(['delivered'])
})
