import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  expectAccessible,
  expectFits,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'

let d: Dashboard
beforeAll(async () => {
  d = await startDashboard()
  for (const id of ['one', 'two', 'three'])
    await d.client.call('POST', '/v1/content/story', { id, data: { title: `Story ${id}` } })
  await d.client.call('POST', '/v1/content/story', { id: 'bare', data: {} })
})
afterAll(() => d.end())

const make = async (title: string, items: readonly object[]): Promise<string> => {
  const { status, body } = await d.client.call('POST', '/v1/releases', { title, items })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.id
}
const read = async (id: string) => (await d.client.call('GET', `/v1/releases/${id}`)).body
const story = async (id: string) => (await d.client.call('GET', `/v1/content/story/${id}`)).body

test('items that were chosen in the list go live together, at once or not at all', async () => {
  const { page } = await d.open('/content?type=story')
  for (const id of ['one', 'two', 'bare'])
    await page.getByLabel(id === 'bare' ? 'Choose bare' : `Choose Story ${id}`).check()
  // As over plain HTTP from another machine.
  await page.evaluate('Reflect.deleteProperty(Crypto.prototype, "randomUUID")')
  await page.getByRole('button', { name: 'Release together…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('Winter opening')
  await dialog.getByRole('button', { name: 'Make the release' }).click()
  await page.waitForURL('**/content/release/*')
  await expectSeen(page.getByRole('heading', { level: 1, name: 'Winter opening' }))
  const id = page.url().split('/').at(-1) ?? ''
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expectSeen(page.getByText('It could not be published now'))
  await expectSeen(
    page
      .getByRole('row')
      .filter({ hasText: 'story:bare' })
      .getByText(/data\.title/u),
  )
  // With the one that lacks something none goes live.
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Publish now' }).click()
  await expectSeen(page.getByRole('alert'))
  expect((await story('one')).liveRevision).toBeNull()
  await page.getByRole('button', { name: 'Take out: story:bare' }).click()
  await expectSeen(page.getByText('Taken out.'))
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expectSeen(page.getByText('Checked: all of it could be published now.'))
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Publish now' }).click()
  await expectSeen(page.getByText('All of it is published.'))
  await expectSeen(page.locator('p').getByText('Succeeded', { exact: true }))
  expect((await read(id)).state).toBe('succeeded')
  expect([(await story('one')).liveRevision, (await story('two')).liveRevision]).toEqual([1, 1])
})

test('on a phone, too, items are chosen in the list and put into a release', async () => {
  const { page } = await d.open('/content?type=story', { width: 360 })
  const box = page.getByLabel('Choose Story three')
  await box.check()
  await page.getByLabel('Choose Story two').check()
  // A thumb beside a box hits it, and does not open the item.
  const at = await page.getByLabel('Choose Story one').boundingBox()
  await page.mouse.click((at?.x ?? 0) - 8, (at?.y ?? 0) + 20)
  await expectSeen(page.getByText('3 chosen'))
  await expectAccessible(page)
  await expectFits(page)
  await box.uncheck()
  await page.getByRole('button', { name: 'Release together…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('By phone')
  await expectFits(page)
  await dialog.getByRole('button', { name: 'Make the release' }).click()
  await page.waitForURL('**/content/release/*')
  const { items } = await read(page.url().split('/').at(-1) ?? '')
  expect(items.map((item: { id: string }) => item.id).toSorted()).toEqual(['one', 'two'])
})

test('one that is scheduled is frozen, shows on its items, and is called off', async () => {
  const id = await make('Planned together', [{ type: 'story', id: 'three' }])
  const { page } = await d.open(`/content/release/${id}`)
  const add = page.getByRole('group', { name: 'Add an item' })
  await add.getByLabel('ID').fill('two')
  await add.getByLabel('What').selectOption('unpublish')
  await add.getByRole('button', { name: 'Add', exact: true }).click()
  await expectSeen(page.getByRole('row').filter({ hasText: 'story:two' }))
  await page.getByRole('button', { name: 'Schedule…' }).click()
  const year = new Date().getUTCFullYear() + 1
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('All of it goes live at', { exact: true }).fill(`${year}-06-01T09:00`)
  await dialog.getByRole('button', { name: 'Schedule it' }).click()
  await expectSeen(page.getByText('All of it is scheduled. It is frozen now.'))
  expect(await read(id)).toMatchObject({
    state: 'scheduled',
    dueAt: `${year}-06-01T00:00:00.000Z`,
    publishAt: { local: `${year}-06-01T09:00`, timeZone: 'Asia/Seoul' },
  })
  expect(await page.getByRole('button', { name: 'Take out: story:two' }).getAttribute('aria-disabled')).toBe(
    'true',
  )
  await expectSeen(page.getByRole('row').filter({ hasText: 'Scheduled' }).first())
  const { page: item } = await d.open('/content/story/three')
  await item.getByRole('link', { name: 'by a release' }).first().click()
  await item.waitForURL(`**/content/release/${id}`)
  await page.getByRole('button', { name: 'Call off' }).click()
  await expectSeen(page.getByText('Called off: it will not happen.'))
  expect((await read(id)).state).toBe('canceled')
  expect((await story('three')).schedule).toBeNull()
})

test('a release that somebody else has changed is not changed blindly: it is shown as it is by then', async () => {
  const id = await make('Raced', [{ type: 'story', id: 'three' }])
  const { page } = await d.open(`/content/release/${id}`)
  let isDone = false
  await page.route(`**/v1/releases/${id}`, async (route) => {
    if (!isDone && route.request().method() === 'PATCH') {
      isDone = true
      await d.client.call('PATCH', `/v1/releases/${id}`, { title: 'Theirs' }, { 'if-match': '*' })
    }
    await route.continue()
  })
  await page.getByLabel('Title').fill('Mine')
  await page.getByRole('button', { name: 'Rename' }).click()
  await expectSeen(page.getByText('Not done: the release was changed meanwhile.'))
  await expectSeen(page.getByRole('heading', { level: 1, name: 'Theirs' }))
  expect((await read(id)).title).toBe('Theirs')
  await page.getByRole('button', { name: 'Rename' }).click()
  await expectSeen(page.getByRole('heading', { level: 1, name: 'Mine' }))
})

test('what came to nothing says why, item by item', async () => {
  const id = await make('Fails', [{ type: 'story', id: 'three' }])
  await d.client.call(
    'PUT',
    `/v1/releases/${id}/schedule`,
    { publishAt: { delay: '2s' } },
    { 'if-match': '*' },
  )
  const { page } = await d.open(`/content/release/${id}`)
  await d.client.call('DELETE', '/v1/content/story/three', undefined, { 'if-match': '*' })
  await expectSeen(page.locator('p').getByText('Failed', { exact: true }))
  await expectSeen(page.getByText('Why it came to nothing'))
  await page.getByRole('link', { name: 'All releases' }).click()
  await page.getByLabel('State').selectOption('failed')
  await page.waitForURL('**/content/release?state=failed')
  const views = page.getByRole('navigation', { name: 'Content' })
  expect(await views.locator('[aria-current]').allInnerTexts()).toEqual(['Releases'])
  await expectSeen(page.getByRole('link', { name: 'Fails' }))
  await page.getByLabel('State').selectOption('missed')
  await expectSeen(page.getByText('No release is in this state.'))
})

test('both pages can be used by everybody', async () => {
  const id = await make('For all', [{ type: 'story', id: 'one' }])
  await expectWellMade(d, '/content/release', (page) => page.getByRole('table').waitFor())
  await expectWellMade(d, `/content/release/${id}`, (page) => page.getByRole('table').first().waitFor())
})
