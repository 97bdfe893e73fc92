import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { startReceiver } from '../kit/receiver.ts'

let t: TestApp
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  t = await startTestApp()
  receiver = await startReceiver()
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

const HOUR = { sendAt: { delay: '1h' } }
const post = (body: object) => t.client.call('POST', '/v1/notifications', body)
const cancel = (id: string) => t.client.call('POST', `/v1/notifications/${id}/cancel`)

test('of many at once with one key one is made, and the others are answered with it', async () => {
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => post({ message: 'one', dedupeKey: 'one', ...HOUR })),
  )
  expect(new Set(replies.map((reply) => reply.body.id)).size).toBe(1)
  expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1)
  for (const reply of replies.filter((one) => one.status === 200))
    expect(reply.body).toMatchObject({ deduplicated: true, dedupeKey: 'one', state: 'scheduled' })
})

test('once it is final, the key is free again; before, it is not', async () => {
  const first = await post({ message: 'again', dedupeKey: 'again', ...HOUR })
  await cancel(first.body.id)
  const second = await post({ message: 'again', dedupeKey: 'again' })
  expect(second.status).toBe(201)
  await t.client.inState(second.body.id, 'delivered')
  const third = await post({ message: 'again', dedupeKey: 'again', ...HOUR })
  expect(third.status).toBe(201)
  const fourth = await post({ message: 'again', dedupeKey: 'again', ...HOUR })
  expect(fourth.body.id).toBe(third.body.id)
})

test('reject says which one is there', async () => {
  const first = await post({ message: 'x', dedupeKey: 'reject', ...HOUR })
  const second = await post({ message: 'x', dedupeKey: 'reject', onDuplicate: 'reject', ...HOUR })
  expect(second.status).toBe(409)
  expect(second.body).toMatchObject({ code: 'duplicate', existingId: first.body.id })
})

test('replace rewrites the one that is there, its channel and recipient too, and only that is sent', async () => {
  const first = await post({ message: 'old', dedupeKey: 'replace', ...HOUR })
  const second = await post({
    ...{ channel: 'probe', to: receiver.url, message: 'new', dedupeKey: 'replace', onDuplicate: 'replace' },
    ...{ sendAt: { delay: 0.2 }, tags: ['new'] },
  })
  expect(second.status).toBe(200)
  expect(second.body).toMatchObject({ id: first.body.id, channel: 'probe', message: 'new', tags: ['new'] })
  await t.client.inState(first.body.id, 'delivered')
  expect(receiver.received.map((r) => r.message)).toEqual(['new'])
  expect(t.records.some((record) => record.msg.includes('old'))).toBe(false)
})

test('replace is too late once it is being sent, and a whole batch with it', async () => {
  receiver.behave(() => ({ kind: 'hang' }))
  const body = { channel: 'probe', to: receiver.url, message: 'hangs', dedupeKey: 'late', timeoutSeconds: 2 }
  const waiting = await post({ message: 'waits', dedupeKey: 'beside', ...HOUR })
  const first = await post({ ...body, retry: { limit: 0 } })
  await t.client.inState(first.body.id, 'sending')
  const notifications = ['beside', 'late'].map((dedupeKey) => ({
    ...{ message: 'later', dedupeKey, onDuplicate: 'replace' },
  }))
  const batch = await t.client.call('POST', '/v1/notifications/batch', { notifications })
  expect(batch.status).toBe(409)
  expect(batch.body).toMatchObject({ code: 'too-late', errors: [{ path: 'notifications[1]' }] })
  expect(await t.client.get(waiting.body.id)).toMatchObject({ message: 'waits', version: 1 })
  const second = await post({ ...body, message: 'later', onDuplicate: 'replace' })
  expect(second.status).toBe(409)
  expect(second.body).toMatchObject({ code: 'too-late', state: 'sending' })
  await t.client.inState(first.body.id, 'failed')
})

test('one that is tried again by hand takes its key back, and is refused where another bears it', async () => {
  const first = await post({ message: 'x', dedupeKey: 'back', ...HOUR })
  await cancel(first.body.id)
  const second = await post({ message: 'x', dedupeKey: 'back', ...HOUR })
  const retry = () => t.client.call('POST', `/v1/notifications/${first.body.id}/retry`, HOUR)
  const refused = await retry()
  expect(refused.status).toBe(409)
  expect(refused.body).toMatchObject({ code: 'duplicate', existingId: second.body.id })
  await cancel(second.body.id)
  expect((await retry()).status).toBe(200)
  expect((await post({ message: 'x', dedupeKey: 'back', ...HOUR })).body.id).toBe(first.body.id)
})

test('the list finds a key, and a patch cannot change it', async () => {
  const first = await post({ message: 'x', dedupeKey: 'listed', ...HOUR })
  const list = await t.client.call('GET', '/v1/notifications?dedupeKey=listed')
  expect(list.body.items.map((item: { id: string }) => item.id)).toEqual([first.body.id])
  const patch = await t.client.call('PATCH', `/v1/notifications/${first.body.id}`, { dedupeKey: 'other' })
  expect(patch.status).toBe(422)
})

test('a key holds within a group, too, alone, in a batch and beside others without one', async () => {
  const grouped = { message: 'grouped', dedupeKey: 'grouped', groupKey: 'group', ...HOUR }
  const first = await post(grouped)
  expect((await post(grouped)).body).toMatchObject({ id: first.body.id, deduplicated: true })
  const other = { message: 'other', dedupeKey: 'other', ...HOUR }
  for (const mode of ['all', 'each']) {
    const notifications = [grouped, other, grouped, other]
    const { body } = await t.client.call('POST', '/v1/notifications/batch', { notifications, mode })
    const ids = body.items.map(({ id }: { id: string }) => id)
    expect(ids).toEqual([first.body.id, ids[1], first.body.id, ids[1]])
  }
})
