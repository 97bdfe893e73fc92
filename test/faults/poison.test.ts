import { expect, test } from 'vitest'
import { createDeployment, type Deployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { attemptsOf } from '../kit/stock.ts'

const outcomes = (item: { attempts: { outcome: string }[] }) => item.attempts.map((a) => a.outcome)
const sendsOf = (d: Deployment, id: string) => d.receiver.received.filter((r) => r.id === id)

test.concurrent('a poison message reaches the dead letters with every attempt on record, and holds up no other', async ({
  onTestFinished,
}) => {
  // Two slots: what is poisonous would soon hold both of them, were they not given back.
  const d = await createDeployment({ env: { YEYAK_CONCURRENCY: '2' } })
  onTestFinished(d.end)
  await d.spawn('worker')
  d.receiver.behave((r) => {
    if (r.message === 'fails') return { kind: 'fail' }
    if (r.message === 'lies') return { kind: 'lie' }
    if (r.message === 'is refused') return { kind: 'reject' }
    return r.message === 'hangs' ? { kind: 'hang' } : { kind: 'deliver' }
  })
  const retry = { limit: 2, delaySeconds: 0.05, backoff: 'fixed' }
  const [fails, lies, throws, hangs, refused] = await Promise.all([
    d.schedule('fails', { retry }),
    d.schedule('lies', { retry }),
    // No URL: the channel throws before it has sent anything.
    d.schedule('throws', { retry, to: 'nowhere' }),
    d.schedule('hangs', { retry: { ...retry, limit: 1 }, timeoutSeconds: 1 }),
    d.schedule('is refused', { retry }),
  ])
  const others = await Promise.all(
    Array.from({ length: 50 }, (_, i) => d.schedule(`sound ${i}`, { sendAt: { delay: i / 50 } })),
  )
  const delivered = await Promise.all(others.map((id) => d.client.inState(id, 'delivered')))
  // A hanging one holds one of the two slots for its second, no longer; the rest is for a busy machine.
  expect(Math.max(...delivered.map((item) => item.lateMs))).toBeLessThan(10_000)

  expect(await d.client.inState(fails, 'failed')).toMatchObject({
    reason: 'retries_exhausted',
    attemptCount: 3,
  })
  expect(outcomes(await d.client.get(fails))).toEqual(['failed', 'failed', 'failed'])
  expect(sendsOf(d, fails).map((r) => r.attempt)).toEqual([1, 2, 3])

  for (const id of [lies, throws]) {
    const item = await d.client.inState(id, 'failed')
    expect(item.reason).toBe('retries_exhausted')
    expect(outcomes(item)).toEqual(['unknown', 'unknown', 'unknown'])
  }
  expect((await attemptsOf(d.database, lies)).map((a) => a.error?.code)).toEqual(
    Array.from({ length: 3 }, () => 'invalid-outcome'),
  )

  expect(outcomes(await d.client.inState(hangs, 'failed'))).toEqual(['unknown', 'unknown'])
  for (const attempt of await attemptsOf(d.database, hangs)) {
    const tookMs = attempt.finishedAt.getTime() - attempt.startedAt.getTime()
    expect(attempt.error?.code).toBe('timeout')
    expect(tookMs).toBeGreaterThanOrEqual(999)
    expect(tookMs).toBeLessThan(5_000)
  }
  const rejected = await d.client.inState(refused, 'failed')
  expect(rejected).toMatchObject({ reason: 'rejected', attemptCount: 1 })

  const letters = await d.client.call('GET', '/v1/notifications?state=failed')
  expect(letters.body.items.map((item: { id: string }) => item.id).sort()).toEqual(
    [fails, lies, throws, hangs, refused].sort(),
  )
})

test.concurrent('an unknown outcome is not tried again where the sender says stop, and is settled by hand', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  await d.spawn('worker')
  d.receiver.behave((r) => (r.attempt === 1 ? { kind: 'drop' } : { kind: 'deliver' }))
  const [seen, unseen] = await Promise.all([
    d.schedule('it had arrived', { onUnknown: 'stop' }),
    d.schedule('it had not', { onUnknown: 'stop' }),
  ])
  for (const id of [seen, unseen]) {
    const item = await d.client.inState(id, 'failed')
    expect(item.reason).toBe('outcome_unknown')
    expect(outcomes(item)).toEqual(['unknown'])
  }
  const note = 'the receiver has it in its log'
  const resolved = await d.client.call('POST', `/v1/notifications/${seen}/resolve`, {
    outcome: 'delivered',
    note,
  })
  expect(resolved.body).toMatchObject({ state: 'delivered', attemptCount: 1 })
  const retried = await d.client.call('POST', `/v1/notifications/${unseen}/retry`, {})
  expect(retried.status).toBe(200)
  const done = await d.client.inState(unseen, 'delivered')
  expect(outcomes(done)).toEqual(['unknown', 'delivered'])
  expect(sendsOf(d, seen)).toHaveLength(1)
  expect(sendsOf(d, unseen).map((r) => r.attempt)).toEqual([1, 2])
})

test.concurrent('an answer that comes after the cut-off changes nothing', async ({ onTestFinished }) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  await d.spawn('worker')
  const late = Promise.withResolvers<null>()
  d.receiver.behave(() => ({ kind: 'hold', until: late.promise }))
  const id = await d.schedule('late', { timeoutSeconds: 1, onUnknown: 'stop' })
  const failed = await d.client.inState(id, 'failed')
  late.resolve(null)
  // Something of the same worker that is surely done later than the late answer.
  d.receiver.behave(() => ({ kind: 'deliver' }))
  await d.client.inState(await d.schedule('after it', { sendAt: { delay: 0.3 } }), 'delivered')
  expect(await d.client.get(id)).toEqual(failed)
})

test.concurrent('jobs that somebody else put into a lane hold up no notification', async ({
  onTestFinished,
}) => {
  const d = await createDeployment({ env: { YEYAK_POLL_SECONDS: '1' } })
  onTestFinished(d.end)
  const id = await d.schedule('beside them')
  const foreign = [
    {},
    { s: 'x', g: 1, h: 0 },
    { s: id, g: 1 },
    { s: id, g: 1e12, h: 0 },
    { s: id, g: 1, h: 'yesterday' },
    { s: id, g: 1, h: 1e300 },
  ]
  for (const data of foreign)
    await d.database.query(
      `insert into yeyak_queue.job (name, data, retry_limit, heartbeat_seconds, expire_seconds, policy, keep_until, deletion_seconds)
       select name, $1, 1000, 10, 3600, policy, now() + interval '1 year', 1 from yeyak_queue.queue where name = 'notifications.probe'`,
      [data],
    )
  await d.spawn('worker')
  await d.client.inState(id, 'delivered')
  await eventually('none of them is left', async () => {
    const [left] = await d.database.query<{ n: number }>(
      'select count(*)::int as n from yeyak_queue.job_common',
    )
    return left?.n === 0
  })
  expect(sendsOf(d, id)).toHaveLength(1)
})
