import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { type Behaviour, type Received, type Receiver, startReceiver } from '../kit/receiver.ts'

let t: TestApp
let receiver: Receiver
/** What the far side does, by the message's text: one behaviour an attempt, the last one for all further. */
const plans = new Map<string, Behaviour[]>()
const planned = ({ message, attempt }: Received): Behaviour => {
  const plan = plans.get(message) ?? []
  return plan[attempt - 1] ?? plan.at(-1) ?? { kind: 'deliver' }
}
beforeAll(async () => {
  ;[t, receiver] = await Promise.all([startTestApp(), startReceiver()])
  receiver.behave(planned)
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

interface AttemptBody {
  number: number
  outcome: string | null
  startedAt: string
  finishedAt: string
  lateMs: number
  error: { code: string; message: string } | null
}

let made = 0
const send = (plan: Behaviour[], more: object = {}): Promise<string> => {
  made += 1
  const message = `plan ${made}`
  plans.set(message, plan)
  return t.client.create({ channel: 'probe', to: receiver.url, message, ...more })
}
const times = (id: string) => receiver.received.filter((r) => r.id === id).length
/** From the end of each attempt to the start of the next. */
const gaps = (attempts: AttemptBody[]) =>
  attempts.slice(1).map((a, i) => Date.parse(a.startedAt) - Date.parse(attempts[i]?.finishedAt ?? ''))
const outcomes = (attempts: AttemptBody[]) => attempts.map((a) => a.outcome)
const FAIL: Behaviour = { kind: 'fail' }
const DELIVER: Behaviour = { kind: 'deliver' }

/** For a machine that is busy with other tests; how late things are is measured by the benchmarks. */
const ROOM_MS = 2000

/** Each wait is at least its policy's, and at most a tenth more. */
const expectGaps = (attempts: AttemptBody[], ms: number[]) => {
  const waited = gaps(attempts)
  expect(waited).toHaveLength(ms.length)
  for (const [i, wanted] of ms.entries()) {
    expect(waited[i]).toBeGreaterThanOrEqual(wanted)
    expect(waited[i]).toBeLessThan(wanted * 1.1 + ROOM_MS)
  }
}

test.concurrent('exponential waits double up to the maximum, and are never shorter', async () => {
  const id = await send([FAIL], { retry: { limit: 4, delaySeconds: 0.1, maxDelaySeconds: 0.3 } })
  const { attempts, ...done } = await t.client.inState(id, 'failed')
  expect(done).toMatchObject({ reason: 'retries_exhausted', attemptCount: 5, nextAttemptAt: null })
  expect(outcomes(attempts)).toEqual(['failed', 'failed', 'failed', 'failed', 'failed'])
  expectGaps(attempts, [100, 200, 300, 300])
  expect(attempts.every((a: AttemptBody) => a.lateMs >= 0 && a.lateMs < ROOM_MS)).toBe(true)
})

test.concurrent('fixed waits stay the same', async () => {
  const id = await send([FAIL, FAIL, FAIL, DELIVER], { retry: { delaySeconds: 0.15, backoff: 'fixed' } })
  const { attempts, ...done } = await t.client.inState(id, 'delivered')
  expect(done).toMatchObject({ reason: null, attemptCount: 4 })
  expectGaps(attempts, [150, 150, 150])
})

test.concurrent('the far side’s Retry-After wins over a shorter policy, and over a longer one', async () => {
  const after = { kind: 'fail', retryAfterSeconds: 1 } as const
  const now = { kind: 'fail', retryAfterSeconds: 0 } as const
  const longer = send([after, DELIVER], { retry: { delaySeconds: 0 } })
  const shorter = send([now, DELIVER], { retry: { delaySeconds: 3600 } })
  const capped = send([{ kind: 'fail', retryAfterSeconds: 3600 }, DELIVER], {
    retry: { maxDelaySeconds: 0.3 },
  })
  expectGaps((await t.client.inState(await longer, 'delivered')).attempts, [1000])
  expectGaps((await t.client.inState(await shorter, 'delivered')).attempts, [0])
  expectGaps((await t.client.inState(await capped, 'delivered')).attempts, [300])
})

test.concurrent('a Retry-After that is no number leaves the policy in force', async () => {
  const id = await send([{ kind: 'fail', retryAfterSeconds: Number.NaN }, DELIVER], {
    retry: { delaySeconds: 0.1 },
  })
  expectGaps((await t.client.inState(id, 'delivered')).attempts, [100])
})

test.concurrent('a permanent refusal goes straight to the dead letters', async () => {
  const id = await send([{ kind: 'reject' }])
  const done = await t.client.inState(id, 'failed')
  expect(done).toMatchObject({ reason: 'rejected', attemptCount: 1, lateMs: expect.any(Number) })
  expect(done.attempts).toMatchObject([
    { outcome: 'rejected', statusCode: 410, error: { code: 'gone', message: 'refused for good' } },
  ])
  expect(done.finishedAt).toBe(done.attempts[0].finishedAt)
})

test.concurrent('no tries after the first where the limit is 0', async () => {
  const done = await t.client.inState(await send([FAIL], { retry: { limit: 0 } }), 'failed')
  expect(done).toMatchObject({ reason: 'retries_exhausted', attemptCount: 1 })
})

test.concurrent('an attempt whose answer was lost is unknown: tried again, or stopped, as was asked', async () => {
  const drop: Behaviour = { kind: 'drop' }
  const again = await send([drop, DELIVER], { retry: { delaySeconds: 0 } })
  const stopped = await send([drop, DELIVER], { onUnknown: 'stop' })
  const first = await t.client.inState(again, 'delivered')
  expect(outcomes(first.attempts)).toEqual(['unknown', 'delivered'])
  const second = await t.client.inState(stopped, 'failed')
  expect(second).toMatchObject({ reason: 'outcome_unknown', attemptCount: 1 })
  expect(second.attempts).toMatchObject([{ outcome: 'unknown', error: { code: 'connection-lost' } }])
  expect(times(stopped)).toBe(1)
})

test.concurrent('what hangs is cut off at its own timeout, and counts as unknown', async () => {
  const id = await send([{ kind: 'hang' }, DELIVER], { timeoutSeconds: 1, retry: { delaySeconds: 0 } })
  const { attempts } = await t.client.inState(id, 'delivered')
  expect(attempts).toMatchObject([
    { outcome: 'unknown', error: { code: 'timeout', message: 'no answer within 1 s' } },
    { outcome: 'delivered', error: null },
  ])
  const ranMs = Date.parse(attempts[0].finishedAt) - Date.parse(attempts[0].startedAt)
  expect(ranMs).toBeGreaterThanOrEqual(990)
  expect(ranMs).toBeLessThan(1500)
})

test.concurrent('an answer that comes after the timeout changes nothing any more', async () => {
  const gate = Promise.withResolvers<void>()
  const id = await send([{ kind: 'hold', until: gate.promise }], { timeoutSeconds: 1, onUnknown: 'stop' })
  const failed = await t.client.inState(id, 'failed')
  gate.resolve()
  await t.client.inState(await send([DELIVER]), 'delivered')
  expect(await t.client.get(id)).toEqual(failed)
})

test.concurrent('an answer just in time counts', async () => {
  const id = await send([{ kind: 'late', ms: 700 }], { timeoutSeconds: 1 })
  expect((await t.client.inState(id, 'delivered')).attemptCount).toBe(1)
})

test.concurrent('a channel that lies is not believed', async () => {
  const id = await send([{ kind: 'lie' }], { onUnknown: 'stop' })
  const done = await t.client.inState(id, 'failed')
  expect(done.attempts).toMatchObject([{ outcome: 'unknown', error: { code: 'invalid-outcome' } }])
})

test.concurrent('one that hangs holds up no other', async () => {
  const hanging = await send([{ kind: 'hang' }], { timeoutSeconds: 2, onUnknown: 'stop' })
  await t.client.inState(hanging, 'sending')
  const others = await Promise.all(Array.from({ length: 20 }, () => send([DELIVER])))
  for (const id of others) expect((await t.client.inState(id, 'delivered')).lateMs).toBeLessThan(1000)
  expect(await t.client.get(hanging)).toMatchObject({
    state: 'sending',
    attemptCount: 1,
    attempts: [{ number: 1, outcome: null, finishedAt: null, provider: null }],
  })
})

test.concurrent('what is not begun by expiresAt expires, and is never sent', async () => {
  const id = await send([FAIL], { retry: { delaySeconds: 60 }, expiresAt: { delay: 0.5 } })
  const done = await t.client.inState(id, 'expired')
  expect(done).toMatchObject({ reason: null, attemptCount: 1, nextAttemptAt: null })
  expect(Date.parse(done.finishedAt)).toBeGreaterThanOrEqual(Date.parse(done.expiresAt))
  expect(Date.parse(done.finishedAt)).toBeLessThan(Date.parse(done.expiresAt) + 1000)
  expect(times(id)).toBe(1)
})

test.concurrent('what began before expiresAt may end after it', async () => {
  const id = await send([{ kind: 'late', ms: 500 }], { expiresAt: { delay: 0.2 } })
  const done = await t.client.inState(id, 'delivered')
  expect(Date.parse(done.finishedAt)).toBeGreaterThan(Date.parse(done.expiresAt))
})

test.concurrent('a dead letter that is retried has its whole budget again, and the same id for the receiver', async () => {
  const id = await send([FAIL, FAIL, FAIL, DELIVER], { retry: { limit: 1, delaySeconds: 0 } })
  await t.client.inState(id, 'failed')
  await t.client.call('POST', `/v1/notifications/${id}/retry`)
  const done = await t.client.inState(id, 'delivered')
  expect(done.attempts.map((a: AttemptBody) => [a.number, a.outcome])).toEqual([
    [1, 'failed'],
    [2, 'failed'],
    [3, 'failed'],
    [4, 'delivered'],
  ])
  expect(receiver.received.filter((r) => r.id === id).map((r) => r.attempt)).toEqual([1, 2, 3, 4])
})

test.concurrent('the timeline gives every wait its reason, and they add up to the whole', async () => {
  const id = await send([FAIL, DELIVER], { sendAt: { delay: 0.2 }, retry: { delaySeconds: 0.2 } })
  const done = await t.client.inState(id, 'delivered')
  const { body } = await t.client.call('GET', `/v1/notifications/${id}/timeline`)
  const types: string[] = body.items.map((item: { type: string }) => item.type)
  expect(types.filter((type) => type !== 'delivered')).toEqual([
    ...['created', 'due', 'queued', 'attempt_started', 'attempt_failed'],
    ...['retry_due', 'queued', 'attempt_started', 'attempt_delivered'],
  ])
  const waits = body.items.reduce((sum: number, item: { waitMs: number }) => sum + item.waitMs, 0)
  const [first, last] = [body.items[0], body.items.at(-1)]
  expect(first.at).toBe(done.createdAt)
  expect(waits).toBe(Date.parse(last.at) - Date.parse(first.at))
  expect(Date.parse(last.at) - Date.parse(done.finishedAt)).toBeLessThan(50)
  expect(body.items[1].at).toBe(done.dueAt)
  expect(body.items[1].waitMs).toBeGreaterThanOrEqual(150)
})

test('what the far side received was never early, and in the right order of attempts', () => {
  expect(receiver.received.length).toBeGreaterThan(30)
  // Both clocks are of this machine; the database rounds to a millisecond.
  for (const { atMs, dueAt } of receiver.received) expect(atMs - Date.parse(dueAt)).toBeGreaterThanOrEqual(-1)
})

test('nothing is left in the queue or among the timers once all of it has ended', async () => {
  const [left] = await t.database.query<{ jobs: number; timers: number; open: number }>(
    `select (select count(*)::int from yeyak_queue.job where state <= 'active') as jobs,
            (select count(*)::int from yeyak.timers) as timers,
            (select count(*)::int from yeyak.notifications where finished_at is null) as open`,
  )
  expect(left?.timers).toBe(0)
  expect(left?.jobs).toBe(left?.open)
})
