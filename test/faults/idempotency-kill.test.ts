import { expect, test } from 'vitest'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'

test('100 creates with one idempotency key make one notification, though the server is killed between them', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  const body = { message: 'once', sendAt: { delay: '1h' } }
  const ids = new Set<string>()
  let answered = 0
  for (let round = 0; round < 4; round += 1) {
    const server = await d.spawn('api')
    const url = new URL('/v1/notifications', server.url ?? '')
    let inRound = 0
    const calls = Array.from({ length: 25 }, async () => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': 'order-1' },
          body: JSON.stringify(body),
        })
        inRound += 1
        ids.add(((await response.json()) as { id: string }).id)
        answered += 1
      } catch {
        // The server was killed before it could answer.
      }
    })
    // Killed while some are answered, and others are under way.
    await eventually('the first answer', () => inRound > 0 || round % 2 === 0)
    server.kill('SIGKILL')
    await Promise.all(calls)
    await server.exited
  }
  expect(answered).toBeGreaterThan(0)
  expect(ids.size).toBe(1)
  const rows = await d.database.query('select 1 from yeyak.notifications')
  expect(rows).toHaveLength(1)
})
