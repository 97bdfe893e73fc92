import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import type { Reply } from '../kit/client.ts'
import { expectProblem } from '../kit/http-server.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let t: TestApp
/** Without a worker, what is due stays `queued`. */
let idle: TestApp
let receiver: Receiver
beforeAll(async () => {
  ;[t, idle, receiver] = await Promise.all([
    startTestApp(),
    startTestApp({ roles: { api: true, worker: false } }),
    startReceiver(),
  ])
  receiver.behave(({ message, attempt }) => {
    if (attempt > 1) return { kind: 'deliver' }
    if (message.startsWith('hang')) return { kind: 'hang' }
    if (message.startsWith('fail')) return { kind: 'fail' }
    if (message.startsWith('reject')) return { kind: 'reject' }
    return message.startsWith('drop') ? { kind: 'drop' } : { kind: 'deliver' }
  })
})
afterAll(async () => {
  receiver.releaseHanging()
  await Promise.all([t.end(), idle.end()])
  await receiver.stop()
})

interface Item {
  app: TestApp
  id: string
}

const item = async (message: string, more: object, state: string): Promise<Item> => {
  const id = await t.client.create({ channel: 'probe', to: receiver.url, message, ...more })
  await t.client.inState(id, state)
  return { app: t, id }
}
const act = ({ app, id }: Item, action: string, body?: unknown): Promise<Reply> =>
  action === 'patch'
    ? app.client.call('PATCH', `/v1/notifications/${id}`, body ?? { tags: ['patched'] })
    : app.client.call('POST', `/v1/notifications/${id}/${action}`, body)

const HOUR = { sendAt: { delay: '1h' } }
const make = {
  scheduled: () => item('scheduled', HOUR, 'scheduled'),
  queued: async () => {
    const id = await idle.client.create({ message: 'queued' })
    await idle.client.inState(id, 'queued')
    return { app: idle, id }
  },
  sending: () => item('hang', {}, 'sending'),
  retrying: () => item('fail', { retry: { delaySeconds: 3600 } }, 'retrying'),
  delivered: () => item('deliver', {}, 'delivered'),
  rejected: () => item('reject', {}, 'failed'),
  exhausted: () => item('fail', { retry: { limit: 0 } }, 'failed'),
  unknown: () => item('drop', { onUnknown: 'stop' }, 'failed'),
  operator: async () => {
    const made = await item('operator', HOUR, 'scheduled')
    await act(made, 'resolve', { outcome: 'failed' })
    return made
  },
  canceled: async () => {
    const made = await item('canceled', HOUR, 'scheduled')
    await act(made, 'cancel')
    return made
  },
  expired: () => item('fail', { retry: { delaySeconds: 3600 }, expiresAt: { delay: 0.3 } }, 'expired'),
}
type Made = keyof typeof make

/** What a call answers: the state afterwards, or the code of the refusal. */
const TABLE: Record<Made, [cancel: string, patch: string, sendNow: string, retry: string, resolve: string]> =
  {
    scheduled: ['canceled', 'scheduled', 'sent', 'not-final', 'resolved'],
    queued: ['canceled', 'queued', 'queued', 'not-final', 'resolved'],
    sending: ['too-late', 'too-late', 'too-late', 'not-final', 'too-late'],
    retrying: ['canceled', 'retrying', 'sent', 'not-final', 'resolved'],
    delivered: ['already-final', 'already-final', 'already-final', 'already-final', 'already-final'],
    rejected: ['already-final', 'already-final', 'already-final', 'sent', 'already-final'],
    exhausted: ['already-final', 'already-final', 'already-final', 'sent', 'already-final'],
    unknown: ['already-final', 'already-final', 'already-final', 'sent', 'resolved'],
    operator: ['already-final', 'already-final', 'already-final', 'sent', 'already-final'],
    canceled: ['canceled', 'already-final', 'already-final', 'sent', 'already-final'],
    expired: ['already-final', 'already-final', 'already-final', 'sent', 'already-final'],
  }
const ACTIONS = ['cancel', 'patch', 'send-now', 'retry', 'resolve']
const STORED: Partial<Record<Made, string>> = {
  ...{ rejected: 'failed', exhausted: 'failed', unknown: 'failed', operator: 'failed' },
}
const cases = Object.entries(TABLE).flatMap(([made, row]) =>
  row.map((expected, i) => [ACTIONS[i] ?? '', made as Made, expected] as const),
)

test.concurrent.each(cases)('%s of one that is %s: %s', async (action, made, expected) => {
  const subject = await make[made]()
  const before = await subject.app.client.get(subject.id)
  expect(before.state).toBe(STORED[made] ?? made)
  const reply = await act(
    subject,
    action,
    action === 'resolve' ? { outcome: 'delivered', note: 'seen' } : undefined,
  )
  const { state, ...after } = await subject.app.client.get(subject.id)

  if (expected === 'too-late' || expected === 'already-final' || expected === 'not-final') {
    expectProblem({ ...reply, json: reply.body }, expected)
    // Stored as `scheduled`; that it is due is shown, and not what forbids a retry.
    if (made !== 'queued') expect(reply.body.state).toBe(before.state)
    if (expected !== 'not-final') expect(reply.body.outcome).toBe(expected.replaceAll('-', '_'))
    // Only a cancel of what is being sent leaves a trace: no further attempt will begin.
    if (action !== 'cancel' || made !== 'sending') expect({ state, ...after }).toEqual(before)
    return
  }
  expect(reply.status).toBe(200)
  if (action === 'cancel') expect(reply.body).toEqual({ outcome: 'canceled', state: 'canceled' })
  else expect(reply.body.id).toBe(subject.id)

  if (expected === 'canceled') expect([state, after.reason]).toEqual(['canceled', 'request'])
  else if (expected === 'resolved') expect(after).toMatchObject({ reason: null, nextAttemptAt: null })
  else if (expected === 'sent') {
    // At once, as the attempt after the last one.
    const { attempts, lateMs } = await t.client.inState(subject.id, 'delivered')
    const numbers = Array.from({ length: before.attemptCount + 1 }, (_, n) => n + 1)
    expect(attempts.map((a: { number: number }) => a.number)).toEqual(numbers)
    expect(attempts.at(-1).lateMs).toBeLessThan(1000)
    expect(lateMs).toBeLessThan(1000)
    expect(receiver.received.filter((r) => r.id === subject.id)).toHaveLength(numbers.length)
  } else expect(state).toBe(expected)
})

test('what was canceled while it waited in the queue is not sent', async () => {
  const busy = await startTestApp({ env: { YEYAK_CONCURRENCY: '1', YEYAK_BATCH_SIZE: '1' } })
  const create = (message: string) => busy.client.create({ channel: 'probe', to: receiver.url, message })
  try {
    const first = await create('hang: in front')
    await busy.client.inState(first, 'sending')
    const behind = await create('behind')
    const edited = await create('edited')
    await handedOver(busy, 2)
    expect((await busy.client.get(behind)).state).toBe('queued')
    expect((await busy.client.call('POST', `/v1/notifications/${behind}/cancel`)).status).toBe(200)
    const patch = await busy.client.call('PATCH', `/v1/notifications/${edited}`, { message: 'new text' })
    expect(patch.status).toBe(200)
    receiver.releaseHanging()
    await busy.client.inState(edited, 'delivered')
    await handedOver(busy, 0)
    expect(receiver.received.filter((r) => r.id === edited).map((r) => r.message)).toEqual(['new text'])
    expect(receiver.received.some((r) => r.id === behind)).toBe(false)
    expect((await busy.client.get(behind)).state).toBe('canceled')
  } finally {
    await busy.end()
  }
})

/** Resolves once this many jobs wait in the queue, claimed by nobody. */
const handedOver = (app: TestApp, count: number) =>
  eventually(`${count} jobs waiting`, async () => {
    const [row] = await app.database.query<{ n: number }>(
      `select count(*)::int as n from yeyak_queue.job where state < 'active'`,
    )
    return row?.n === count
  })

test('a cancel while it is being sent lets the send finish', async () => {
  const { id } = await item('hang: deliver', {}, 'sending')
  for (let i = 0; i < 2; i += 1) {
    const refused = await t.client.call('POST', `/v1/notifications/${id}/cancel`)
    expect(refused.body).toMatchObject({ code: 'too-late', outcome: 'too_late', state: 'sending' })
  }
  receiver.releaseHanging()
  expect((await t.client.inState(id, 'delivered')).reason).toBeNull()
})

test('after a cancel while it was being sent no further attempt begins, until it is retried', async () => {
  const { id } = await item('hang: for ever', { timeoutSeconds: 1, retry: { delaySeconds: 0 } }, 'sending')
  expect((await t.client.call('POST', `/v1/notifications/${id}/cancel`)).status).toBe(409)
  const done = await t.client.inState(id, 'canceled')
  expect(done).toMatchObject({ reason: 'request', nextAttemptAt: null })
  expect(done.attempts).toMatchObject([{ outcome: 'unknown', error: { code: 'timeout' } }])
  expect(receiver.received.filter((r) => r.id === id)).toHaveLength(1)
  await t.client.call('POST', `/v1/notifications/${id}/retry`)
  const again = await t.client.inState(id, 'delivered')
  expect(again.attempts.map((a: { outcome: string }) => a.outcome)).toEqual(['unknown', 'delivered'])
})

test('a retry takes a time and an expiry of its own, and a budget as fresh as the first', async () => {
  const made = await item('fail', { retry: { limit: 0 }, expiresAt: { delay: '1h' } }, 'failed')
  const reply = await act(made, 'retry', { sendAt: { delay: '1h' }, expiresAt: { delay: '2h' } })
  const { dueAt, nextAttemptAt, expiresAt } = reply.body
  expect(reply.body).toMatchObject({ state: 'scheduled', reason: null, finishedAt: null, attemptCount: 1 })
  expect(nextAttemptAt).toBe(dueAt)
  expect(Date.parse(expiresAt) - Date.parse(dueAt)).toBe(7_200_000)
  await act(made, 'cancel')
  const plain = await act(made, 'retry')
  expect(plain.body.expiresAt).toBeNull()
  expect((await t.client.inState(made.id, 'delivered')).attemptCount).toBe(2)
})

test('one that was planted again moves as a whole when its time is changed', async () => {
  const made = await item('reject', {}, 'failed')
  await act(made, 'retry', { sendAt: { delay: '1h' } })
  const patched = (await act(made, 'patch', { sendAt: { delay: '2h' } })).body
  expect(patched.state).toBe('scheduled')
  expect(patched.dueAt).toBe(patched.nextAttemptAt)
  const sent = (await act(made, 'send-now')).body
  expect(Date.parse(sent.dueAt)).toBeLessThan(Date.now() + 1000)
  await t.client.inState(made.id, 'delivered')
})

test('who asks to resolve must say how; the operator’s note is on record', async () => {
  const made = await make.unknown()
  for (const body of [{}, { outcome: 'canceled' }, { outcome: 'delivered', note: 'n'.repeat(1001) }]) {
    const refused = await act(made, 'resolve', body)
    expectProblem({ ...refused, json: refused.body }, 'invalid-request')
  }
  await act(made, 'resolve', { outcome: 'failed', note: '확인함' })
  expect(await t.client.get(made.id)).toMatchObject({ state: 'failed', reason: 'operator' })
  const { body } = await t.client.call('GET', `/v1/notifications/${made.id}/timeline`)
  expect(body.items.at(-1)).toMatchObject({ type: 'failed', detail: expect.stringContaining('확인함') })
})
