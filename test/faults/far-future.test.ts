import { expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../kit/database.ts'
import { settableClock } from '../kit/database-clock.ts'
import { createDeployment } from '../kit/deployment.ts'

const DAY_MS = 86_400_000

test('what is due in 30 days and in 5 years is a row, and starts when the clock says so', async () => {
  const database = await createTestDatabase()
  // The database's clock is the one that decides, and this one can be set: nothing of the rows is touched.
  const clock = await settableClock(database)
  const d = await createDeployment({ database, env: { YEYAK_POLL_SECONDS: '1' } })
  onTestFinished(async () => {
    await d.end()
    await database.drop()
  })
  const worker = await d.spawn('worker')
  const items = [
    { id: await d.schedule('in 30 days', { sendAt: { delay: 'P30D' } }), days: 30 },
    { id: await d.schedule('in 5 years', { sendAt: { delay: 'P1826D' } }), days: 1826 },
  ]
  const rows = await database.query<{ id: string; days: number }>(
    `select t.subject_id as id, round(extract(epoch from t.due_at - n.created_at) / 86400)::int as days
     from yeyak.timers t join yeyak.notifications n on n.id = t.subject_id
     where n.due_at = t.due_at and n.state = 'scheduled' order by t.due_at`,
  )
  expect(rows).toEqual(items)

  for (const { id } of items) {
    // Known to the alarm by the time that something which was scheduled later is delivered.
    await d.client.inState(await d.schedule('today'), 'delivered')
    const waiting = await d.client.get(id)
    expect(waiting).toMatchObject({ state: 'scheduled', attemptCount: 0 })
    await clock.set(new Date(Date.parse(waiting.dueAt) - 2_000))
    const done = await d.client.inState(id, 'delivered')
    expect(done.lateMs).toBeGreaterThanOrEqual(0)
    expect(done.lateMs).toBeLessThan(5_000)
    expect(Date.parse(done.attempts[0].startedAt) - Date.parse(done.createdAt)).toBeGreaterThan(29 * DAY_MS)
    expect(done.attempts).toHaveLength(1)
  }
  // Node warns of a timer that it cannot hold, and fires it at once: the alarm would spin.
  expect(worker.errors).toBe('')
  const [busy] = await database.query<{ n: number }>(
    `select count(*)::int as n from yeyak.events where type like '%.delivered'`,
  )
  expect(busy?.n).toBe(4)
})
