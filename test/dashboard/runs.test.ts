import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineTask, TaskFailure } from '../../src/index.ts'
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
import { statusFromPage } from '../kit/status-from-page.ts'

let d: Dashboard
let runs: Runs
/** What `steps` waits for: how far it is told to be, by the run's own mark; 100 ends it. */
const reached = new Map<string, number>()
const titles = '[data-index] [data-column="title"]'

beforeAll(async () => {
  d = await startDashboard({
    tasks: {
      report: defineTask({
        schema: {
          type: 'object',
          required: ['day'],
          properties: { day: { type: 'string', format: 'date' } },
          additionalProperties: false,
        },
        handler: ({ data }) => ({ rows: 12, of: data.day }),
      }),
      breaks: defineTask({
        retry: { limit: 1, delaySeconds: 0.1, backoff: 'fixed' },
        handler: () => {
          throw new TaskFailure('the disk is full', { code: 'no-space' })
        },
      }),
      steps: defineTask({
        schema: { type: 'object', required: ['mark'], properties: { mark: { type: 'string' } } },
        async handler({ data: { mark }, signal, progress }) {
          await eventually(
            'told to end, or to stop',
            async () => {
              progress(reached.get(mark) ?? 0)
              signal.throwIfAborted()
              return reached.get(mark) === 100
            },
            30_000,
          )
        },
      }),
    },
  })
  runs = createRuns(d.client)
})
afterAll(() => d.end())

const LATER = { runAt: { delay: '3h' } }
const step = async (mark: string): Promise<string> => {
  const id = await runs.start('steps', { data: { mark } })
  await runs.inState(id, 'running')
  return id
}

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
  await page.goto('/runs?groupKey=books&state=scheduled')
  await expectSeen(page.getByText('These are all: 1'))
  await shown(second)
})

test('a run that begins, goes on and ends is seen to, in the table and on its page, without a reload', async () => {
  const id = await runs.start('steps', { data: { mark: 'seen' }, runAt: { delay: 1.5 }, tags: ['seen'] })
  const { page } = await d.open('/runs?tag=seen')
  const row = page.getByRole('row').filter({ hasText: 'steps' })
  await expectSeen(row.getByText('Scheduled'))
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
  await press('Try again at…')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('After', { exact: true }).fill('soon')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  await expectSeen(dialog.getByLabel('After', { exact: true }).and(page.locator('[aria-invalid="true"]')))
  await dialog.getByLabel('After', { exact: true }).fill('2h')
  await dialog.getByRole('button', { name: 'Try again' }).click()
  const { dueAt } = await runs.inState(id, 'scheduled')
  expect(Math.round((Date.parse(dueAt) - Date.now()) / 3_600_000)).toBe(2)
  await press('Run now')
  await runs.inState(id, 'succeeded')
  await expectSeen(page.getByText('Attempt succeeded'))
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

test('the table and the page of a run can be used by everybody', async () => {
  await expectWellMade(d, '/runs?tag=nightly', (page) => page.locator(titles).first().waitFor())
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
