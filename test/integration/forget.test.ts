import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let t: TestApp
let receiver: Receiver
beforeAll(async () => {
  ;[t, receiver] = await Promise.all([
    startTestApp({ env: { YEYAK_SMTP_URL: 'smtp://127.0.0.1:9', YEYAK_SMTP_FROM: 'us@example.com' } }),
    startReceiver(),
  ])
})
afterAll(async () => {
  await t.end()
  await receiver.stop()
})

const forget = async (args: readonly string[], input = '') => {
  const env = { DATABASE_URL: t.database.url }
  const { code, out, errors } = await runCommandHere(['forget', ...args], { env, input })
  return { code, out: out.trim(), errors }
}

const LATER = { delay: '1d' }
const mail = (to: unknown, more: object = {}) =>
  t.client.create({ channel: 'email', to, subject: 's', text: 'private', sendAt: LATER, ...more })
/** Every row of every table of ours, and the jobs, as text. */
const everything = async (): Promise<string> => {
  const tables = await t.database.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('yeyak', 'yeyak_queue')`,
  )
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await t.database.query<{ text: string }>(`select x::text as text from ${name} x`)
      return rows.map(({ text }) => text).join('\n')
    }),
  )
  return texts.join('\n')
}
const proofs = () =>
  t.database.query<{
    project_id: number
    subject_id: string
    actor: object
    data: { salt: string; removed: object }
  }>(
    `select project_id, subject_id, actor, data from yeyak.events where type = 'person.forgotten' order by id`,
  )

test(
  'a person is forgotten everywhere, with a proof that names nobody, and nobody else is touched',
  {
    timeout: 120_000,
  },
  async () => {
    const personal = {
      tags: ['vip-jane'],
      metadata: { name: 'Jane' },
      groupKey: 'jane-1',
      dedupeKey: 'jane-2',
    }
    const waiting = await mail('Jane <Jane@Example.com>', personal)
    const among = await mail(['bob@example.com', 'JANE@example.com'])
    const copied = await mail('bob@example.com', { bcc: ['Jane <jane@example.com>'] })
    const others = [
      await mail('bob@example.com'),
      await mail('not-jane@example.com'),
      await mail('jane@example.com.au'),
    ]
    await t.client.call('PATCH', `/v1/notifications/${waiting}`, { text: 'still about jane@example.com' })
    const failed = await t.client.create({
      ...{ channel: 'email', to: 'jane@example.com', subject: 's', text: 'private', retry: { limit: 0 } },
    })
    await t.client.inState(failed, 'failed')
    await t.database.query(
      `update yeyak.attempts set answer = '{"response":"for jane@example.com"}', provider_id = 'jane-p' where subject_id = $1`,
      [failed],
    )
    await t.client.call('POST', '/v1/notifications/cancel', {
      filter: { to: 'jane@example.com' },
      ratePerSecond: 100_000,
    })
    await eventually('the operation', async () => {
      const { body } = await t.client.call('GET', '/v1/operations')
      return body.items.every((item: { state: string }) => item.state === 'done')
    })
    await t.database.query(
      `insert into yeyak_queue.job (name, data, state, completed_on) values ('send-alert', '{"message":"to jane@example.com"}', 'completed', now())`,
    )
    expect(await everything()).toMatch(/jane@example\.com[^.]/iu)

    const dry = await forget(['jane@example.com', '--dry-run', '--json'])
    expect(dry.errors).toBe('')
    expect(JSON.parse(dry.out)).toMatchObject({ dryRun: true, notifications: 4, waiting: 3, sending: 0 })
    expect(await forget(['jane@example.com'], 'no\n')).toMatchObject({ code: 1 })
    expect((await t.client.get(waiting)).state).toBe('scheduled')

    const done = await forget(['Jane <JANE@example.com>', '--yes', '--json'])
    expect(done).toMatchObject({ code: 0, errors: '' })
    expect(JSON.parse(done.out)).toMatchObject({ dryRun: false, notifications: 4, waiting: 3, left: 0 })

    const left = (await everything()).replaceAll(/not-jane@example\.com|jane@example\.com\.au/giu, '')
    expect(left).not.toMatch(/jane/iu)
    for (const id of [waiting, among, copied])
      expect(await t.client.get(id)).toMatchObject({
        state: 'canceled',
        reason: 'forgotten',
        to: null,
        tags: [],
      })
    expect(await t.client.get(failed)).toMatchObject({ state: 'failed', to: null, attemptCount: 1 })
    for (const id of others)
      expect(await t.client.get(id)).toMatchObject({ state: 'scheduled', text: 'private' })
    const timers = await t.database.query('select 1 from yeyak.timers')
    expect(timers).toHaveLength(others.length)
    expect((await t.client.call('GET', `/v1/notifications/${waiting}/timeline`)).status).toBe(200)

    const [proof, ...more] = await proofs()
    expect(more).toEqual([])
    expect(proof).toMatchObject({
      ...{ project_id: 1, actor: { kind: 'operator', id: 'forget' } },
      data: { removed: { notifications: 4, canceled: 3, attempts: 1 } },
    })
    expect(proof?.subject_id).toBe(
      createHmac('sha256', proof?.data.salt ?? '')
        .update('jane@example.com')
        .digest('hex'),
    )
    const { body } = await t.client.call('GET', '/v1/audit?kind=person')
    expect(body.items).toHaveLength(1)

    const again = await forget(['jane@example.com', '--yes'])
    expect(again).toMatchObject({ code: 0, out: 'there is nothing of this address' })
    expect(await proofs()).toHaveLength(1)
  },
)

test('what was forgotten is not tried again, one by one or in bulk', async () => {
  const id = await mail('kim@example.com')
  await forget(['kim@example.com', '--yes'])
  const one = await t.client.call('POST', `/v1/notifications/${id}/retry`)
  expect(one.body.code).toBe('already-final')
  await t.client.call('POST', '/v1/notifications/retry', { filter: { state: 'canceled' } })
  expect((await t.client.get(id)).state).toBe('canceled')
})

test(
  'what is just being sent is waited for, begins no further attempt, and is emptied then',
  { timeout: 60_000 },
  async () => {
    const answer = Promise.withResolvers<null>()
    receiver.behave(() => ({ kind: 'hold', until: answer.promise }))
    const id = await t.client.create({ channel: 'probe', to: receiver.url, message: 'private' })
    await t.client.inState(id, 'sending')
    const forgetting = forget([receiver.url, '--yes', '--json'])
    await eventually('the wish to cancel', async () => {
      const rows = await t.database.query(
        'select 1 from yeyak.notifications where cancel_requested and id = $1',
        [id],
      )
      return rows.length > 0
    })
    answer.resolve(null)
    const { code, out } = await forgetting
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ notifications: 1, sending: 1, left: 0 })
    expect(await t.client.get(id)).toMatchObject({ to: null })
    expect(await everything()).not.toContain(receiver.url)
  },
)

test('a recipient that is no e-mail address is matched exactly', async () => {
  const to = `${receiver.url}A`
  const same = await t.client.create({ channel: 'probe', to, message: 'x', sendAt: LATER })
  const other = await t.client.create({ channel: 'probe', to: to.toLowerCase(), message: 'x', sendAt: LATER })
  await forget([to, '--yes'])
  expect((await t.client.get(same)).state).toBe('canceled')
  expect((await t.client.get(other)).state).toBe('scheduled')
})

test('without an address it is a mistake of the command line', async () => {
  expect((await forget([])).code).toBe(2)
})
