import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  expectAccessible,
  expectFits,
  expectGone,
  expectSeen,
  startDashboard,
} from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'

let d: Dashboard
beforeAll(async () => {
  d = await startDashboard()
  await d.client.create({ message: 'waits', sendAt: { delay: '1h' } })
})
afterAll(() => d.end())

/** Of all that a first load has fetched, as it came over the line. */
const BUDGET_BYTES = 250 * 1024

const ROOT = path.join(import.meta.dirname, '../..')
const classesOf = (text: string, pattern: RegExp) => new Set(text.match(pattern) ?? [])

test('what the build uses of the library has its look: no sheet of it is left out', () => {
  const assets = path.join(ROOT, 'dashboard/dist/assets')
  const built = (ending: string) =>
    readdirSync(assets)
      .filter((name) => name.endsWith(ending))
      .map((name) => readFileSync(path.join(assets, name), 'utf8'))
      .join('\n')
  const used = classesOf(built('.js'), /\bm_[0-9a-f]{5,8}\b/gu)
  const styled = classesOf(built('.css'), /\bm_[0-9a-f]{5,8}\b/gu)
  const whole = readFileSync(path.join(ROOT, 'node_modules/@mantine/core/styles.css'), 'utf8')
  const known = classesOf(whole, /\bm_[0-9a-f]{5,8}\b/gu)
  expect(used.size).toBeGreaterThan(50)
  expect([...used].filter((name) => known.has(name) && !styled.has(name))).toEqual([])
})

test('the first load is small, and nothing but this server is asked', async () => {
  const { page } = await d.open('/')
  await expectSeen(page.getByRole('table').first())
  const scripts = await page.evaluate<{ name: string; bytes: number }[]>(
    `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'))
      .map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize }))`,
  )
  expect(scripts.length).toBeGreaterThanOrEqual(2)
  // Compressed by brotli, which is a tenth smaller than what the budget is counted in.
  expect(scripts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(BUDGET_BYTES * 0.9)
})

test('keys: ? lists them, / searches, g and a letter go, and letters in a field are letters', async () => {
  const { page } = await d.open('/')
  await expectSeen(page.getByRole('heading', { name: 'Overview', level: 1 }))
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await expectSeen(keys.getByText('Go to Queues and workers'))
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await keys.waitFor({ state: 'hidden' })
  // One after the other, without a pause.
  for (const key of ['g', 'r', 'g', 'q']) await page.keyboard.press(key)
  await expectSeen(page.getByRole('heading', { name: 'Queues and workers', level: 1 }))
  expect(await page.title()).toBe('Queues and workers · Yeyak')
  await page.keyboard.press('/')
  await page.keyboard.type('go wait')
  expect(page.url()).toMatch(/\/queues$/u)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/notifications?q=go+wait')
  // Searched again from there, keys go on in what was found.
  await page.keyboard.press('/')
  await page.keyboard.type('more')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/notifications?q=more')
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
  // Switched off, single letters do nothing.
  await page.keyboard.press('?')
  await page.getByRole('switch', { name: 'Single letters are commands' }).uncheck()
  await page.keyboard.press('Escape')
  await keys.waitFor({ state: 'hidden' })
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  expect(page.url()).toContain('/notifications')
})

test('by keys alone: past the navigation, to a page and into it', async () => {
  const { page } = await d.open('/')
  await expectSeen(page.getByRole('link', { name: 'Notifications', exact: true }))
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
  await page.getByRole('link', { name: 'Notifications', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expectSeen(page.getByRole('heading', { name: 'Notifications', level: 1 }))
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
})

test('language, colours and zone are chosen, and kept', async () => {
  const { page } = await d.open('/notifications', { language: 'ko', timeZone: 'Asia/Seoul' })
  await expectSeen(page.getByRole('heading', { name: '알림', level: 1 }))
  const due = page.locator('[data-column="dueAt"] time').first()
  const seoul = await due.innerText()
  await page.getByRole('button', { name: '환경 설정' }).click()
  await page.getByText('English').click()
  await page.getByText('Dark', { exact: true }).click()
  await page.getByLabel('Time zone').selectOption('UTC')
  await page.keyboard.press('Escape')
  await page.reload()
  await expectSeen(page.getByRole('heading', { name: 'Notifications', level: 1 }))
  expect(await page.getAttribute('html', 'data-mantine-color-scheme')).toBe('dark')
  const utc = await due.innerText()
  expect(new Date(`${seoul}Z`).getTime() - new Date(`${utc}Z`).getTime()).toBe(9 * 3_600_000)
})

test('an address that leads nowhere says so', async () => {
  const { page } = await d.open('/settings/nothing/at/all')
  await expectSeen(page.getByRole('heading', { name: 'No such page' }))
  await page.getByRole('link', { name: 'To the overview' }).click()
  await expectSeen(page.getByRole('heading', { name: 'Overview', level: 1 }))
})

test('on a phone the pages are behind a button, and go away when one is chosen', async () => {
  const { page } = await d.open('/', { width: 360 })
  const link = page.getByRole('link', { name: 'Dead letters', exact: true })
  expect(await link.isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Menu' }).click()
  await expectAccessible(page)
  await link.click()
  await expectSeen(page.getByRole('heading', { name: 'Dead letters', level: 1 }))
  expect(await link.isVisible()).toBe(false)
  await expectFits(page)
})

test('without a stream it polls, says so, and shows what happens all the same', async () => {
  const { page } = await d.open('about:blank')
  await page.route('**/v1/stream*', (route) => route.abort())
  await page.goto('/')
  await expectSeen(page.getByText('Polling every 5 s'))
  // What is said at the top takes nobody the menu, on the smallest screen either.
  await page.setViewportSize({ width: 320, height: 640 })
  const places = await Promise.all(
    [
      page.getByRole('search'),
      page.getByText('Polling every 5 s'),
      page.getByRole('button', { name: 'Preferences' }),
    ].map((each) => each.boundingBox()),
  )
  const edges = places.flatMap((box) => [box?.x ?? 0, (box?.x ?? 0) + (box?.width ?? 0)])
  expect([...edges, 320]).toEqual([...edges, 320].toSorted((a, b) => a - b))
  await d.client.create({ channel: 'log', message: 'polled' })
  await eventually('a delivery by polling', async () =>
    /Delivered\s*[1-9]/u.test(await page.getByRole('list', { name: 'Notifications by state' }).innerText()),
  )
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.unroute('**/v1/stream*')
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 })
})

test('a call that fails says why, and can be tried again from there', async () => {
  const { page } = await d.open('about:blank')
  const problem = { status: 500, title: 'x', code: 'internal', detail: 'A fault of ours.', requestId: 'r-1' }
  await page.route('**/v1/queues*', (route) =>
    route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  )
  await page.goto('/queues')
  const alert = page.getByRole('alert')
  await expectSeen(alert.getByText('A fault of ours.'))
  await expectSeen(alert.getByText('r-1'))
  await page.unroute('**/v1/queues*')
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expectSeen(page.getByRole('row', { name: /^log/u }))
  await expectGone(alert)
})
