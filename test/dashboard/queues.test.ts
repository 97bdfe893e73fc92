import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, expectSeen, expectWellMade, startDashboard } from '../kit/dashboard.ts'

let d: Dashboard
beforeAll(async () => {
  d = await startDashboard()
  await d.client.create({ message: 'waits', sendAt: { delay: '1h' } })
})
afterAll(() => d.end())

test('a queue is paused and resumed, at once on the page and in truth on the server', async () => {
  const { page } = await d.open('/queues')
  const row = page.getByRole('row', { name: /^log/u })
  await expectSeen(row.getByText('Active'))
  expect((await row.innerText()).split(/\s+/u).slice(0, 3)).toEqual(['log', 'Active', '1'])
  await page.getByRole('button', { name: 'Pause the queue log' }).click()
  await expectSeen(row.getByText('Paused'))
  await expectSeen(page.getByText('log is paused: what falls due stays scheduled.'))
  expect((await d.client.call('GET', '/v1/queues/log')).body.state).toBe('paused')
  await page.getByRole('button', { name: 'Resume the queue log' }).press('Enter')
  await expectSeen(row.getByText('Active'))
  expect((await d.client.call('GET', '/v1/queues/log')).body.state).toBe('active')
})

test('a refusal is told, and what was shown as done is put back', async () => {
  const { page } = await d.open('/queues')
  const row = page.getByRole('row', { name: /^email/u })
  await expectSeen(row.getByText('Active'))
  const problem = { status: 503, title: 'x', code: 'unavailable', detail: 'Not just now.', requestId: 'r' }
  await page.route('**/v1/queues/email/pause', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  )
  await page.getByRole('button', { name: 'Pause the queue email' }).click()
  await expectSeen(page.getByRole('alert').getByText('Not just now.'))
  await expectSeen(row.getByText('Active'))
  // What may well succeed later is tried again from there.
  await page.unroute('**/v1/queues/email/pause')
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
  await expectSeen(row.getByText('Paused'))
  expect((await d.client.call('POST', '/v1/queues/email/resume')).status).toBe(200)
})

test('what somebody else does is seen at once', async () => {
  const { page } = await d.open('/queues')
  await expectSeen(page.getByText('Live', { exact: true }))
  const row = page.getByRole('row', { name: /^webhook Active|^webhook\b/u }).first()
  await expectSeen(row.getByText('Active'))
  await d.client.call('POST', '/v1/queues/webhook/pause')
  await row.getByText('Paused').waitFor({ timeout: 4_000 })
  expect(await row.getByRole('button').innerText()).toBe('Resume')
  await d.client.call('POST', '/v1/queues/webhook/resume')
})

test('the worker of this process is alive, and tells what it has in hand', async () => {
  const { page } = await d.open('/queues')
  const table = page.getByRole('table', { name: 'Workers' })
  await expectSeen(table.getByText('Alive'))
  expect(await table.getByText(`pid ${process.pid}`).count()).toBe(1)
  expect(await table.getByRole('progressbar', { name: 'notifications.log: 0 of' }).count()).toBe(1)
})

test('it can be used by everybody', async () => {
  await expectWellMade(d, '/queues', (page) => page.getByRole('table').nth(1).waitFor())
})
