import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { startOwnPostgres } from '../kit/own-postgres.ts'

/** Longer than a claim lives unrenewed, and so short that nobody has renewed it when the server is back. */
const OUTAGE_MS = 10_500
const SENDS = 4

test('after an outage longer than a claim lives, the living keep what they are sending: each attempt is sent once', async () => {
  const { postgres, database } = await startOwnPostgres()
  onTestFinished(() => postgres.stop())
  const d = await createDeployment({ database, env: { YEYAK_POLL_SECONDS: '1' } })
  onTestFinished(d.end)
  d.receiver.behave(() => ({ kind: 'hang' }))
  for (let i = 0; i < 2; i += 1) await d.spawn('worker')
  const ids = await Promise.all(
    Array.from({ length: SENDS }, (_, i) => d.schedule(`${i}`, { timeoutSeconds: 120 })),
  )
  await eventually('all are being sent', () => d.receiver.received.length === SENDS)

  await postgres.stopServer()
  // No signal tells that a claim has lapsed while its database is down.
  await sleep(OUTAGE_MS)
  await postgres.startServer()
  // What comes later is delivered by workers that have looked at every claim since.
  d.receiver.behave((r) => (ids.includes(r.id) ? { kind: 'hang' } : { kind: 'deliver' }))
  for (const delay of [1, 4, 8]) {
    const later = await eventually('accepted again', () =>
      d.schedule('later', { sendAt: { delay } }).catch(() => null),
    )
    await d.client.inState(later, 'delivered', 30_000)
  }
  d.receiver.releaseHanging()
  for (const id of ids) {
    const done = await d.client.inState(id, 'delivered')
    expect(done.attempts).toMatchObject([{ number: 1, outcome: 'delivered' }])
    expect(d.receiver.received.filter((r) => r.id === id)).toHaveLength(1)
  }
})
