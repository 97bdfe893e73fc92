import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  expectAccessible,
  expectFits,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns, type Runs } from '../kit/runs.ts'
import { createShownTasks } from '../kit/shown-tasks.ts'

const { tasks, reached } = createShownTasks()
let d: Dashboard
let runs: Runs
beforeAll(async () => {
  d = await startDashboard({ tasks })
  runs = createRuns(d.client)
})
afterAll(() => d.end())

const LATER = { runAt: { delay: '3h' } }
const titles = '[data-index] [data-column="title"]'

test('runs are found by state, task, error and more, and what is looked for stands in the address', async () => {
  const failed = await runs.start('breaks', { tags: ['nightly'] })
  const done = await runs.start('report', { data: { day: '2026-12-01' } })
  await runs.start('report', { ...LATER, data: { day: '2026-12-02' }, groupKey: 'books' })
  await Promise.all([runs.inState(failed, 'failed'), runs.inState(done, 'succeeded')])
  const { page } = await d.open('/')
  await expectSeen(page.getByRole('heading', { name: 'Overview', level: 1 }))
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expectSeen(page.getByRole('heading', { name: 'Tasks', level: 1 }))
  const shown = (...texts: string[]) =>
    eventually(`only ${texts.join(' and ')}`, async () => {
      const found = await page.locator(titles).allInnerTexts()
      return JSON.stringify(found.map((text) => text.trim()).toSorted()) === JSON.stringify(texts.toSorted())
    })
  const [first, second] = ['report {"day":"2026-12-01"}', 'report {"day":"2026-12-02"}']
  await shown('breaks', first, second)
  await page.getByRole('button', { name: 'Failed', exact: true }).click()
  await page.waitForURL('**/runs?state=failed')
  await shown('breaks')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByLabel('Task', { exact: true }).selectOption('report')
  await page.waitForURL('**/runs?task=report')
  await shown(first, second)
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'More filters' }).click()
  await page.getByLabel('Error of the last attempt').fill('no-space')
  await page.waitForURL('**/runs?error=no-space')
  await shown('breaks')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.waitForURL('**/runs')
  await page.keyboard.press('/')
  await page.keyboard.type('12-02')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/runs?q=12-02')
  await shown(second)
  await page.goto(`/runs?createdTo=${new Date(Date.now() - 3_600_000).toISOString()}`)
  await expectSeen(page.getByLabel('Created before', { exact: false }))
  await expectSeen(page.getByText('Nothing fits this filter.'))
  await page.goto('/runs?groupKey=books&state=scheduled')
  await expectSeen(page.getByText('These are all: 1'))
  await shown(second)
})

test('a run that begins, goes on and ends is seen to, in the table and on its page, without a reload', async () => {
  const id = await runs.start('steps', { data: { mark: 'seen' }, runAt: { delay: '1h' }, tags: ['seen'] })
  const { page } = await d.open('/runs?tag=seen')
  const row = page.getByRole('row').filter({ hasText: 'steps' })
  await expectSeen(row.getByText('Scheduled'))
  await d.client.call('POST', `/v1/runs/${id}/send-now`)
  await expectSeen(row.getByText('Running'))
  reached.set('seen', 40)
  await expectSeen(row.getByText('40 %'))
  await row.getByRole('link').click()
  await expectSeen(page.getByRole('heading', { name: 'steps {"mark":"seen"}', level: 1 }))
  await expectSeen(page.getByText('40 %'))
  reached.set('seen', 75)
  await expectSeen(page.getByText('75 %'))
  reached.set('seen', 100)
  await runs.inState(id, 'succeeded')
  await expectSeen(page.getByText('Attempt succeeded'))
  expect(await page.getByText('75 %').count()).toBe(0)
})

test('a task is run by hand: faults of its data stand there, nothing typed is lost, and one run is made', async () => {
  const { page } = await d.open('/runs?task=report&state=scheduled')
  await page.getByRole('button', { name: 'Run a task…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Run a task' })
  await dialog.getByLabel('Task', { exact: true }).selectOption('report')
  const data = dialog.getByLabel('Data, as JSON')
  await data.fill('{"day": ')
  await expectSeen(dialog.getByText('This is not valid JSON.'))
  await data.fill('{"day":"tomorrow"}')
  await dialog.getByRole('button', { name: 'Run it now' }).click()
  await expectSeen(dialog.getByRole('list', { name: 'What is wrong with the data' }).getByText('data.day'))
  await expectAccessible(page)
  await page.setViewportSize({ width: 360, height: 900 })
  await expectFits(page)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.reload()
  await page.getByRole('button', { name: 'Run a task…' }).click()
  expect(await data.inputValue()).toBe('{"day":"tomorrow"}')
  await data.fill('{"day":"2027-01-01"}')
  await dialog.getByText('Date and time', { exact: true }).click()
  const year = new Date().getUTCFullYear() + 1
  await dialog.getByRole('textbox', { name: 'Date and time' }).fill(`${year}-06-01T09:00`)
  const command = dialog.getByRole('region', { name: 'Command' })
  await expectSeen(command.getByText('/v1/tasks/report', { exact: false }))
  expect(await command.innerText()).toContain(`"local": "${year}-06-01T09:00"`)
  await dialog.getByRole('button', { name: 'Schedule it' }).dblclick()
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}$/u)
  const { items } = (await d.client.call('GET', `/v1/runs?task=report&dueFrom=${year}-05-31T00:00:00Z`)).body
  expect(items).toMatchObject([{ data: { day: '2027-01-01' }, dueAt: `${year}-06-01T00:00:00.000Z` }])
})

test('runs are led to from dead letters, schedules, the calendar, queues and workers', async () => {
  const failed = await runs.start('breaks', { retry: { limit: 0 } })
  await runs.inState(failed, 'failed')
  const task = { name: 'report', data: { day: '2026-12-06' } }
  const body = { cron: '0 7 * * *', timeZone: 'Asia/Seoul', task }
  await d.client.call('PUT', '/v1/schedules/daily', body)
  await d.client.call('POST', '/v1/schedules/daily/run-now', undefined, { 'if-match': '*' })
  const started = await eventually('the schedule has started one', async () => {
    const { items } = (await d.client.call('GET', '/v1/runs?scheduleId=daily')).body
    return items[0]?.id
  })
  const { page } = await d.open('/dead-letters?kind=run')
  await page.locator(`a[href="/runs/${failed}"]`).click()
  await expectSeen(page.getByRole('heading', { name: 'breaks', level: 1 }))
  await page.goto('/schedules/daily')
  await page.locator(`a[href="/runs/${started}"]`).click()
  await page.getByRole('link', { name: 'daily' }).click()
  await page.waitForURL('**/schedules/daily')
  await page.goto('/queues')
  await expectSeen(page.locator('a[href="/runs?task=breaks"]'))
  await page.locator('a[href="/runs?task=report&state=running"]').click()
  await expectSeen(page.getByRole('heading', { name: 'Tasks', level: 1 }))
  await runs.start('report', { data: { day: '2026-12-07' }, runAt: { delay: '2m' } })
  await page.goto('/calendar?view=agenda')
  await page
    .getByRole('button', { name: /report/u })
    .first()
    .click()
  await page.getByRole('dialog').getByRole('link', { name: 'Open' }).click()
  await expectSeen(page.getByRole('heading', { name: /^report/u, level: 1 }))
  expect(page.url()).toMatch(/\/runs\/[0-9a-f-]{36}$/u)
})

test('it can be used by everybody', () =>
  expectWellMade(d, '/runs?tag=nightly', (page) => page.locator(titles).first().waitFor()))
