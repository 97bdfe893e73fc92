import { expect, test } from 'vitest'
import { startTestApp } from '../kit/app.ts'
import { createTestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { startTestPostgres, TEST_VERSIONS } from '../kit/postgres.ts'

test.each(TEST_VERSIONS)(
  'PostgreSQL %i: from empty, through a whole life with a retry, to nothing left',
  async (version) => {
    const postgres = await startTestPostgres({ version })
    try {
      const database = await createTestDatabase('template0', postgres.adminUrl)
      const app = await startTestApp({ database })
      try {
        expect(app.records.some((r) => r.msg.includes(`version ${version}.`))).toBe(true)
        const { client } = app
        // Nobody listens there: each attempt fails.
        const id = await client.create({
          ...{ channel: 'probe', to: 'http://127.0.0.1:9/', message: 'x', sendAt: { delay: 0.1 } },
          ...{ retry: { limit: 1, delaySeconds: 0.1 }, tags: ['a'], metadata: { n: null }, groupKey: 'g' },
        })
        expect(await client.inState(id, 'failed')).toMatchObject({
          reason: 'retries_exhausted',
          attemptCount: 2,
        })
        expect(
          (await client.call('POST', `/v1/notifications/${id}/retry`, { sendAt: { delay: '1h' } })).status,
        ).toBe(200)
        expect((await client.call('PATCH', `/v1/notifications/${id}`, { priority: 5 })).status).toBe(200)
        for (const query of [
          'tag=a&q=x',
          'state=scheduled',
          'groupKey=g&sort=-createdAt',
          'to=http://127.0.0.1:9/',
        ])
          expect((await client.call('GET', `/v1/notifications?${query}`)).body.items).toMatchObject([{ id }])
        expect(
          (await client.call('GET', `/v1/notifications/${id}/timeline`)).body.items.length,
        ).toBeGreaterThan(8)
        expect(await database.query('select id::text from yeyak.upcoming')).toEqual([{ id }])
        expect((await client.call('POST', `/v1/notifications/${id}/cancel`)).status).toBe(200)
        const log = await client.create({ message: `on ${version}` })
        expect((await client.inState(log, 'delivered')).lateMs).toBeLessThan(2_000)
        expect(app.records.some((r) => r.msg === `✅ [알림 발송 성공] on ${version}`)).toBe(true)
        const story = { id: 's', data: { title: 't' }, schedule: { publishAt: { delay: 0.5 } } }
        expect((await client.call('POST', '/v1/content/story', story)).status).toBe(201)
        const asOf = new Date(Date.now() + 60_000).toISOString()
        const seen = await client.call('GET', `/v1/content/story?asOf=${asOf}`)
        expect(seen.body.items).toMatchObject([{ id: 's', liveRevision: 1 }])
        await eventually(
          'the story is live',
          async () => (await client.call('GET', '/v1/content/story/s?view=live')).status === 200,
        )
        expect(await database.query(`select id, revision from yeyak.live('story')`)).toEqual([
          { id: 's', revision: 1 },
        ])
        expect(app.records.filter((r) => r.level >= 50)).toEqual([])
        const [left] = await database.query(
          `select (select count(*)::int from yeyak.timers) as timers,
                (select count(*)::int from yeyak_queue.job where state <= 'active') as jobs`,
        )
        expect(left).toEqual({ timers: 0, jobs: 0 })
      } finally {
        await app.end()
      }
    } finally {
      await postgres.stop()
    }
  },
)
