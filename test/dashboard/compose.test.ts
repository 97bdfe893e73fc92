import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  expectAccessible,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'

let d: Dashboard
beforeAll(async () => {
  d = await startDashboard({
    env: { YEYAK_SMTP_URL: 'smtp://127.0.0.1:9', YEYAK_SMTP_FROM: 'Yeyak <yeyak@example.com>' },
  })
})
afterAll(() => d.end())

const choose = (page: Page, text: string) =>
  page
    .locator('label')
    .filter({ hasText: new RegExp(`^${text}$`, 'u') })
    .first()
    .click()
const found = async (text: string) =>
  (await d.client.call('GET', `/v1/notifications?q=${encodeURIComponent(text)}`)).body.items

test('a message with a delay is made, once, however often the button is pressed', async () => {
  const { page } = await d.open('/compose')
  await page.getByRole('textbox', { name: 'Message' }).fill('Pressed twice')
  await choose(page, 'After a while')
  await page.getByLabel('After', { exact: true }).fill('2h')
  await expectSeen(page.getByText('in 2 hours').or(page.getByText('in 1 hour')).first())
  await expectSeen(page.getByText('UTC', { exact: true }).first())
  // The first answer is lost on its way: nobody knows whether it was made, and it is tried again.
  let isFirst = true
  await page.route('**/v1/notifications', async (route) => {
    if (!isFirst || route.request().method() !== 'POST') return route.continue()
    isFirst = false
    await route.fetch()
    return route.abort()
  })
  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.waitForURL('**/notifications/*')
  expect(await found('Pressed twice')).toHaveLength(1)
})

test('what is refused is said at its field, and nothing is lost by a reload', async () => {
  const { page } = await d.open('/compose')
  await choose(page, 'E-mail')
  await page.getByRole('textbox', { name: 'To', exact: true }).fill('not an address')
  await page.getByRole('textbox', { name: 'Subject' }).fill('Kept')
  await page.locator('input[type="file"]').setInputFiles({
    ...{ name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('the plan') },
  })
  await page.getByLabel('How many').fill('-1')
  await page.getByRole('button', { name: 'Send now' }).click()
  await expectSeen(page.getByRole('textbox', { name: 'How many' }).and(page.locator('[aria-invalid="true"]')))
  await expectAccessible(page)
  await page.reload()
  expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('Kept')
  expect(await page.getByLabel('How many').inputValue()).toBe('-1')
  await expectSeen(page.getByRole('listitem').filter({ hasText: 'plan.txt' }))
  await page.getByLabel('How many').fill('0')
  await page
    .getByRole('textbox', { name: 'To', exact: true })
    .fill('Kim Min <min@example.com>\nsol@example.com')
  await page.getByRole('textbox', { name: 'Text' }).fill('Hello')
  await choose(page, 'Instant')
  await page.getByRole('textbox', { name: 'Instant' }).fill('2030-01-01T09:00:00+09:00')
  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  await page.waitForURL('**/notifications/*')
  const [item] = await found('Kept')
  const made = await d.client.get(item.id)
  expect(made).toMatchObject({
    to: ['Kim Min <min@example.com>', 'sol@example.com'],
    dueAt: '2030-01-01T00:00:00.000Z',
  })
  expect(made.retry.limit).toBe(0)
})

test('a webhook of a time that comes twice is made for the one that was chosen; secrets are not kept', async () => {
  const { page } = await d.open('/compose', { timeZone: 'Europe/Berlin' })
  await choose(page, 'Webhook')
  await page.getByRole('textbox', { name: 'URL' }).fill('https://example.com/hook')
  await page.getByRole('textbox', { name: 'Body' }).fill('{"n": 1')
  await expectSeen(page.getByText('This is not JSON yet.'))
  await page.getByRole('textbox', { name: 'Body' }).fill('{"n": 1}')
  await page.getByRole('textbox', { name: 'Headers' }).fill('Authorization: Bearer secret-1')
  await choose(page, 'Date and time')
  await page.getByLabel('Date and time', { exact: true }).last().fill('2027-10-31T02:30')
  await choose(page, 'The one at 01:30 UTC \\(02:30 CET\\)')
  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  await page.waitForURL('**/notifications/*')
  const made = await d.client.get(page.url().split('/').at(-1) ?? '')
  expect(made).toMatchObject({ payload: { n: 1 }, dueAt: '2027-10-31T01:30:00.000Z' })
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('secret-1')
})

test('another one like it: the form of a notification, without what is secret', async () => {
  const id = await d.client.create({
    ...{ channel: 'webhook', to: 'https://example.com/a', payload: { order: 42 }, sendAt: { delay: '1d' } },
    ...{ headers: { 'X-Token': 'abc' }, tags: ['orders'], priority: 7 },
  })
  const { page } = await d.open('/compose')
  await page.getByRole('textbox', { name: 'Message' }).fill('Half written')
  await page.goto(`/compose?from=${id}`)
  await expectSeen(page.getByText('must be typed again: X-Token'))
  expect(await page.getByRole('textbox', { name: 'URL' }).inputValue()).toBe('https://example.com/a')
  expect(await page.getByLabel('Tags, with commas').inputValue()).toBe('orders')
  expect(JSON.parse(await page.getByRole('textbox', { name: 'Body' }).inputValue())).toEqual({ order: 42 })
  await page.waitForURL((url) => url.search === '')
  await page.getByRole('button', { name: 'Bring it back' }).click()
  expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('Half written')
  await page.getByRole('button', { name: 'Start afresh' }).click()
  expect(await page.getByLabel('Tags, with commas').inputValue()).toBe('')
})

test('hostile text is shown as it is, and the command for a shell bears it as it is', async () => {
  const { page } = await d.open('/compose')
  const text = `<img src=x onerror=alert(1)>'; rm -rf / # \u202e`
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await expectSeen(
    page.getByRole('region', { name: 'What arrives' }).getByText('<img src=x onerror=alert(1)>'),
  )
  const command = await page.getByRole('region', { name: 'Command' }).innerText()
  const body = command.slice(command.indexOf('{'), command.lastIndexOf('}') + 1)
  expect(JSON.parse(body)).toEqual({ channel: 'log', message: text })
  expect(command).toContain("<<'END'")
})

test('it can be used by everybody: both themes, both languages, on a phone', async () => {
  await expectWellMade(d, '/compose', (page) => page.getByRole('group', { name: /Compose|작성/u }).waitFor())
})

test('a key that only reads can write a draft, sends nothing, and is told why', async () => {
  const admin = await d.makeKey(['admin', 'notifications:read', 'notifications:write'])
  const key = await d.makeKey(['notifications:read'], admin)
  const { page } = await d.open('/compose', { key })
  await page.getByRole('textbox', { name: 'Message' }).fill('From a reader')
  const button = page.getByRole('button', { name: 'Send now' })
  await button.focus()
  await expectSeen(page.getByText('it needs the permission notifications:write'))
  await button.press('Enter')
  const list = await d.client.call('GET', '/v1/notifications?q=reader', undefined, {
    authorization: `Bearer ${admin}`,
  })
  expect(list.body.items).toEqual([])
})
