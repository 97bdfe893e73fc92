import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  expectAccessible,
  expectFits,
  expectGone,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'

let d: Dashboard
beforeAll(async () => {
  d = await startDashboard()
})
afterAll(() => d.end())

/** The last Sunday of March 2027: in Berlin 02:00 becomes 03:00. */
const SPRING = '2027-03-28'
const make = (message: string, sendAt: string) => d.client.create({ channel: 'log', message, sendAt })
const dueAt = async (id: string): Promise<string> => (await d.client.get(id)).dueAt
const entry = (page: Page, text: string): Locator => page.getByRole('button', { name: text })

const drag = async (page: Page, from: Locator, to: Locator): Promise<void> => {
  const [start, end] = await Promise.all([from.boundingBox(), to.boundingBox()])
  if (start === null || end === null) throw new Error('there is nothing to drag')
  await page.mouse.move(start.x + 12, start.y + start.height / 2)
  await page.mouse.down()
  await page.mouse.move(start.x + 20, start.y + start.height / 2 + 5, { steps: 3 })
  await page.mouse.move(end.x + end.width / 2, end.y + end.height - 12, { steps: 8 })
  await page.mouse.up()
}
const dayCell = (page: Page, day: string): Locator => page.locator(`[data-date="${day}"][role="cell"]`)

test('a month shows what will happen, and sums up what is too much to be shown', async () => {
  await make('One by one', '2027-05-10T03:00:00Z')
  const many = Array.from({ length: 230 }, (_, i) => ({ message: `m${i}`, sendAt: '2027-05-11T03:00:00Z' }))
  expect((await d.client.call('POST', '/v1/notifications/batch', { notifications: many })).status).toBe(201)
  const schedule = { publishAt: '2027-05-12T03:00:00Z' }
  await d.client.call('POST', '/v1/content/story', { id: 'spring', data: { title: 'Spring' }, schedule })
  const data = { imageUrl: 'https://example.com/a.png', sizes: [320] }
  await d.client.call('POST', '/v1/tasks/image-resize', { data, runAt: '2027-05-13T03:00:00Z' })
  const notification = { channel: 'log', message: 'Again' }
  await d.client.call('POST', '/v1/schedules', { name: 'yearly', cron: '0 3 14 5 *', notification })
  const { page } = await d.open('/calendar?view=month&date=2027-05-01')
  await expectSeen(entry(page, 'Notification 12:00 log: One by one'))
  await expectSeen(entry(page, 'Recurring schedule 12:00 yearly'))
  await entry(page, 'Task 12:00 image-resize').click()
  await expectSeen(page.getByText('The run of a task keeps its time'))
  await page.keyboard.press('Escape')
  await expectSeen(entry(page, 'Publication 12:00 publish story:spring'))
  await entry(page, '230 notifications').click()
  await expectSeen(page.getByRole('link', { name: 'List them' }))
  await page.getByRole('button', { name: 'Show this day' }).click()
  await expectSeen(page.getByRole('heading', { name: '11 May 2027' }))
  expect(page.url()).toContain('view=day')
  // An address that names no day is as good as one without.
  await page.goto('/calendar?view=day&date=2026-99-99')
  await expectSeen(page.getByRole('button', { name: 'Today' }))
  await page.getByLabel('Date', { exact: true }).pressSequentially('05112027')
  await expectSeen(page.getByRole('heading', { name: '11 May 2027' }))
})

test('a month that has more than can be listed shows how many there are on each day', async () => {
  // Each minute of two days has one.
  await d.database.query(
    `with made as (insert into yeyak.notifications (id, project_id, channel, lane, recipient, content, due_at, next_at, retry_limit,
       retry_delay_seconds, retry_backoff, retry_max_delay_seconds, on_unknown, timeout_seconds)
     select gen_random_uuid(), 1, 'log', 'notifications.log', null, '{"message":"dense"}', due, due, 3, 60, 'exponential', 3600, 'retry', 15
     from generate_series(0, 7199) i, lateral (select timestamptz '2028-05-09T15:00:00Z' + i * interval '24 s' as due) d)
     select 1`,
  )
  const { page } = await d.open('/calendar?view=month&date=2028-05-01')
  await expectSeen(
    page.getByText('Notifications: more than can be listed. From 2028-05-11 on, each day says how many.'),
  )
  // The first day is listed whole, and summed up here; the second one was looked at as far as that goes.
  await expectSeen(entry(page, '3,600 notifications'))
  await expectSeen(entry(page, '1,000+ notifications'))
  await entry(page, '1,000+ notifications').click()
  await page.getByRole('button', { name: 'Show this day' }).click()
  await expectSeen(page.getByRole('heading', { name: '11 May 2028' }))
})

test('a week that has more than can be listed says above each day how many follow, until it is read on', async () => {
  const begin = Date.parse('2028-08-07T15:00:00Z')
  const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString()
  // One each ten seconds, more than are read at once; then many at one instant, two days later.
  const dense = Array.from({ length: 15_600 }, (_, i) => ({ message: 'dense', sendAt: at(i * 10) }))
  const later = Array.from({ length: 700 }, () => ({ message: 'later', sendAt: at(4 * 86_400) }))
  for (const notifications of [dense.slice(0, 10_000), [...dense.slice(10_000), ...later]])
    expect((await d.client.call('POST', '/v1/notifications/batch', { notifications })).status).toBe(201)
  const { page } = await d.open('/calendar?view=week&date=2028-08-08')
  await expectSeen(page.getByText('Listed is what is due before 2028-08-09', { exact: false }))
  await expectSeen(entry(page, '700 notifications'))
  const rest = page.getByRole('button', { name: /Notification \d\d:\d\d– 6\d\d notifications/u })
  await rest.click()
  await expectSeen(page.getByRole('dialog').getByRole('link', { name: 'List them' }))
  await page.keyboard.press('Escape')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Read on' }).click()
  await expectGone(page.getByText('more than is read at once', { exact: false }))
  await expectGone(rest)
})

test('dragged to another day it keeps its wall-clock time, also across a change of the clocks', async () => {
  const id = await make('Nine', '2027-03-27T08:00:00Z')
  const { page } = await d.open(`/calendar?view=month&date=${SPRING}`, { timeZone: 'Europe/Berlin' })
  await expectSeen(page.getByText('2027-03-28 · Clocks go forward: 02:00 → 03:00'))
  await drag(page, entry(page, 'Notification 09:00 log: Nine'), dayCell(page, '2027-03-29'))
  await expectSeen(page.getByText('Moved to 2027-03-29 09:00 (Europe/Berlin, CEST).'))
  expect(await dueAt(id)).toBe('2027-03-29T07:00:00.000Z')
})

test('dropped at a time that does not exist that day, it stays until it is said which one is meant instead', async () => {
  const id = await make('Half past two', '2027-03-27T01:30:00Z')
  const { page } = await d.open(`/calendar?view=month&date=${SPRING}`, { timeZone: 'Europe/Berlin' })
  await drag(page, entry(page, 'Notification 02:30 log: Half past two'), dayCell(page, SPRING))
  await expectSeen(page.getByText('This time does not exist that day'))
  expect(await dueAt(id)).toBe('2027-03-27T01:30:00.000Z')
  await page.getByRole('button', { name: '2027-03-28 01:30 CET' }).click()
  await expectSeen(page.getByText('Moved to 2027-03-28 01:30'))
  expect(await dueAt(id)).toBe('2027-03-28T00:30:00.000Z')
})

test('by keys alone an entry is opened and moved; a time that does not exist is asked about', async () => {
  const id = await make('By keys', '2027-03-27T01:30:00Z')
  const { page } = await d.open(`/calendar?view=agenda&date=${SPRING}`, { timeZone: 'Europe/Berlin' })
  const opener = entry(page, 'log: By keys')
  await opener.focus()
  await page.keyboard.press('Enter')
  await expectSeen(page.getByLabel('New time (Europe/Berlin, CET)'))
  await page.getByRole('button', { name: '1 day later' }).press('Enter')
  await page.getByRole('button', { name: 'Move', exact: true }).press('Enter')
  await expectSeen(page.getByText('This time does not exist that day'))
  await expectAccessible(page)
  expect(await dueAt(id)).toBe('2027-03-27T01:30:00.000Z')
  await page.getByRole('button', { name: '2027-03-28 03:30 CEST' }).press('Enter')
  await expectSeen(page.getByText('Moved to 2027-03-28 03:30'))
  expect(await dueAt(id)).toBe('2027-03-28T01:30:00.000Z')
})

test('a publication is moved with the rest of its schedule as it was, for the version that was read', async () => {
  const schedule = {
    publishAt: '2027-06-02T03:00:00Z',
    unpublishAt: '2027-06-20T03:00:00Z',
    maxLateSeconds: 60,
  }
  await d.client.call('POST', '/v1/content/story', { id: 'summer', data: { title: 'Summer' }, schedule })
  const { page } = await d.open('/calendar?view=month&date=2027-06-01')
  await drag(page, entry(page, 'publish story:summer').first(), dayCell(page, '2027-06-04'))
  await expectSeen(page.getByText('Moved to 2027-06-04 12:00 (Asia/Seoul, GMT+9).'))
  const { body } = await d.client.call('GET', '/v1/content/story/summer')
  expect(body.schedule.publications.map((one: { dueAt: string }) => one.dueAt)).toEqual([
    '2027-06-04T03:00:00.000Z',
    '2027-06-20T03:00:00.000Z',
  ])
  expect(body.schedule.maxLateSeconds).toBe(60)
})

test('too late, it goes back to where it was, and is told what happened instead', async () => {
  const id = await make('Late', '2027-07-05T03:00:00Z')
  const { page } = await d.open('/calendar?view=month&date=2027-07-01')
  await page.route('**/v1/notifications/*', async (route) => {
    if (route.request().method() === 'PATCH') await d.client.call('POST', `/v1/notifications/${id}/cancel`)
    await route.continue()
  })
  await drag(page, entry(page, 'log: Late'), dayCell(page, '2027-07-08'))
  await expectSeen(page.getByText('Not moved: meanwhile it is Canceled.'))
  expect(await dueAt(id)).toBe('2027-07-05T03:00:00.000Z')
})

test('what is scheduled elsewhere appears by itself, and goes when it is canceled', async () => {
  const { page } = await d.open('/calendar?view=month&date=2027-08-01')
  await expectSeen(page.getByText('Live', { exact: true }))
  const id = await make('From elsewhere', '2027-08-10T03:00:00Z')
  await expectSeen(entry(page, 'log: From elsewhere'))
  await d.client.call('POST', `/v1/notifications/${id}/cancel`)
  await expectGone(entry(page, 'log: From elsewhere'))
})

test('a link for calendar programs is shown once, opens the calendar, and can be taken back', async () => {
  await make('In the feed', new Date(Date.now() + 86_400_000).toISOString())
  const { page } = await d.open('/calendar')
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await page.getByLabel('Who or what for').fill('my phone')
  await page.getByRole('button', { name: 'Make a link' }).click()
  await expectSeen(page.getByText('This link is shown once.'))
  const link = await page.locator('code', { hasText: 'calendar.ics' }).innerText()
  expect(await (await fetch(link)).text()).toContain('SUMMARY:log: In the feed')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Take back my phone' }).click()
  await eventually('the link to open nothing', async () => (await fetch(link)).status === 404)
})

test('it can be used by everybody: both themes, both languages, on a phone', async () => {
  await make('Seen by all', '2027-09-10T03:00:00Z')
  const isSeen = (page: Page) => entry(page, 'Seen by all').first().waitFor()
  await expectWellMade(d, '/calendar?view=month&date=2027-09-10', isSeen)
  const { page: phone } = await d.open('/calendar?view=month&date=2027-05-01', { language: 'ko', width: 360 })
  await expectSeen(phone.getByText('230', { exact: true }))
  const { page } = await d.open('/calendar?view=week&date=2027-09-10', { theme: 'dark', width: 360 })
  for (const view of ['Week', 'Day', 'Agenda']) {
    await page
      .locator('label')
      .filter({ hasText: new RegExp(`^${view}$`, 'u') })
      .click()
    await isSeen(page)
    await expectAccessible(page)
    await expectFits(page)
  }
})

test('a key that only reads moves nothing, and is told why', async () => {
  const admin = await d.makeKey(['admin', 'notifications:read', 'notifications:write', 'content:read'])
  const key = await d.makeKey(['notifications:read', 'content:read'], admin)
  const { page } = await d.open('/calendar?view=month&date=2027-09-01', { key })
  const one = entry(page, 'log: Seen by all')
  await drag(page, one, dayCell(page, '2027-09-14'))
  await one.click()
  const button = page.getByRole('button', { name: 'Move', exact: true })
  await button.hover()
  await expectSeen(page.getByText('it needs the permission notifications:write'))
  await button.press('Enter')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await page.getByLabel('Who or what for').fill('nobody')
  await page.getByRole('button', { name: 'Make a link' }).press('Enter')
  const read = { authorization: `Bearer ${admin}` }
  const list = await d.client.call('GET', '/v1/notifications?q=Seen', undefined, read)
  expect(list.body.items[0].dueAt).toBe('2027-09-10T03:00:00.000Z')
  expect((await d.client.call('GET', '/v1/calendar/tokens', undefined, read)).body.items).toEqual([])
  expect(await page.getByRole('alert').count()).toBe(0)
})
