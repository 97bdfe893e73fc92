/**
 * `npm run speed`: how much the first view of the dashboard loads, and how long it takes on a slow machine; whether five hundred
 * events a second, and a list of many, let it breathe. `npm run speed 1000000` seeds that many.
 */
import { gzipSync } from 'node:zlib'
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { startSite } from './dashboard-site.ts'

const SLOWDOWN = 4
const ROUNDS = 5
const count = Number(process.argv[2] ?? 20_000)

/** Told by the page itself: when the figures of the overview were there, since its navigation began. */
const OBSERVE = `
  window.longest = 0; window.shownAt = null
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration) })
    .observe({ type: 'longtask', buffered: true })
  new MutationObserver(() => { if (window.shownAt === null && document.querySelector('main dl dd')) window.shownAt = performance.now() })
    .observe(document, { childList: true, subtree: true })`

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const site = await startSite()
const open = async (
  address: string,
  slowdown: number,
): Promise<{ page: Page; close: () => Promise<void> }> => {
  const context = await site.browser.newContext({
    baseURL: site.url,
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
  })
  const page = await context.newPage()
  await page.addInitScript(OBSERVE)
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.goto(address)
  return { page, close: () => context.close() }
}

try {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const { page, close } = await open('/', SLOWDOWN)
    await page.locator('main dl dd').first().waitFor()
    times.push(await page.evaluate<number>('window.shownAt'))
    if (round === 0) {
      await page.locator('canvas').first().waitFor()
      const names = await page.evaluate<string[]>(
        `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /\\.(js|css|woff2)$/.test(name))`,
      )
      const sizes = { js: 0, css: 0, woff2: 0 }
      for (const name of names) {
        const bytes = Buffer.from(await (await fetch(name)).arrayBuffer())
        const kind = name.endsWith('.js') ? 'js' : name.endsWith('.css') ? 'css' : 'woff2'
        sizes[kind] += kind === 'woff2' ? bytes.length : gzipSync(bytes, { level: 9 }).length
      }
      console.log(
        `first load, gzipped: JavaScript ${(sizes.js / 1024).toFixed(0)} kB, styles ${(sizes.css / 1024).toFixed(0)} kB, fonts ${(sizes.woff2 / 1024).toFixed(0)} kB`,
      )
    }
    await close()
  }
  console.log(
    `overview with a cold cache, CPU ${SLOWDOWN} times slower: median ${median(times).toFixed(0)} ms, worst ${Math.max(...times).toFixed(0)} ms, of ${ROUNDS}`,
  )

  const database = new Client({ connectionString: site.databaseUrl })
  await database.connect()
  await database.query(
    `insert into yeyak.notifications (id, project_id, channel, lane, recipient, content, due_at, next_at,
       retry_limit, retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds)
     select gen_random_uuid(), 1, 'log', 'notifications.log', null, jsonb_build_object('message', 'row ' || i),
       date_trunc('milliseconds', now()) + make_interval(hours => 24, secs => i), date_trunc('milliseconds', now()) + make_interval(hours => 24, secs => i),
       3, 60, 'exponential', 3600, 'retry', 15
     from generate_series(1, $1::int) i`,
    [count],
  )
  await database.end()
  const list = await open('/notifications?sort=dueAt', 1)
  await list.page.locator('[data-index="5"]').waitFor()
  await list.page.evaluate('window.longest = 0')
  const frames = await list.page.evaluate<number[]>(`new Promise((done) => {
    const scroll = document.querySelector('main [role="table"]'); const gaps = []; let last = performance.now(); const end = last + 8000
    const step = (now) => { gaps.push(now - last); last = now; scroll.scrollTop += 400; now < end ? requestAnimationFrame(step) : done(gaps) }
    requestAnimationFrame(step) })`)
  const sorted = frames.toSorted((a, b) => a - b)
  const reached = await list.page.evaluate<number>(
    `Number([...document.querySelectorAll('[data-index]')].at(-1)?.dataset.index ?? 0)`,
  )
  console.log(
    `list of ${count}, scrolled for 8 s to row ${reached}: frames p50 ${median(frames).toFixed(0)} ms, p99 ${(sorted[Math.floor(sorted.length * 0.99)] ?? 0).toFixed(0)} ms, longest task ${(await list.page.evaluate<number>('window.longest')).toFixed(0)} ms`,
  )
  await list.close()

  const busy = await open('/', 1)
  await busy.page.getByText('Live', { exact: true }).waitFor()
  const table = await open('/notifications', 1)
  await table.page.getByText('Live', { exact: true }).waitFor()
  for (const { page } of [busy, table]) await page.evaluate('window.longest = 0')
  const notifications = Array.from({ length: 250 }, (_, i) => ({ channel: 'log', message: `busy ${i}` }))
  const began = performance.now()
  for (let second = 0; second < 10; second += 1) {
    // Each is an event when it is made, and one when it is delivered.
    await site.client.call('POST', '/v1/notifications/batch', { notifications })
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, began + (second + 1) * 1000 - performance.now())),
    )
  }
  for (const [name, { page }] of [
    ['overview', busy],
    ['list', table],
  ] as const)
    console.log(
      `500 events a second for 10 s, ${name}: longest task ${(await page.evaluate<number>('window.longest')).toFixed(0)} ms`,
    )
} finally {
  await site.end()
}
