import { expect, test } from 'vitest'
import { createClient, type Reply } from '../kit/client.ts'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { startProxy } from '../kit/proxy.ts'

const ANSWER_MS = 5_000
/** Two of these wait for time-outs of 10 and 30 s to run out: too long for every run. */
const isLong = process.env['YEYAK_TEST_LONG'] === '1'

test.concurrent('a database that swallows everything is told within 5 s, to each of many callers, and nothing is half-written', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  const proxy = await startProxy(d.database.url)
  onTestFinished(proxy.stop)
  const child = await d.spawn('start', { env: { DATABASE_URL: proxy.url } })
  const { call } = createClient(String(child.url))
  expect((await call('POST', '/schedule-notification', { message: 'before' })).status).toBe(200)

  proxy.blackhole()
  const timed = async (path: string): Promise<{ reply: Reply; ms: number }> => {
    const startedAt = performance.now()
    return { reply: await call('POST', path, { message: 'swallowed' }), ms: performance.now() - startedAt }
  }
  // Two waves: connections that were open are found dead by the first, the second has to make new ones.
  for (let wave = 0; wave < 2; wave += 1) {
    const old = Array.from({ length: 20 }, () => timed('/schedule-notification'))
    const fresh = Array.from({ length: 20 }, () => timed('/v1/notifications'))
    for (const { reply, ms } of await Promise.all(old)) {
      expect([reply.status, reply.text]).toEqual([500, '서버 오류 발생'])
      expect(ms).toBeLessThan(ANSWER_MS)
    }
    for (const { reply, ms } of await Promise.all(fresh)) {
      expect([reply.status, reply.body.code]).toEqual([503, 'unavailable'])
      expect(ms).toBeLessThan(ANSWER_MS)
    }
  }
  await child.logged('작업 예약 실패:')

  proxy.restore()
  const reply = await eventually('accepted again', async () => {
    const answer = await call('POST', '/v1/notifications', {
      ...{ channel: 'probe', to: d.receiver.url, message: 'after' },
    })
    return answer.status === 201 && answer
  })
  await d.client.inState(reply.body.id, 'delivered', 40_000)
  // What was on its way may have gone through after all; then all of it.
  const halves = await d.database.query(
    `select n.id from yeyak.notifications n where n.finished_at is null and n.attempt_no = 0
       and not exists (select 1 from yeyak.timers t where t.subject_id = n.id)
       and not exists (select 1 from yeyak_queue.job_common j where j.data ->> 's' = n.id::text)
     union all select t.subject_id from yeyak.timers t
       where not exists (select 1 from yeyak.notifications n where n.id = t.subject_id)
     union all select n.id from yeyak.notifications n
       where not exists (select 1 from yeyak.events e where e.subject_id = n.id::text)`,
  )
  expect(halves).toEqual([])
  expect(child.errors).toBe('')
})

test
  .skipIf(!isLong)
  .concurrent(
    'a server that is gone without a word is given up, and the work goes on over new connections',
    async ({ onTestFinished }) => {
      const d = await createDeployment({ env: { YEYAK_POLL_SECONDS: '1' } })
      onTestFinished(d.end)
      const proxy = await startProxy(d.database.url)
      onTestFinished(proxy.stop)
      const worker = await d.spawn('worker', { env: { DATABASE_URL: proxy.url } })
      await d.client.inState(await d.schedule('before'), 'delivered')
      // As a fail-over that closes nothing: what is open stays silent for ever.
      proxy.strand()
      const id = await d.schedule('after')
      await d.client.inState(id, 'delivered', 60_000)
      expect(worker.errors).toBe('')
    },
  )

test
  .skipIf(!isLong)
  .concurrent('SIGTERM ends a process whose database swallows everything', async ({ onTestFinished }) => {
    const d = await createDeployment({ env: { YEYAK_SHUTDOWN_SECONDS: '1' } })
    onTestFinished(d.end)
    const proxy = await startProxy(d.database.url)
    onTestFinished(proxy.stop)
    d.receiver.behave(() => ({ kind: 'hang' }))
    const child = await d.spawn('start', { env: { DATABASE_URL: proxy.url } })
    await d.schedule('in the send', { timeoutSeconds: 60 })
    await eventually('in the send', () => d.receiver.received.length === 1)
    proxy.blackhole()
    child.kill('SIGTERM')
    await eventually('ended', () => child.hasEnded, 45_000)
    expect(await child.exited).toBe(0)
  })
