import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { type Dashboard, expectAccessible, expectSeen, startDashboard } from '../kit/dashboard.ts'

let database: TestDatabase
let d: Dashboard
let second: TestApp | null = null
beforeAll(async () => {
  database = await createTestDatabase()
  d = await startDashboard({ database })
})
afterAll(async () => {
  await d.end()
  await second?.end()
  await database.drop()
})

test('a server that goes away is told of, what is typed stays, and all is read anew when it comes back', async () => {
  const id = await d.client.create({ message: 'before', sendAt: { delay: '1h' } })
  const { page } = await d.open(`/notifications/${id}`)
  await expectSeen(page.getByText('Live', { exact: true }))
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'message' }).fill('typed while it was there')

  await d.app.stop()
  await expectSeen(page.getByText('Server does not answer', { exact: true }))
  await page.getByRole('button', { name: 'Save' }).click()
  await expectSeen(page.getByRole('dialog').getByText('The server does not answer.', { exact: false }))
  await page.reload().catch(() => {})

  second = await startTestApp({ database, env: { PORT: new URL(d.url).port } })
  await page.goto(`${d.url}/notifications/${id}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  const field = page.getByRole('textbox', { name: 'message' })
  expect(await field.inputValue()).toBe('typed while it was there')
  await page.getByRole('button', { name: 'Save' }).click()
  await expectSeen(page.getByText('It was changed.'))
  await expectSeen(page.getByRole('heading', { name: 'typed while it was there', level: 1 }))
  expect((await second.client.get(id)).message).toBe('typed while it was there')
})

test('without a reload, too: each page connects again, and shows what happened meanwhile', async () => {
  const first = second
  if (first === null) throw new Error('the test before has failed')
  const id = await first.client.create({ message: 'meanwhile', sendAt: { delay: '1h' } })
  const pages = []
  for (const path of ['/', '/queues', '/dead-letters', '/notifications', `/notifications/${id}`]) {
    const { page } = await d.open(path)
    await expectSeen(page.getByText('Live', { exact: true }))
    pages.push(page)
  }
  await first.app.stop()
  for (const page of pages) await expectSeen(page.getByText('Server does not answer', { exact: true }))
  const [overview, queues, deadLetters, list, detail] = pages
  if (!overview || !queues || !deadLetters || !list || !detail) throw new Error('a page is missing')
  await expectAccessible(detail)

  second = await startTestApp({ database, env: { PORT: new URL(d.url).port } })
  await second.client.call('POST', `/v1/notifications/${id}/cancel`)
  await second.client.call('POST', '/v1/queues/log/pause')
  const settled = await second.client.create({ message: 'settled', sendAt: { delay: '1h' } })
  await second.client.call('POST', `/v1/notifications/${settled}/resolve`, { outcome: 'failed' })
  for (const page of pages) await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 })
  await expectSeen(detail.getByText('Canceled').first())
  await expectSeen(list.getByRole('row').filter({ hasText: 'meanwhile' }).getByText('Canceled'))
  await expectSeen(queues.getByRole('row', { name: /^log/u }).getByText('Paused'))
  await expectSeen(deadLetters.getByRole('link', { name: 'settled' }))
  await expectSeen(overview.getByRole('link', { name: 'Canceled 1' }))
})
