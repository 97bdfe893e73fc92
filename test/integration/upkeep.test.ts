import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ env: { YEYAK_RETENTION_DAYS: '30' } })
})
afterAll(() => t.end())

const partitions = async (): Promise<string[]> => {
  const rows = await t.database.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'yeyak.events'::regclass order by 1`,
  )
  return rows.map((row) => row.name.replace('yeyak.', ''))
}

test('history goes to the partition of its month, and the months to come are there', async () => {
  await t.client.inState(await t.client.create({ message: 'one' }), 'delivered')
  const month = new Date().toISOString().slice(0, 7).replace('-', '_')
  const names = await partitions()
  expect(names).toContain(`events_${month}`)
  expect(names).toHaveLength(4)
  const [inDefault] = await t.database.query<{ n: number }>(
    'select count(*)::int as n from yeyak.events_default',
  )
  expect(inDefault?.n).toBe(0)
})

test('retention removes what was final for long, keeps what is open, and drops whole months', async () => {
  const done = await t.client.create({ message: 'old and done' })
  const open = await t.client.create({ message: 'old and open', sendAt: { delay: '1d' } })
  await t.client.inState(done, 'delivered')
  await t.database.query(
    `update yeyak.notifications set due_at = now() - interval '40 days',
       finished_at = case when id = $1 then now() - interval '40 days' end where id in ($1, $2)`,
    [done, open],
  )
  await t.database.query(
    `create table yeyak.events_2020_01 partition of yeyak.events for values from ('2020-01-01') to ('2020-02-01')`,
  )
  const again = await startTestApp({ database: t.database, env: { YEYAK_RETENTION_DAYS: '30' } })
  await eventually('the old month is dropped', async () => !(await partitions()).includes('events_2020_01'))
  await again.end()
  expect((await t.client.call('GET', `/v1/notifications/${done}`)).status).toBe(404)
  expect((await t.client.call('GET', `/v1/notifications/${open}`)).status).toBe(200)
})
