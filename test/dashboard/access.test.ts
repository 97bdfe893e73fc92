import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { ALL_SCOPES } from '../../src/http/index.ts'
import {
  type Dashboard,
  expectAccessible,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'

let d: Dashboard
let admin = ''
let reader = ''
let waiting = ''
let bearer: Record<string, string>
const PASSWORD = 'correct horse battery'

beforeAll(async () => {
  d = await startDashboard({ roles: { api: true, worker: false } })
  waiting = await d.client.create({ message: 'waits', sendAt: { delay: '1h' } })
  admin = await d.makeKey(ALL_SCOPES)
  bearer = { authorization: `Bearer ${admin}` }
  reader = await d.makeKey(['notifications:read'], admin)
  const user = { email: 'kim@example.com', name: 'Kim', role: 'operator', password: PASSWORD }
  await d.client.call('POST', '/v1/users', user, bearer)
})
afterAll(() => d.end())

const signIn = async (page: Page, password: string) => {
  await page.getByLabel('E-mail').fill('kim@example.com')
  await page.locator('input[type="password"]').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('a closed server asks who it is; a wrong password is refused, the right one leads to the page that was wanted', async () => {
  const { page, context } = await d.open(`/notifications/${waiting}`)
  await expectSeen(page.getByRole('heading', { name: 'Sign in' }))
  await signIn(page, 'wrong horse battery')
  await expectSeen(page.getByRole('alert').getByText('The e-mail address or the password is wrong.'))
  await expectAccessible(page)
  await signIn(page, PASSWORD)
  await expectSeen(page.getByRole('heading', { name: 'waits', level: 1 }))
  // A change, so that the token against forged requests is there as well.
  await page.getByRole('button', { name: 'Settle' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Settle' }).click()
  await expectSeen(page.getByText('It was settled.'))
  // Nothing that a script could take along.
  const kept = await page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
  )
  expect(kept).not.toMatch(/battery|yk_|yeyak_session/u)
  const [cookie] = await context.cookies()
  expect(cookie).toMatchObject({ name: 'yeyak_session', httpOnly: true, sameSite: 'Strict' })
  await page.reload()
  await expectSeen(page.getByRole('heading', { name: 'waits', level: 1 }))
  await page.getByRole('button', { name: 'Preferences' }).click()
  await expectSeen(page.getByText('Signed in as Kim'))
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expectSeen(page.getByRole('heading', { name: 'Sign in' }))
  await page.reload()
  await expectSeen(page.getByRole('heading', { name: 'Sign in' }))
})

test('a key is kept in its tab alone, and thrown away with it', async () => {
  const { page, context } = await d.open('/')
  await page.getByText('API key').click()
  const field = page.locator('input[type="password"]')
  await field.fill('yk_wrongwrongwrongwrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectSeen(page.getByRole('alert'))
  await field.fill(admin)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectSeen(page.getByRole('heading', { name: 'Overview', level: 1 }))
  expect(await page.evaluate('JSON.stringify({ ...localStorage }) + document.cookie')).not.toContain('yk_')
  await page.reload()
  await expectSeen(page.getByRole('heading', { name: 'Overview', level: 1 }))
  const other = await context.newPage()
  await other.goto('/')
  await expectSeen(other.getByRole('heading', { name: 'Sign in' }))
})

test('a key that is revoked leads back to the door, and what was on the page is gone', async () => {
  const key = await d.makeKey(['notifications:read'], admin)
  const { page } = await d.open(`/notifications/${waiting}`, { key })
  await expectSeen(page.getByRole('heading', { name: 'waits', level: 1 }))
  const { body } = await d.client.call('GET', '/v1/api-keys', undefined, bearer)
  const [newest] = body.items.filter(({ hint }: { hint: string }) => key.startsWith(hint))
  await d.client.call('DELETE', `/v1/api-keys/${newest.id}`, undefined, bearer)
  await page.getByRole('link', { name: 'All notifications' }).click()
  await expectSeen(page.getByRole('heading', { name: 'Sign in' }))
  expect(await page.getByText('waits').count()).toBe(0)
})

test('who may only read sees why, can press nothing, and is refused by the server whatever the page lets through', async () => {
  const next = await d.client.call(
    'POST',
    '/v1/notifications',
    { channel: 'log', message: 'next', sendAt: { delay: '1h' } },
    bearer,
  )
  const { id } = next.body
  const { page } = await d.open(`/notifications/${id}`, { key: reader })
  await expectSeen(page.getByText('Read only'))
  for (const name of ['Send now', 'Edit', 'Cancel', 'Settle']) {
    const button = page.getByRole('button', { name, exact: true })
    expect([name, await button.getAttribute('aria-disabled')]).toEqual([name, 'true'])
    await button.focus()
    await expectSeen(page.getByRole('tooltip').filter({ hasText: 'notifications:write' }).first())
    await button.press('Enter')
  }
  expect(await page.getByRole('dialog').count()).toBe(0)
  for (const path of ['/queues', '/dead-letters', '/']) {
    await page.goto(path)
    await expectSeen(page.getByText('You may not do this: it needs the permission operate.'))
  }
  await page.goto('/notifications')
  for (const name of ['Try again all…', 'Cancel all…'])
    expect(await page.getByRole('button', { name }).getAttribute('aria-disabled')).toBe('true')
  // Every action of these pages, as a page that was tampered with would send it.
  const one = `/v1/notifications/${id}`
  const actions: [string, string, unknown][] = [
    ['POST', `${one}/cancel`, undefined],
    ['POST', `${one}/send-now`, undefined],
    ['POST', `${one}/retry`, {}],
    ['POST', `${one}/resolve`, { outcome: 'failed' }],
    ['PATCH', one, { priority: 1 }],
    ['POST', '/v1/notifications/cancel', { all: true }],
    ['POST', '/v1/notifications/retry', { all: true }],
    ['POST', '/v1/notifications/resolve', { all: true, outcome: 'failed' }],
    ['POST', '/v1/queues/log/pause', undefined],
    ['POST', '/v1/queues/log/resume', undefined],
    ['POST', '/v1/operations/0/abort', undefined],
    ['POST', '/v1/operations/0/undo', undefined],
  ]
  for (const [method, path, body] of actions) {
    const call = { method, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const status = await page.evaluate<number>(
      `fetch(${JSON.stringify(path)}, { ...${JSON.stringify(call)}, headers: { authorization: 'Bearer ' + sessionStorage.getItem('yeyak.key'),
        ...(${body !== undefined} && { 'content-type': 'application/json' }) } }).then(({ status }) => status)`,
    )
    expect([method, path, status]).toEqual([method, path, 403])
  }
  const { body: after } = await d.client.call('GET', one, undefined, bearer)
  expect([after.state, after.version]).toEqual(['scheduled', 1])
})

test('the door can be used by everybody', async () => {
  await expectWellMade(d, '/', (page) => page.locator('form').waitFor())
})
