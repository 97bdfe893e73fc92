import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { METRICS } from '../../src/operations/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp()
})
afterAll(() => t.end())

const scrape = async () => {
  const reply = await t.client.call('GET', '/metrics')
  expect(reply.status).toBe(200)
  expect(reply.headers.get('content-type')).toContain('text/plain')
  const values = new Map<string, number>()
  for (const line of reply.text.split('\n').filter((text) => text !== '' && !text.startsWith('#'))) {
    const [, name = '', value = ''] = /^(\S+?(?:\{.*\})?) (\S+)$/.exec(line) ?? []
    expect(name, line).not.toBe('')
    expect(Number.isFinite(Number(value)), line).toBe(true)
    values.set(name, Number(value))
  }
  return { text: reply.text, values }
}

test('each metric is described once, and documented as it is', async () => {
  const { text } = await scrape()
  for (const [name, { type, help }] of Object.entries(METRICS)) {
    expect(text.split(`# TYPE ${name} ${type}\n`), name).toHaveLength(2)
    expect(text.split(`# HELP ${name} ${help}\n`), name).toHaveLength(2)
  }
  expect(text.match(/^# TYPE /gm)).toHaveLength(Object.keys(METRICS).length)
  const page = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8')
  for (const [name, { type, labels, help }] of Object.entries(METRICS)) {
    const shown = labels.map((label) => `\`${label}\``).join(' ')
    expect(page).toContain(`| \`${name}\` | ${type} | ${shown} | ${help} |\n`)
  }
  expect(page.match(/^\| `yeyak_/gm)).toHaveLength(Object.keys(METRICS).length)
})

test('attempts are counted by channel and outcome, with how late they began and how long they took', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => t.client.create({ message: 'x' })))
  const failing = await t.client.create({
    channel: 'probe',
    to: 'http://127.0.0.1:9/',
    message: 'x',
    retry: { limit: 0 },
  })
  await Promise.all(ids.map((id) => t.client.inState(id, 'delivered')))
  await t.client.inState(failing, 'failed')
  await t.client.create({ message: 'later', sendAt: { delay: '1h' } })
  const { values } = await scrape()
  expect(values.get('yeyak_attempts_total{channel="log",outcome="delivered"}')).toBe(5)
  expect(values.get('yeyak_lateness_seconds_count{channel="log"}')).toBe(5)
  expect(values.get('yeyak_lateness_seconds_bucket{channel="log",le="+Inf"}')).toBe(5)
  expect(values.get('yeyak_lateness_seconds_bucket{channel="log",le="3600"}')).toBe(5)
  expect(values.get('yeyak_lateness_seconds_sum{channel="log"}')).toBeGreaterThan(0)
  expect(values.get('yeyak_send_duration_seconds_count{channel="probe"}')).toBe(1)
  expect(values.get('yeyak_queue_items{queue="log",state="scheduled"}')).toBe(1)
  expect(values.get('yeyak_overdue_items')).toBe(0)
  expect(values.get('yeyak_workers_alive')).toBe(1)
  expect(values.get('yeyak_database_up')).toBe(1)
  expect(values.get('yeyak_lost_items_total')).toBe(0)
  expect(values.get('yeyak_feed_lag_seconds{feed="rollups"}')).toBeGreaterThanOrEqual(0)
  // Once the transactions of other files are over, which are on the same server.
  const recent = 'yeyak_recent_lateness_seconds{channel="log",quantile="0.5"}'
  await eventually('its lateness is added up', async () => Number((await scrape()).values.get(recent)) > 0)
  // What is due that late is heard of by the next tick.
  await eventually(
    'the alarm knows',
    async () => Number((await scrape()).values.get('yeyak_alarm_next_due_seconds')) > 3_500,
  )
  expect(values.get('yeyak_pool_connections{pool="delivery",state="idle"}')).toBeGreaterThanOrEqual(0)
  expect(values.get('yeyak_process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  expect(values.get('yeyak_process_cpu_seconds_total')).toBeGreaterThan(0)
})

test('labels name channels, queues and outcomes, never an address, and their number is bounded', async () => {
  const before = (await scrape()).values.size
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      t.client.create({
        channel: 'probe',
        to: `http://127.0.0.1:9/secret${i}`,
        message: 'x',
        retry: { limit: 0 },
      }),
    ),
  )
  await Promise.all(ids.map((id) => t.client.inState(id, 'failed')))
  const { values, text } = await scrape()
  expect(values.size - before).toBeLessThanOrEqual(3)
  expect(text).not.toContain('secret')
})

test('scraped by several at once, each gets the whole', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, scrape))
  for (const { values } of all)
    expect(values.get('yeyak_attempts_total{channel="log",outcome="delivered"}')).toBe(5)
})
