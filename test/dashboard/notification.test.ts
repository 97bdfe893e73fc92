import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  expectAccessible,
  expectGone,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let d: Dashboard
let receiver: Receiver
beforeAll(async () => {
  ;[d, receiver] = await Promise.all([startDashboard(), startReceiver()])
  receiver.behave((r) => (r.message.includes('broken') ? { kind: 'fail' } : { kind: 'deliver' }))
})
afterAll(async () => {
  await d.end()
  await receiver.stop()
})

const waiting = (message: string, more: Record<string, unknown> = {}) =>
  d.client.create({ message, sendAt: { delay: '1h' }, ...more })
const probe = (message: string, more: Record<string, unknown> = {}) =>
  d.client.create({ channel: 'probe', to: receiver.url, message, ...more })

test('the timeline tells every wait with its reason, and they add up', async () => {
  const id = await probe('broken once', { retry: { limit: 1, delaySeconds: 0.2, backoff: 'fixed' } })
  await d.client.inState(id, 'failed')
  const { body } = await d.client.call('GET', `/v1/notifications/${id}/timeline`)
  const total = body.items.reduce((sum: number, { waitMs }: { waitMs: number }) => sum + waitMs, 0)
  const { page } = await d.open(`/notifications/${id}`)
  const timeline = page.getByRole('region', { name: 'What happened, and what it waited for' })
  await expectSeen(timeline.getByText('Failed for good'))
  expect(await timeline.getByRole('listitem').count()).toBe(body.items.length)
  await expectSeen(timeline.getByText('waited for the next try', { exact: false }))
  await expectSeen(timeline.getByText('no tries left'))
  const shown = await timeline.locator('strong').last().innerText()
  expect(Math.abs(Number.parseFloat(shown) * (shown.endsWith('ms') ? 1 : 1000) - total)).toBeLessThan(
    total / 50,
  )
  const attempts = page.getByRole('table', { name: 'Attempts' })
  expect(await attempts.getByRole('row').count()).toBe(3)
  expect(await attempts.getByText('http-503').count()).toBe(2)
})

test('what waits is canceled, and the page says so at once', async () => {
  const id = await waiting('to be canceled')
  const { page } = await d.open(`/notifications/${id}`)
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expectSeen(page.getByText('Canceled: it will not be sent.'))
  await expectSeen(page.getByText('by request').first())
  expect((await d.client.get(id)).state).toBe('canceled')
  await page.getByRole('button', { name: 'Try again', exact: true }).click()
  await d.client.inState(id, 'delivered')
  await expectSeen(page.getByText('Attempt delivered'))
})

test('an action that was not answered is repeated from where that is said', async () => {
  const id = await waiting('to be canceled')
  const { page } = await d.open(`/notifications/${id}`)
  await page.route('**/cancel', (route) => route.abort(), { times: 1 })
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  const told = page.getByRole('alert').filter({ hasText: 'The server does not answer' })
  await told.getByRole('button', { name: 'Try again' }).click()
  await expectSeen(page.getByText('Canceled: it will not be sent.'))
  await expectGone(told)
})

test('what waits is sent now', async () => {
  const id = await waiting('to be sent')
  const { page } = await d.open(`/notifications/${id}`)
  await page.getByRole('button', { name: 'Send now' }).press('Enter')
  await d.client.inState(id, 'delivered')
  await expectSeen(page.getByText('Attempt delivered'))
  await expectGone(page.getByRole('button', { name: 'Send now' }))
})

test('what somebody else does is seen by itself', async () => {
  const id = await waiting('seen')
  const { page } = await d.open(`/notifications/${id}`)
  await expectSeen(page.getByText('Live', { exact: true }))
  await d.client.call('PATCH', `/v1/notifications/${id}`, { message: 'changed elsewhere' })
  await expectSeen(page.getByRole('heading', { name: 'changed elsewhere', level: 1 }))
})

test('an action that lost a race says what happened instead, and nothing is shown as done', async () => {
  let release: (value: unknown) => void = () => {}
  receiver.behave(() => ({ kind: 'hold', until: new Promise((resolve) => (release = resolve)) }))
  const late = await probe('being sent')
  const { page } = await d.open('about:blank')
  // As it was a moment ago, when the page was loaded.
  await page.route(`**/v1/notifications/${late}`, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), state: 'queued' } })
  })
  await d.client.inState(late, 'sending')
  await page.goto(`/notifications/${late}`)
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expectSeen(page.getByRole('alert').filter({ hasText: 'Too late: it is being sent at this moment.' }))
  release(null)
  receiver.behave(() => ({ kind: 'deliver' }))
  await d.client.inState(late, 'delivered')
  await page.getByRole('button', { name: 'Send now' }).click()
  await expectSeen(page.getByRole('alert').filter({ hasText: 'it has ended already, as delivered' }))
})

test('an edit keeps what was typed over a reload, overwrites nobody, and is made in the zone of the page', async () => {
  const id = await waiting('first words', { priority: 1 })
  const { page } = await d.open(`/notifications/${id}`, { timeZone: 'America/New_York' })
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'message' }).fill('second words')
  await page.getByLabel('Send at', { exact: true }).fill('2030-07-01T09:00')
  await expectAccessible(page)
  await page.reload()
  await page.getByRole('button', { name: 'Edit' }).click()
  expect(await page.getByRole('textbox', { name: 'message' }).inputValue()).toBe('second words')
  await d.client.call('PATCH', `/v1/notifications/${id}`, { priority: 7 })
  await page.getByRole('button', { name: 'Save' }).click()
  await expectSeen(page.getByRole('alert').filter({ hasText: 'Somebody has changed it meanwhile' }))
  expect((await d.client.get(id)).message).toBe('first words')
  await eventually('the page knows the version', async () =>
    (await page.getByText('Version', { exact: true }).locator('..').innerText()).includes('2'),
  )
  await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click()
  await expectSeen(page.getByText('It was changed.'))
  const edited = { message: 'second words', priority: 7, dueAt: '2030-07-01T13:00:00.000Z' }
  expect(await d.client.get(id)).toMatchObject(edited)
})

test('an edit of the words leaves the time that somebody else has given; one whose answer is lost is made once', async () => {
  const id = await waiting('words')
  const { page } = await d.open(`/notifications/${id}`)
  const version = (n: number) =>
    eventually(`the page knows version ${n}`, async () =>
      (await page.getByText('Version', { exact: true }).locator('..').innerText()).includes(String(n)),
    )
  await page.getByRole('button', { name: 'Edit' }).click()
  await expectSeen(
    page.getByRole('button', { name: 'Save' }).and(page.locator('[aria-disabled="true"], :disabled')),
  )
  await page.getByRole('textbox', { name: 'message' }).fill('other words')
  await page.getByRole('button', { name: 'Leave as it is' }).click()
  await d.client.call('PATCH', `/v1/notifications/${id}`, { sendAt: '2031-05-01T00:00:00Z' })
  await version(2)
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expectSeen(page.getByRole('alert').filter({ hasText: 'Somebody has changed it meanwhile' }))
  const lost = `**/v1/notifications/${id}`
  await page.route(lost, async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue()
    await route.fetch()
    await route.abort()
  })
  const again = page.getByRole('dialog').getByRole('button', { name: 'Try again' })
  await again.click()
  await expectSeen(page.getByRole('alert').filter({ hasText: 'The server does not answer' }))
  await page.unroute(lost)
  await again.click()
  await expectSeen(page.getByText('It was changed.'))
  const left = { message: 'other words', dueAt: '2031-05-01T00:00:00.000Z', version: 3 }
  expect(await d.client.get(id)).toMatchObject(left)
})

test('an edit to a time that does not exist, or comes twice, asks which one is meant', async () => {
  const id = await waiting('clocks')
  const { page } = await d.open(`/notifications/${id}`, { timeZone: 'America/New_York' })
  for (const [local, question, answer, dueAt] of [
    ['2031-03-09T02:30', 'it does not exist', 'The one at 07:30 UTC (03:30', '2031-03-09T07:30:00.000Z'],
    ['2031-11-02T01:30', 'it comes twice', 'The one at 06:30 UTC (01:30', '2031-11-02T06:30:00.000Z'],
  ] as const) {
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Send at', { exact: true }).fill(local)
    await expectSeen(page.getByRole('alert').filter({ hasText: question }))
    await page.getByText(answer).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await expectGone(page.getByRole('dialog'))
    expect((await d.client.get(id)).dueAt).toBe(dueAt)
  }
})

test('a dead letter is edited and tried again, and goes out as it is now', async () => {
  const id = await probe('broken', { retry: { limit: 0 } })
  receiver.behave((r) => (r.message.includes('broken') ? { kind: 'fail' } : { kind: 'deliver' }))
  await eventually('it has ended', async () =>
    ['failed', 'delivered'].includes((await d.client.get(id)).state),
  )
  if ((await d.client.get(id)).state === 'delivered') throw new Error('the receiver took it')
  const { page } = await d.open(`/notifications/${id}`)
  await page.getByRole('button', { name: 'Edit and try again' }).click()
  await page.getByRole('textbox', { name: 'message' }).fill('mended')
  await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click()
  await d.client.inState(id, 'delivered')
  expect(receiver.received.filter((r) => r.id === id).map(({ message }) => message)).toEqual([
    'broken',
    'mended',
  ])
  await expectSeen(page.getByText('Attempt delivered'))
})

test('what is hostile does nothing: markup, turned letters, a line of 100 kB', async () => {
  const message = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">\u202Egnp.exe\u0007${'A'.repeat(100_000)}`
  const id = await waiting(message, { tags: ['<b>tag</b>'], groupKey: 'javascript:alert(1)' })
  const { page } = await d.open(`/notifications/${id}`)
  const body = page.getByRole('region', { name: 'message', exact: true })
  await expectSeen(body)
  expect(await body.innerText()).toContain('<img src=x onerror="window.hacked = 1">⟨U+202E⟩gnp.exe⟨U+0007⟩')
  expect((await body.innerText()).length).toBeLessThan(10_000)
  await page.getByRole('button', { name: /^Show all/u }).click()
  await eventually('the whole of it', async () => (await body.innerText()).length > 100_000)
  await page.goto('/notifications')
  await expectSeen(page.getByRole('row').filter({ hasText: '⟨U+202E⟩gnp.exe' }))
  expect(await page.evaluate('window.hacked')).toBeUndefined()
  expect(await page.locator('main img, main script, main b').count()).toBe(0)
})

test('one that is not there, or of another project, says so', async () => {
  const { page } = await d.open('/notifications/0199aaaa-0000-7000-8000-000000000000')
  await expectSeen(page.getByText('There is no such notification', { exact: false }))
})

test('it can be used by everybody', async () => {
  const id = await probe('shown to all', { tags: ['one', 'two'] })
  await d.client.inState(id, 'delivered')
  await expectWellMade(d, `/notifications/${id}`, (page) => page.getByRole('table').first().waitFor())
})
