import type { Page } from 'playwright-core'
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
import { statusFromPage } from '../kit/status-from-page.ts'
import { ENDPOINT_ENV, verified } from '../kit/webhook-endpoints.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

let d: Dashboard
let receiver: WebhookReceiver
/** Of the first key, which the first test makes: it closes the server. */
let admin = ''
const PASSWORD = 'correct horse battery'

beforeAll(async () => {
  receiver = await startWebhookReceiver()
  d = await startDashboard({ env: ENDPOINT_ENV })
})
afterAll(async () => {
  await d.end()
  await receiver.stop()
})

const call = (method: string, path: string, body?: unknown) =>
  d.client.call(method, path, body, { authorization: `Bearer ${admin}` })
const open = async (tab: string): Promise<Page> => (await d.open(`/settings?tab=${tab}`, { key: admin })).page
const secretOf = async (page: Page): Promise<string> => {
  const field = page.getByLabel('Secret', { exact: true })
  await field.waitFor()
  const secret = await field.inputValue()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  return secret
}

test('the first key of an open server closes it, says so before, is shown once, and is signed in with at once', async () => {
  const { page } = await d.open('/settings')
  await expectSeen(page.getByText('This server is open: whoever reaches it may do everything.'))
  await page.getByRole('button', { name: 'New key…' }).click()
  const dialog = page.getByRole('dialog')
  await expectSeen(dialog.getByText('This key closes the server at once'))
  await expectAccessible(page)
  await dialog.getByLabel('Name').fill('first')
  await dialog.getByRole('button', { name: 'Read only' }).click()
  // Whoever closes the door keeps the key to it.
  expect(await dialog.getByLabel('admin', { exact: true }).isChecked()).toBe(true)
  await dialog.getByRole('button', { name: 'Everything' }).click()
  await dialog.getByRole('button', { name: 'Make the key and close the server' }).click()
  admin = await secretOf(page)
  expect(admin).toMatch(/^yk_/u)
  await expectSeen(page.getByText('in use here'))
  await expectGone(page.getByText('This server is open'))
  await expectGone(page.getByText(admin))
  expect((await d.client.call('GET', '/v1/api-keys')).status).toBe(401)
  await page.reload()
  await expectSeen(page.getByText('in use here'))
  expect(await page.evaluate<string>('JSON.stringify({ ...localStorage })')).not.toContain(admin)
})

test('a key is made with scopes and an end, changed, rotated with both good for a while, and revoked', async () => {
  const page = await open('keys')
  await page.getByRole('button', { name: 'New key…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('reports')
  await dialog.getByLabel('content:write').check()
  await dialog.getByLabel('Ends').selectOption('30d')
  await dialog.getByLabel('Requests a minute').fill('500')
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const first = await secretOf(page)
  const found = async () =>
    (await call('GET', '/v1/api-keys')).body.items.find(({ name }: { name: string }) =>
      name.startsWith('reports'),
    )
  const made = await found()
  expect(made.scopes).toContain('content:write')
  expect(made.scopes).not.toContain('admin')
  expect(made.requestsPerMinute).toBe(500)
  expect(Math.round((Date.parse(made.expiresAt) - Date.now()) / 86_400_000)).toBe(30)
  await page.getByRole('button', { name: 'Edit: reports' }).click()
  await dialog.getByLabel('Name').fill('reports, nightly')
  await dialog.getByLabel('content:write').uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expectSeen(page.getByText('The key was changed.'))
  const changed = await found()
  expect([changed.name, changed.expiresAt]).toEqual(['reports, nightly', made.expiresAt])
  expect(changed.scopes).not.toContain('content:write')
  await page.getByRole('button', { name: 'Rotate: reports, nightly' }).click()
  await dialog.getByRole('button', { name: 'Rotate' }).click()
  const second = await secretOf(page)
  const status = async (key: string) =>
    (await d.client.call('GET', '/v1/session', undefined, { authorization: `Bearer ${key}` })).status
  expect([second !== first, await status(first), await status(second)]).toEqual([true, 200, 200])
  await expectSeen(page.getByText('the one before is good until'))
  await page.getByRole('button', { name: 'Revoke: reports, nightly' }).click()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await expectSeen(page.getByText('It is good no longer.'))
  await eventually('it is refused', async () => (await status(second)) === 401)
})

test('a user is made, kept out, given another password, and removed', async () => {
  const page = await open('users')
  await page.getByRole('button', { name: 'New user…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill('kim@example.com')
  await dialog.getByLabel('Name').fill('Kim')
  await dialog.getByLabel('Role').selectOption('admin')
  await dialog.getByLabel('Password', { exact: true }).fill('short')
  expect(await dialog.getByRole('button', { name: 'Make the user' }).getAttribute('aria-disabled')).toBe(
    'true',
  )
  await dialog.getByLabel('Password', { exact: true }).fill('aaaaaaaaaaaa')
  await dialog.getByRole('button', { name: 'Make the user' }).click()
  await expectSeen(dialog.getByRole('alert'))
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Make the user' }).click()
  await expectSeen(page.getByRole('row').filter({ hasText: 'kim@example.com' }))
  const signIn = async (password: string) =>
    (await d.client.call('POST', '/v1/session', { email: 'kim@example.com', password })).status
  expect(await signIn(PASSWORD)).toBe(201)
  // The last admin is not demoted, and the server says so.
  await page.getByRole('button', { name: 'Edit: Kim' }).click()
  await dialog.getByLabel('Disabled').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expectSeen(dialog.getByRole('alert'))
  await dialog.getByLabel('Disabled').uncheck()
  await dialog.getByLabel('New password').fill(`${PASSWORD} staple`)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expectSeen(page.getByText('The user was changed.'))
  expect([await signIn(PASSWORD), await signIn(`${PASSWORD} staple`)]).toEqual([401, 201])
  const sessions = page.getByRole('table', { name: 'Signed in' })
  await expectSeen(sessions.getByText('kim@example.com'))
  await sessions.getByRole('button', { name: 'End: Kim' }).click()
  await dialog.getByRole('button', { name: 'End' }).click()
  await expectSeen(page.getByText('The session is over.'))
  await expectSeen(page.getByText('Nobody has signed in.'))
  await call('POST', '/v1/users', {
    email: 'lee@example.com',
    name: 'Lee',
    role: 'viewer',
    password: PASSWORD,
  })
  await page.getByRole('button', { name: 'Remove: Lee' }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expectSeen(page.getByText('The user is gone.'))
  await expectGone(page.getByRole('row').filter({ hasText: 'lee@example.com' }))
})

test('a project is made, renamed and removed; default stays', async () => {
  const page = await open('projects')
  await page.getByRole('button', { name: 'New project…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('No Project')
  await dialog.getByRole('button', { name: 'Make the project' }).click()
  await expectSeen(dialog.getByRole('alert'))
  await dialog.getByLabel('Name').fill('shop')
  await dialog.getByRole('button', { name: 'Make the project' }).click()
  await page.getByRole('button', { name: 'Rename: shop' }).click()
  await dialog.getByLabel('Name').fill('store')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Remove: store' }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expectSeen(page.getByText('The project is gone.'))
  expect(await page.getByRole('button', { name: 'Remove: default' }).getAttribute('aria-disabled')).toBe(
    'true',
  )
  const { body } = await call('GET', '/v1/projects')
  expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['default'])
})

test('an endpoint is made and tried, its deliveries are shown and sent again, and it is enabled again', async () => {
  const page = await open('webhooks')
  await page.getByRole('button', { name: 'New endpoint…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Address').fill(receiver.url)
  await dialog.getByLabel('Single types, with commas').fill('content.publishd')
  await dialog.getByRole('button', { name: 'Make the endpoint' }).click()
  await expectSeen(dialog.getByText('content.published', { exact: false }).first())
  await dialog.getByLabel('Single types, with commas').fill('')
  await dialog.getByRole('button', { name: 'Make the endpoint' }).click()
  const secret = await secretOf(page)
  expect(secret).toMatch(/^whsec_/u)
  await page.getByRole('link', { name: receiver.url }).click()
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  const delivered = page.getByRole('row').filter({ hasText: 'Delivered' })
  await expectSeen(delivered.filter({ hasText: 'webhook.test' }))
  const [sent] = receiver.received
  if (sent === undefined) throw new Error('nothing came')
  expect(verified(sent, secret).type).toBe('webhook.test')
  await call('POST', '/v1/content/story', { id: 'told', data: { title: 'x' } })
  await expectSeen(delivered.filter({ hasText: 'content.created' }))
  const before = receiver.received.length
  await delivered
    .filter({ hasText: 'content.created' })
    .getByRole('button', { name: /^Send again: evt_/u })
    .click()
  await eventually('it came again', () => receiver.received.length > before)
  await page.getByRole('button', { name: 'Disable' }).click()
  await expectSeen(page.getByText('Disabled: nothing is delivered to it.'))
  await expectSeen(page.getByRole('button', { name: 'Test', exact: true, disabled: true }))
  await call('POST', '/v1/content/story', { id: 'missed', data: { title: 'x' } })
  await page.getByRole('button', { name: 'Enable' }).click()
  await expectSeen(page.getByText('Enabled: it hears of what happens from now on.'))
  await page.getByRole('button', { name: 'Send again…' }).click()
  await dialog.getByLabel('Only what failed or was canceled').uncheck()
  await dialog.getByRole('button', { name: 'Send again' }).click()
  await expectSeen(page.getByText(/^\d+ on their way\.$/u).last())
  await eventually('what was missed came, too', () =>
    receiver.received.some(({ body }) => body.includes('story:missed')),
  )
  await page.getByRole('button', { name: 'New secret' }).click()
  await dialog.getByRole('button', { name: 'New secret' }).click()
  expect(await secretOf(page)).not.toBe(secret)
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expectSeen(page.getByText('No endpoint is told of anything yet.'))
})

test('whatever becomes of an answer, one thing is made of what was typed, over a reload, too', async () => {
  const page = await open('webhooks')
  const dialog = page.getByRole('dialog')
  const ask = () => page.getByRole('button', { name: 'New endpoint…' }).click()
  await ask()
  await dialog.getByLabel('Address').fill(receiver.url)
  await dialog.getByLabel('Note').fill('for the shop')
  await page.route('**/v1/webhooks', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    await route.fetch()
    await route.abort()
  })
  await dialog.getByRole('button', { name: 'Make the endpoint' }).click()
  await expectSeen(dialog.getByText('The server does not answer.', { exact: false }))
  await page.unroute('**/v1/webhooks')
  await page.reload()
  await ask()
  expect(await dialog.getByLabel('Note').inputValue()).toBe('for the shop')
  await dialog.getByRole('button', { name: 'Make the endpoint' }).click()
  await expectSeen(page.getByText('It had been made already.', { exact: false }))
  const { items } = (await call('GET', '/v1/webhooks')).body
  expect(items.map(({ description }: { description: string }) => description)).toEqual(['for the shop'])
  await ask()
  expect(await dialog.getByLabel('Note').inputValue()).toBe('')
  await call('DELETE', `/v1/webhooks/${items[0].id}`)
})

test('the audit trail tells who did what, and what it was before; its filters stand in the address', async () => {
  await call('PATCH', `/v1/api-keys/${(await call('GET', '/v1/api-keys')).body.items[0].id}`, {
    name: 'first of all',
  })
  const page = await open('audit')
  await page.getByLabel('About').selectOption('key')
  await page.waitForURL('**/settings?tab=audit&kind=key')
  const entry = page.getByRole('listitem').filter({ hasText: 'key.updated' }).first()
  await expectSeen(entry.getByText('key first of all · 127.0.0.1'))
  await entry.getByText('What changed').click()
  const change = entry.getByRole('group', { name: 'name: changed' })
  await expectSeen(change.getByText('first of all'))
  await page.getByLabel('Type').fill('key.revoked')
  await page.getByLabel('Type').press('Enter')
  await page.waitForURL('**/settings?tab=audit&kind=key&type=key.revoked')
  await eventually('only those', async () => {
    const shown = await page.getByRole('list', { name: 'Audit trail' }).innerText()
    return shown.includes('key.revoked') && !shown.includes('key.updated')
  })
})

test('whoever is no admin is told so, keeps his preferences, and is refused by the server', async () => {
  const reader = await d.makeKey(['content:read', 'notifications:read'], admin)
  const { page } = await d.open('/settings', { key: reader })
  for (const tab of ['Users', 'Projects', 'Webhooks', 'Audit trail', 'API keys']) {
    await page.getByRole('link', { name: tab }).click()
    await expectSeen(page.getByText('You may not do this: it needs the permission admin.'))
  }
  for (const [method, path, body] of [
    ['GET', '/v1/api-keys', undefined],
    ['POST', '/v1/api-keys', { name: 'x', scopes: ['admin'] }],
    ['POST', '/v1/users', { email: 'a@b', role: 'admin', password: PASSWORD }],
    ['POST', '/v1/projects', { name: 'x' }],
    ['POST', '/v1/webhooks', { url: receiver.url, types: ['*'] }],
    ['GET', '/v1/audit', undefined],
  ] as const)
    expect([method, path, await statusFromPage(page, method, path, body)]).toEqual([method, path, 403])
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Preferences' }).click()
  await page.getByText('한국어').click()
  await expectSeen(page.getByRole('heading', { level: 1, name: '설정' }))
  await page.getByLabel('시간대').selectOption('America/New_York')
  await page.reload()
  expect(await page.getByLabel('시간대').inputValue()).toBe('America/New_York')
})

test('every tab can be used by everybody', async () => {
  await call('POST', '/v1/webhooks', { url: receiver.url, types: ['*'] })
  const { id } = (await call('GET', '/v1/webhooks')).body.items[0]
  const shown = (page: Page) => page.getByRole('heading', { level: 2 }).first().waitFor()
  for (const tab of ['keys', `webhooks&webhook=${id}`])
    await expectWellMade(d, `/settings?tab=${tab}`, shown, { key: admin })
  const { page } = await d.open('/settings', { key: admin, language: 'ko', theme: 'dark', width: 360 })
  for (const tab of ['users', 'projects', 'audit', 'preferences']) {
    await page.goto(`/settings?tab=${tab}`)
    await shown(page)
    await expectAccessible(page)
    await expectFits(page)
  }
})
