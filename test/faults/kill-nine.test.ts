import { expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { backendWith, databaseNow, holdJobs, holdNotification, jobIs, lapseClaims } from '../kit/session.ts'
import { allDelivered, attemptsOf, takeStock } from '../kit/stock.ts'

const TAKEOVER_MS = 15_000

// Side by side: most of each is the wait for a claim to lapse.
test.concurrent('an accepted notification survives kill -9 of its worker at every step, and a lapsed claim is taken over within 15 s', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  const { database, receiver } = d
  const answer = Promise.withResolvers<null>()
  receiver.behave((r) => {
    if (r.attempt > 1) return { kind: 'deliver' }
    if (r.message === 'in the send') return { kind: 'hang' }
    return r.message === 'after the send' ? { kind: 'hold', until: answer.promise } : { kind: 'deliver' }
  })
  const sent = (id: string) => eventually(`${id} sent`, () => receiver.received.some((r) => r.id === id))

  // The survivor is up, and stands still until the other one is dead: who does what would be left to chance.
  const survivor = await d.spawn('worker')
  survivor.kill('SIGSTOP')
  // Three in hand, so that the fourth is handed over and not claimed.
  const victim = await d.spawn('worker', { env: { YEYAK_CONCURRENCY: '3' } })

  const inSend = await d.schedule('in the send', { timeoutSeconds: 60 })
  const afterSend = await d.schedule('after the send', { timeoutSeconds: 60 })
  await Promise.all([sent(inSend), sent(afterSend)])
  const unrecorded = await holdNotification(database, afterSend)
  answer.resolve(null)
  await backendWith(database, 'yeyak-worker', 'attempt_job as "attemptJob"', false)

  const claimed = await d.schedule('claimed, not begun', { sendAt: { delay: 0.5 } })
  const unbegun = await holdNotification(database, claimed)
  await jobIs(database, claimed, 'active')
  const ready = await d.schedule('handed over, not claimed')
  await jobIs(database, ready, 'created')

  const before = await d.schedule('before the hand-over', { sendAt: { delay: 4 } })
  const jobs = await holdJobs(database)
  const handingOver = await d.schedule('in the hand-over')
  await backendWith(database, 'yeyak-worker', 'job_common', true)

  victim.kill('SIGKILL')
  const killedAt = await databaseNow(database)
  await victim.exited
  await Promise.all([jobs.release(), unbegun.release(), unrecorded.release()])
  survivor.kill('SIGCONT')

  const once = [before, handingOver, ready, claimed]
  const twice = [inSend, afterSend]
  const ended = await Promise.all([...once, ...twice].map((id) => d.client.inState(id, 'delivered', 20_000)))
  for (const { finishedAt, message } of ended)
    expect(Date.parse(finishedAt) - killedAt.getTime(), message).toBeLessThan(TAKEOVER_MS)

  const outcomes = async (id: string) => (await attemptsOf(database, id)).map((attempt) => attempt.outcome)
  const numbers = (id: string) => receiver.received.filter((r) => r.id === id).map((r) => r.attempt)
  for (const id of once) {
    expect(await outcomes(id)).toEqual(['delivered'])
    expect(numbers(id)).toEqual([1])
  }
  for (const id of twice) {
    expect(await outcomes(id)).toEqual(['unknown', 'delivered'])
    expect(numbers(id)).toEqual([1, 2])
  }
  const stock = await takeStock(database, receiver.received)
  expect(stock).toEqual(allDelivered(6))
})

test.concurrent('what was accepted over HTTP before kill -9 is delivered after the next start', async ({
  onTestFinished,
}) => {
  const d = await createDeployment()
  onTestFinished(d.end)
  const first = await d.spawn('start')
  const accepted: string[] = []
  const post = async (caller: number): Promise<void> => {
    const client = createClient(String(first.url))
    for (let i = 0; ; i += 1) {
      const sendAt = { delay: ((caller + i) % 20) / 10 }
      accepted.push(
        await client.create({ channel: 'probe', to: d.receiver.url, message: `${caller}.${i}`, sendAt }),
      )
    }
  }
  const callers = Array.from({ length: 8 }, (_, caller) => post(caller).catch(() => {}))
  await eventually('400 accepted', () => accepted.length >= 400)
  first.kill('SIGKILL')
  await Promise.all(callers)
  // What nobody was answered for may be there too, or not; but not half of it.
  const [there] = await d.database.query<{ n: number }>('select count(*)::int as n from yeyak.notifications')

  const second = await d.spawn('start')
  await second.logged('were due while stopped')
  const stock = await eventually(
    'all delivered',
    async () => {
      const now = await takeStock(d.database, d.receiver.received)
      return now.open.length === 0 && now
    },
    20_000,
  )
  expect(stock).toEqual(allDelivered(there?.n ?? 0))
  const received = new Set(d.receiver.received.map((r) => r.id))
  expect(accepted.filter((id) => !received.has(id))).toEqual([])
})

test.concurrent('a message that takes its worker down three times is not begun a fourth time, and holds up no other', async ({
  onTestFinished,
}) => {
  const d = await createDeployment({ env: { YEYAK_POLL_SECONDS: '1' } })
  onTestFinished(d.end)
  d.receiver.behave((r) => (r.message === 'deadly' ? { kind: 'hang' } : { kind: 'deliver' }))
  const deadly = await d.schedule('deadly', { timeoutSeconds: 60 })
  for (const attempt of [1, 2, 3]) {
    const victim = await d.spawn('worker')
    await eventually('begun', () => d.receiver.received.some((r) => r.id === deadly && r.attempt === attempt))
    victim.kill('SIGKILL')
    await victim.exited
    await lapseClaims(d.database)
  }
  const harmless = await d.schedule('harmless')
  await d.spawn('worker')
  await d.client.inState(harmless, 'delivered')
  const failed = await d.client.inState(deadly, 'failed')
  expect(failed.reason).toBe('worker_lost')
  expect(failed.attempts.map((a: { outcome: string }) => a.outcome)).toEqual([
    'unknown',
    'unknown',
    'unknown',
  ])
  expect(d.receiver.received.filter((r) => r.id === deadly)).toHaveLength(3)
})
