import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, expectSeen, expectWellMade, startDashboard } from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns, type Runs } from '../kit/runs.ts'
import { createShownTasks } from '../kit/shown-tasks.ts'
import { statusFromPage } from '../kit/status-from-page.ts'

const { tasks, reached } = createShownTasks()
let d: Dashboard
let runs: Runs
beforeAll(async () => {
  d = await startDashboard({ tasks })
  runs = createRuns(d.client)
})
afterAll(() => d.end())

const LATER = { runAt: { delay: '3h' } }
const step = async (mark: string): Promise<string> => {
  const id = await runs.start('steps', { data: { mark } })
  await runs.inState(id, 'running')
  return id
}

test('the page of a run tells every wait, each attempt with its error, and what it was given and gave back', async () => {
  const id = await runs.start('breaks', { data: { path: '<b>/tmp</b>' }, retry: { limit: 1 } })
  await runs.inState(id, 'failed')
  const { body } = await d.client.call('GET', `/v1/runs/${id}/timeline`)
  const { page } = await d.open(`/runs/${id}`)
  const timeline = page.getByRole('region', { name: 'What happened, and what it waited for' })
  await expectSeen(timeline.getByText('Failed for good'))
  expect(await timeline.getByRole('listitem').count()).toBe(body.items.length)
  await expectSeen(timeline.getByText('waited for the next try', { exact: false }))
  const attempts = page.getByRole('table', { name: 'Attempts' })
  expect(await attempts.getByText('no-space').count()).toBe(2)
  expect(await attempts.getByRole('columnheader', { name: 'Provider' }).count()).toBe(0)
  expect(await page.getByRole('region', { name: 'data', exact: true }).innerText()).toContain('<b>/tmp</b>')
  const done = await runs.start('report', { data: { day: '2026-12-03' } })
  await runs.inState(done, 'succeeded')
  await page.goto(`/runs/${done}`)
  expect(JSON.parse(await page.getByRole('region', { name: 'result', exact: true }).innerText())).toEqual({
    ...{ rows: 12, of: '2026-12-03' },
  })
})

test('what waits is run now, or canceled, or settled; what is canceled is run after all, or again at a time', async () => {
  const id = await runs.start('report', { ...LATER, data: { day: '2026-12-04' } })
  const { page } = await d.open(`/runs/${id}`)
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  await press('Cancel')
  await expectSeen(page.getByText('Canceled: it will not run.'))
  await runs.inState(id, 'canceled')
  await press('Edit and try again…')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('After a while', { exact: true }).click()
  await dialog.getByLabel('After', { exact: true }).fill('soon')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expectSeen(dialog.getByLabel('After', { exact: true }).and(page.locator('[aria-invalid="true"]')))
  await dialog.getByLabel('After', { exact: true }).fill('2h')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  const { dueAt } = await runs.inState(id, 'scheduled')
  expect(Math.round((Date.parse(dueAt) - Date.now()) / 3_600_000)).toBe(2)
  await press('Cancel')
  await runs.inState(id, 'canceled')
  await press('Edit and try again…')
  const data = dialog.getByRole('textbox', { name: 'Data' })
  await data.fill('{"day":"never"}')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expectSeen(data.and(page.locator('[aria-invalid="true"]')))
  // What was typed is there after a reload, too.
  await data.fill('{"day":"2026-12-24"}')
  await eventually('it is kept', () => page.evaluate(() => JSON.stringify(localStorage).includes('12-24')))
  await page.reload()
  await press('Edit and try again…')
  await dialog.getByText('After a while', { exact: true }).click()
  await dialog.getByLabel('After', { exact: true }).fill('2h')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  expect(await runs.inState(id, 'scheduled')).toMatchObject({ data: { day: '2026-12-24' } })
  await press('Run now')
  await runs.inState(id, 'succeeded')
  await expectSeen(page.getByText('Attempt succeeded'))
  await expectSeen(page.getByText('to be tried again, by request; next attempt', { exact: false }))
  const { page: korean } = await d.open(`/runs/${id}`, { language: 'ko' })
  await expectSeen(korean.getByText('요청에 따라 다시 시도: data 수정, 다음 시도', { exact: false }))
  expect(await korean.getByText('by request', { exact: false }).count()).toBe(0)
  const other = await runs.start('report', { ...LATER, data: { day: '2026-12-05' } })
  await page.goto(`/runs/${other}`)
  await press('Settle')
  await dialog.getByRole('textbox', { name: 'Note, for the timeline' }).fill('done by hand')
  await dialog.getByRole('button', { name: 'Settle' }).click()
  expect(await runs.inState(other, 'succeeded')).toMatchObject({ attemptCount: 0 })
  await expectSeen(page.getByText('settled by an operator, done by hand'))
})

test('what runs is told to stop, and is seen to have stopped', async () => {
  const id = await step('stopped')
  const { page } = await d.open(`/runs/${id}`)
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expectSeen(page.getByText('It is told to stop, and is final within three seconds.'))
  await runs.inState(id, 'canceled')
  await expectSeen(page.getByRole('button', { name: 'Try again', exact: true }))
})

test('an action that lost a race says what happened instead, and nothing is shown as done', async () => {
  const id = await step('raced')
  const { page } = await d.open('about:blank')
  // As it was a moment ago, when the page was loaded.
  await page.route(`**/v1/runs/${id}`, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), state: 'queued' } })
  })
  await page.goto(`/runs/${id}`)
  await page.getByRole('button', { name: 'Run now' }).click()
  await expectSeen(page.getByRole('alert').filter({ hasText: 'Too late: it is running at this moment.' }))
  reached.set('raced', 100)
  await runs.inState(id, 'succeeded')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expectSeen(page.getByRole('alert').filter({ hasText: 'it has ended already, as succeeded' }))
  expect((await runs.get(id)).state).toBe('succeeded')
})

test('it can be used by everybody', async () => {
  const id = await step('well-made')
  await expectWellMade(d, `/runs/${id}`, (page) => page.getByText('0 %').first().waitFor())
  reached.set('well-made', 100)
})

test('who may only read sees all of it, why nothing can be done, and is refused by the server', async () => {
  const waiting = await runs.start('report', { ...LATER, data: { day: '2026-12-08' } })
  const admin = await d.makeKey(['admin', 'tasks:read', 'schedules:read'])
  const key = await d.makeKey(['tasks:read'], admin)
  const { page } = await d.open(`/runs/${waiting}`, { key })
  await page.getByRole('button', { name: 'Run now' }).hover()
  await expectSeen(page.getByText('it needs the permission tasks:write'))
  const actions = [
    ...['cancel', 'send-now', 'retry', 'resolve'].map((action) => `/v1/runs/${waiting}/${action}`),
    '/v1/tasks/report',
  ]
  for (const path of actions) {
    const body = path.endsWith('resolve') ? { outcome: 'failed' } : {}
    expect([path, await statusFromPage(page, 'POST', path, body)]).toEqual([path, 403])
  }
  const none = await d.makeKey(['schedules:read'], admin)
  const { page: other } = await d.open('/runs', { key: none })
  for (const path of ['/runs', `/runs/${waiting}`]) {
    await other.goto(path)
    await expectSeen(other.getByText('it needs the permission tasks:read').first())
    expect(await other.getByText('2026-12-08').count()).toBe(0)
  }
})
