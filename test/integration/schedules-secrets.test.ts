import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { runCommandHere } from '../kit/command-here.ts'

const newKey = () => randomBytes(32).toString('base64')
const key = newKey()
const SECRET = 'Bearer of-the-schedule'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ env: { YEYAK_ENCRYPTION_KEY: key, YEYAK_WEBHOOK_ALLOW: '127.0.0.1' } })
})
afterAll(() => t.end())

const ANY = { 'if-match': '*' }
const body = (headers: object) => ({
  cron: '0 0 1 1 *',
  notification: {
    channel: 'webhook',
    to: 'http://127.0.0.1:9/',
    payload: { at: '{{ occurrence.at }}' },
    headers,
  },
})
const put = (headers: object) => t.client.call('PUT', '/v1/schedules/secret', body(headers), ANY)
const stored = async () => {
  const [row] = await t.database.query<{ text: string }>(
    `select definition::text as text from yeyak.schedules where name = 'secret'`,
  )
  return String(row?.text)
}

test('secrets of what a schedule sends are sealed, shown to nobody, kept by a PUT of what was read, and sent', async () => {
  const made = await put({ authorization: SECRET })
  expect(made.status, made.text).toBe(201)
  expect(made.body.notification.headers).toEqual({ authorization: 'hidden' })
  expect(await stored()).not.toContain('of-the-schedule')
  expect((await put({ authorization: SECRET })).body.version).toBe(1)
  expect((await put({ authorization: 'hidden' })).body.version).toBe(1)
  expect((await put({ authorization: `${SECRET}-2` })).body.version).toBe(2)
  const patch = { notification: { tags: ['x'] } }
  expect((await t.client.call('PATCH', '/v1/schedules/secret', patch, ANY)).body.version).toBe(3)
  const events = await t.database.query<{ text: string }>(
    `select data::text as text from yeyak.events where kind = 'schedule'`,
  )
  expect(events.length).toBeGreaterThanOrEqual(3)
  expect(events.every(({ text }) => !text.includes('of-the-schedule'))).toBe(true)
  const run = await t.client.call('POST', '/v1/schedules/secret/run-now', undefined, ANY)
  expect(run.body.state).toBe('started')
  const [row] = await t.database.query<{ text: string }>(
    `select content::text as text from yeyak.notifications where schedule_id = 'secret'`,
  )
  expect(row?.text).toContain('sealed')
  expect(row?.text).not.toContain('of-the-schedule')
})

test('yeyak keys rotate-encryption seals the secrets of schedules anew', async () => {
  const before = await stored()
  const env = { DATABASE_URL: t.database.url, YEYAK_ENCRYPTION_KEY: `${newKey()},${key}` }
  const { code, out, errors } = await runCommandHere(['keys', 'rotate-encryption', '--json'], { env })
  expect(code, errors).toBe(0)
  expect(JSON.parse(out).tables ?? JSON.parse(out)).toContainEqual(
    expect.objectContaining({ table: 'schedules', resealed: 1 }),
  )
  expect(await stored()).not.toBe(before)
})
