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
import { seed } from '../kit/seed.ts'

let d: Dashboard
const MANY = 1_200
beforeAll(async () => {
  d = await startDashboard()
  await seed(d.database, { count: MANY, to: 'many@example.com', groupKey: 'many', inSeconds: 7_200 })
  for (const [message, more] of [
    ['Reminder: the trip begins', { tags: ['trip'], groupKey: 'trip-9' }],
    ['내일 오전 9시 예약', { tags: ['trip'], priority: 5 }],
    ['Invoice 100%_\\ off', {}],
  ] as const)
    await d.client.create({ message, sendAt: { delay: '3h' }, ...more })
})
afterAll(() => d.end())

const titles = '[data-index] [data-column="title"]'

test('filters stand in the address, also those that are folded away, and an address is a filter', async () => {
  const { page } = await d.open('/notifications')
  await expectSeen(page.getByRole('row').filter({ hasText: 'Invoice' }))
  await page.getByRole('button', { name: 'Canceled', exact: true }).click()
  await page.waitForURL('**/notifications?state=canceled')
  await expectSeen(page.getByText('Nothing fits this filter.'))
  await page.getByRole('button', { name: 'Clear filters' }).click()
  // A channel of one's own is as good as those that come along.
  await page.getByLabel('Channel').selectOption('probe')
  await page.waitForURL('**/notifications?channel=probe')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('button', { name: 'More filters' }).click()
  // Key by key, as people do.
  await page.getByLabel('Due from', { exact: false }).pressSequentially('07042030')
  await page.keyboard.press('Tab')
  await page.keyboard.type('0930AM')
  await page.waitForURL('**/notifications?dueFrom=2030-07-04T00:30:00.000Z')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByLabel('Tag').fill('trip')
  await page.waitForURL('**/notifications?tag=trip')
  await eventually('the two with the tag', async () => (await page.locator(titles).count()) === 2)
  const { page: other } = await d.open('/notifications?groupKey=trip-9')
  await expectSeen(other.getByText('These are all: 1'))
  expect(await other.locator(titles).allInnerTexts()).toEqual(['Reminder: the trip begins'])
  expect(await other.getByLabel('Group', { exact: true }).inputValue()).toBe('trip-9')
})

test('a search finds parts, also of Korean, and signs of patterns are letters', async () => {
  const { page } = await d.open('/notifications')
  for (const [q, found] of [
    ['오전', '내일 오전 9시 예약'],
    ['100%_\\', 'Invoice 100%_\\ off'],
  ] as const) {
    await page.getByLabel('Part of recipient, subject or message').fill(q)
    await eventually(`what ${q} finds`, async () => {
      const shown = await page.locator(titles).allInnerTexts()
      return shown.length === 1 && shown[0] === found
    })
    expect(new URL(page.url()).searchParams.get('q')).toBe(q)
  }
})

test('all can be scrolled through, and gone through by keys; only what is in sight exists', async () => {
  const { page } = await d.open('/notifications?groupKey=many&sort=createdAt')
  const table = page.getByRole('table', { name: 'Notifications' })
  await expectSeen(page.locator('[data-index="0"]'))
  await table.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await eventually(
    'the third row has the focus',
    async () =>
      (await page.evaluate('document.activeElement.closest("[data-index]")?.dataset.index')) === '2',
  )
  await eventually(
    'the end',
    async () => {
      // The end is told of before its rows are drawn: as long as they are not, there is further to go.
      await page.evaluate(`document.querySelector('main [role="table"]').scrollTop = 1e7`)
      return (await page.locator(`[data-index="${MANY - 1}"]`).count()) > 0
    },
    30_000,
  )
  await expectSeen(page.getByText('These are all: 1,200'))
  expect(await page.locator('[data-index]').count()).toBeLessThan(80)
  await page.locator(`[data-index="${MANY - 1}"] a`).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/notifications\/[0-9a-f-]{36}$/u)
})

test('a row changes by itself; what is new is offered, and does not push the others away', async () => {
  const id = await d.client.create({ message: 'changes', sendAt: { delay: '3h' }, tags: ['live'] })
  const { page } = await d.open('/notifications?tag=live')
  const row = page.getByRole('row').filter({ hasText: 'changes' })
  await expectSeen(row.getByText('Scheduled'))
  await expectSeen(page.getByText('Live', { exact: true }))
  await d.client.call('POST', `/v1/notifications/${id}/cancel`)
  await expectSeen(row.getByText('Canceled'))
  await d.client.create({ message: 'newer', sendAt: { delay: '3h' }, tags: ['live'] })
  await page.getByRole('button', { name: '1 new or changed: show them' }).click()
  await expectSeen(page.getByRole('row').filter({ hasText: 'newer' }))
})

test('a row that falls due says so, although no event tells it; its page does, too', async () => {
  const id = await d.client.create({ message: 'falls due', sendAt: { delay: '3h' }, tags: ['due'] })
  const [{ page }, { page: own }] = await Promise.all([
    d.open('/notifications?tag=due'),
    d.open(`/notifications/${id}`),
  ])
  const places = [page.getByRole('row').filter({ hasText: 'falls due' }), own.getByRole('main')]
  for (const place of places) await expectSeen(place.getByText('Scheduled', { exact: true }))
  await d.client.call('PATCH', `/v1/notifications/${id}`, { sendAt: { delay: '3s' } })
  // As where nobody works: it waits on, and nothing happens to it.
  await d.database.query('delete from yeyak.timers where subject_id = $1', [id])
  for (const place of places) await expectSeen(place.getByText('Queued', { exact: true }))
})

test('columns are chosen and views are kept, and both are there after a reload', async () => {
  const { page } = await d.open('/notifications?tag=trip')
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'Tags' }).check()
  await page.getByRole('checkbox', { name: 'Channel' }).uncheck()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expectSeen(page.getByRole('columnheader', { name: 'Tags' }))
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByLabel('Keep this view as').fill('Trips')
  await page.getByRole('button', { name: 'Keep', exact: true }).click()
  await expectSeen(page.getByRole('button', { name: 'Trips', exact: true }))
  await expectAccessible(page)
  await page.goto('/notifications')
  expect(await page.getByRole('columnheader', { name: 'Channel' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('button', { name: 'Trips', exact: true }).click()
  await page.waitForURL('**/notifications?tag=trip')
  await page.getByRole('button', { name: 'Remove the view Trips' }).click()
  await expectGone(page.getByRole('button', { name: 'Trips', exact: true }))
})

test('all that a filter finds are canceled, after a look at how many that are', async () => {
  for (let i = 0; i < 3; i += 1)
    await d.client.create({ message: `bulk ${i}`, sendAt: { delay: '3h' }, groupKey: 'bulk' })
  const { page } = await d.open('/notifications?groupKey=bulk')
  await page.getByRole('button', { name: 'Cancel all…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Cancel all notifications that match' })
  await expectSeen(dialog.getByText('3 match', { exact: true }))
  await dialog.getByLabel('At most so many a second').fill('')
  await expectSeen(dialog.getByText('cannot be undone', { exact: false }))
  await dialog.getByRole('button', { name: 'Cancel 3' }).click()
  await expectSeen(dialog.getByText('Done: 3 of 3 were changed.'))
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await eventually(
    'all are shown as canceled',
    async () => (await page.locator('[data-index]').getByText('Canceled').count()) === 3,
  )
})

test('a filter that the server refuses is told in its words', async () => {
  const { page } = await d.open('/notifications?dueFrom=yesterday')
  await expectSeen(page.getByRole('alert').filter({ hasText: 'dueFrom' }))
})

test('it can be used by everybody', async () => {
  await expectWellMade(d, '/notifications?tag=trip', (page) => page.locator(titles).first().waitFor())
  const { page } = await d.open('/notifications?tag=trip&to=a', { width: 360 })
  await expectSeen(page.getByText('Nothing fits this filter.'))
  await expectFits(page)
})
