import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  expectAccessible,
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

const notification = { channel: 'log', message: 'Again' }
const make = async (name: string, more: Record<string, unknown> = {}) => {
  const reply = await d.client.call('POST', '/v1/schedules', {
    name,
    cron: '0 9 * * *',
    notification,
    ...more,
  })
  expect(reply.status, reply.text).toBe(201)
}
const read = async (name: string) => (await d.client.call('GET', `/v1/schedules/${name}`)).body
const dialog = (page: Page) => page.getByRole('dialog')

test('a schedule is made; its rule is put into words while it is typed, and what is wrong with it stands there', async () => {
  const { page } = await d.open('/schedules')
  await expectSeen(page.getByText('There is no recurring schedule.'))
  await page.getByRole('button', { name: 'New schedule' }).click()
  await dialog(page).getByRole('textbox', { name: 'Name' }).fill('weekdays')
  await dialog(page).getByRole('textbox', { name: 'Rule' }).fill('99 9 * * 1-5')
  await expectSeen(dialog(page).getByText('cron', { exact: true }).last())
  await dialog(page).getByRole('textbox', { name: 'Rule' }).fill('30 9 * * 1-5')
  await expectSeen(
    dialog(page)
      .getByText(/^At 09:30/u)
      .or(dialog(page).getByText(/09:30/u))
      .first(),
  )
  await expectSeen(dialog(page).getByRole('list', { name: 'Next runs' }))
  await dialog(page).getByRole('textbox', { name: 'Message' }).fill('Good morning')
  await expectAccessible(page)
  await dialog(page).getByRole('button', { name: 'Make the schedule' }).click()
  await page.waitForURL('**/schedules/weekdays')
  await expectSeen(page.getByRole('heading', { name: 'weekdays', level: 1 }))
  expect(await read('weekdays')).toMatchObject({
    ...{ cron: '30 9 * * 1-5', timeZone: 'Asia/Seoul', state: 'active' },
    notification: { channel: 'log', message: 'Good morning' },
  })
})

test('the tasks that the server knows are suggested for a schedule', async () => {
  const { page } = await d.open('/schedules')
  await page.getByRole('button', { name: 'New schedule' }).click()
  await dialog(page).getByText('Task', { exact: true }).click()
  const list = await dialog(page).getByLabel('Name of the task').getAttribute('list')
  await eventually('the one that is built in', async () =>
    (await page.locator(`datalist#${list} option`).allTextContents()).includes('image-resize'),
  )
  expect(await dialog(page).getByLabel('Name of the task').inputValue()).toBe('')
})

test('what compose makes again and again is a schedule', async () => {
  const { page } = await d.open('/compose')
  await page.getByRole('textbox', { name: 'Message' }).fill('Composed')
  await page
    .locator('label')
    .filter({ hasText: /^Recurring$/u })
    .click()
  await page.getByRole('textbox', { name: 'Name' }).fill('No Such Name')
  await page.getByRole('textbox', { name: 'Rule' }).fill('0 12 1 * *')
  await expectSeen(page.getByRole('list', { name: 'Next runs' }))
  await page.getByRole('button', { name: 'Make the schedule' }).click()
  await expectSeen(page.getByRole('textbox', { name: 'Name' }).and(page.locator('[aria-invalid="true"]')))
  await page.getByRole('textbox', { name: 'Name' }).fill('composed')
  await page.getByRole('button', { name: 'Make the schedule' }).click()
  await page.waitForURL('**/schedules/composed')
  expect((await read('composed')).notification).toMatchObject({ message: 'Composed' })
})

test('a clock change is told beside the run that it moves', async () => {
  await make('spring', { cron: '30 2 28 3 *', timeZone: 'Europe/Berlin' })
  const { page } = await d.open('/schedules/spring')
  await expectSeen(page.getByText('Clocks go forward: moved to the next time that exists').first())
  expect(await page.getByRole('list', { name: 'Next runs' }).innerText()).toContain('2027-03-28 03:00')
})

test('paused and resumed: what was missed is counted before any of it is made up for', async () => {
  await make('seconds', { cron: '* * * * * *', missed: 'all' })
  const { page } = await d.open('/schedules/seconds')
  await page.getByRole('button', { name: 'Pause' }).click()
  await expectSeen(page.getByText('Paused. What falls due is not run.'))
  await eventually('two missed', async () => {
    const dry = await d.client.call('POST', '/v1/schedules/seconds/resume', { dryRun: true })
    return dry.body.missedCount >= 2
  })
  await page.getByRole('button', { name: 'Resume…' }).click()
  await expectSeen(dialog(page).getByText(/^\d+ runs would be made up for\.$/u))
  await expectAccessible(page)
  await dialog(page)
    .locator('label')
    .filter({ hasText: /^Skip them$/u })
    .click()
  await expectSeen(dialog(page).getByText('Nothing is made up for.'))
  await dialog(page).getByRole('button', { name: 'Resume', exact: true }).click()
  await expectSeen(page.getByText('It runs again.', { exact: true }))
  expect((await read('seconds')).state).toBe('active')
  await d.client.call('DELETE', '/v1/schedules/seconds', undefined, { 'if-match': '*' })
})

test('run now and backfill: how many would be made is seen first, the runs appear, and none is made twice', async () => {
  await make('daily', { timeZone: 'UTC' })
  const { page } = await d.open('/schedules/daily')
  await expectSeen(page.getByText('It has not run yet.'))
  await page.getByRole('button', { name: 'Run now' }).click()
  await expectSeen(page.getByRole('row', { name: /By hand/u }))
  await page.getByRole('button', { name: 'Backfill…' }).click()
  await dialog(page).getByLabel('From (UTC)').fill('2026-01-05T00:00')
  await dialog(page).getByLabel('To (UTC)').fill('2026-01-08T00:00')
  await dialog(page).getByRole('button', { name: 'Look first' }).click()
  await expectSeen(dialog(page).getByText('3 runs would be made.'))
  expect((await d.client.call('GET', '/v1/schedules/daily/runs')).body.items).toHaveLength(1)
  await dialog(page).getByRole('button', { name: 'Make 3' }).click()
  await expectSeen(page.getByRole('row', { name: /2026-01-07 18:00:00/u }))
  const dry = { from: '2026-01-05T00:00:00Z', to: '2026-01-08T00:00:00Z', dryRun: true }
  expect((await d.client.call('POST', '/v1/schedules/daily/backfill', dry)).body.count).toBe(0)
})

test('an edit keeps what is secret, loses to a change that came first, and can then be done again', async () => {
  const target = {
    channel: 'webhook',
    to: 'https://example.com/a',
    payload: { a: 1 },
    headers: { 'X-Token': 'abc' },
  }
  await make('edited', { notification: target, exclude: ['2026-12-25'] })
  const { page } = await d.open('/schedules/edited')
  await page.getByRole('button', { name: 'Edit' }).click()
  await expectSeen(dialog(page).getByText('X-Token'))
  await dialog(page).getByRole('textbox', { name: 'URL' }).fill('https://example.com/b')
  await d.client.call('PATCH', '/v1/schedules/edited', { jitterSeconds: 5 }, { 'if-match': '*' })
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expectSeen(dialog(page).getByRole('alert'))
  expect((await read('edited')).notification.to).toBe('https://example.com/a')
  await dialog(page).getByRole('button', { name: 'Try again' }).click()
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expectSeen(page.getByText('Saved.'))
  const after = await read('edited')
  expect(after.notification).toEqual({
    ...target,
    to: 'https://example.com/b',
    headers: { 'X-Token': 'hidden' },
  })
  expect(after.exclude).toEqual(['2026-12-25'])
})

test('it is deleted only after it was asked about', async () => {
  await make('gone')
  const { page } = await d.open('/schedules/gone')
  await page.getByRole('button', { name: 'Delete…' }).click()
  expect((await read('gone')).name).toBe('gone')
  await dialog(page).getByRole('button', { name: 'Delete', exact: true }).click()
  await page.waitForURL('**/schedules')
  expect((await d.client.call('GET', '/v1/schedules/gone')).status).toBe(404)
})

test('it can be used by everybody: both themes, both languages, on a phone', async () => {
  await make('seen')
  await d.client.call('POST', '/v1/schedules/seen/run-now', {}, { 'if-match': '*' })
  await expectWellMade(d, '/schedules', (page) => page.getByRole('link', { name: 'seen' }).waitFor())
  await expectWellMade(d, '/schedules/seen', (page) => page.getByRole('table').waitFor())
})

test('a key that only reads looks at everything, changes nothing, and is told why', async () => {
  const admin = await d.makeKey(['admin', 'schedules:read', 'schedules:write', 'notifications:read'])
  const key = await d.makeKey(['schedules:read'], admin)
  const { page } = await d.open('/schedules/seen', { key })
  for (const name of ['Pause', 'Run now', 'Backfill…', 'Edit', 'Delete…']) {
    const button = page.getByRole('button', { name })
    await button.hover()
    await expectSeen(page.getByText('it needs the permission schedules:write').first())
    await button.press('Enter')
  }
  expect(await dialog(page).count()).toBe(0)
  const { body } = await d.client.call('GET', '/v1/schedules/seen', undefined, {
    authorization: `Bearer ${admin}`,
  })
  expect([body.state, body.version]).toEqual(['active', 1])
})
