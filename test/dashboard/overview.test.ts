import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../kit/poll.ts'
import { type Dashboard, expectSeen, expectWellMade, startDashboard } from '../kit/dashboard.ts'

let d: Dashboard
beforeAll(async () => {
  d = await startDashboard()
})
afterAll(() => d.end())

test('it shows what is due, what was delivered, and how late', async () => {
  const id = await d.client.create({ channel: 'log', message: 'done' })
  await d.client.create({ channel: 'log', message: 'soon', sendAt: { delay: '30s' } })
  await d.client.inState(id, 'delivered')
  const { page } = await d.open('/')
  await expectSeen(page.getByRole('heading', { name: 'Overview', level: 1 }))
  await expectSeen(page.getByText('Ready'))
  expect(await page.locator('dl').first().innerText()).toMatch(/Due in a minute\s+1/u)
  await expectSeen(page.getByRole('link', { name: 'Delivered 1' }))
  const row = page.getByRole('row', { name: /^log/u })
  expect((await row.innerText()).split(/\s+/u).slice(0, 3)).toEqual(['log', '2', '1'])
})

test('tasks and content have their figures beside the notifications, once there are any', async () => {
  const { page } = await d.open('/')
  await expectSeen(page.getByRole('heading', { name: 'Outcomes by channel' }))
  expect(await page.getByRole('heading', { name: 'Tasks and content' }).count()).toBe(0)
  const schedule = { publishAt: { delay: '30s' } }
  await d.client.call('POST', '/v1/content/story', { id: 'soon', data: { title: 'Soon' }, schedule })
  const data = { imageUrl: 'https://example.com/a.png' }
  await d.client.call('POST', '/v1/tasks/image-resize', { data, runAt: { delay: '40m' } })
  const cells = async (name: string) =>
    (await page.getByRole('row', { name: new RegExp(`^${name}`, 'u') }).innerText()).split(/\s+/u).slice(0, 6)
  await expectSeen(page.getByRole('heading', { name: 'Tasks and content' }))
  await eventually(
    'both',
    async () => (await cells('Tasks'))[2] === '1' && (await cells('Content'))[1] === '1',
  )
  expect(await cells('Tasks')).toEqual(['Tasks', '0', '1', '1', '0', '0'])
  expect(await cells('Content')).toEqual(['Content', '1', '1', '1', '0', '0'])
})

test('a delivery appears by itself', async () => {
  const { page } = await d.open('/')
  await expectSeen(page.getByText('Live', { exact: true }))
  const before = Number(
    (await page.getByRole('link', { name: /^Delivered/u }).innerText()).replace(/\D/gu, ''),
  )
  await d.client.create({ channel: 'log', message: 'seen' })
  await expectSeen(page.getByRole('link', { name: `Delivered ${before + 1}` }))
})

test('it can be used by everybody: both themes, both languages, on a phone', async () => {
  await expectWellMade(d, '/', (page) => page.getByRole('table').first().waitFor())
})
