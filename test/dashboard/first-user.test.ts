import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, expectSeen, startDashboard } from '../kit/dashboard.ts'

let d: Dashboard
beforeAll(async () => {
  d = await startDashboard({ roles: { api: true, worker: false } })
})
afterAll(() => d.end())

test('the first user of an open server closes it, administers it, and is signed in at once', async () => {
  const { page } = await d.open('/settings?tab=users')
  await expectSeen(page.getByText('This server is open: whoever reaches it may do everything.'))
  await page.getByRole('button', { name: 'New user…' }).click()
  const dialog = page.getByRole('dialog')
  await expectSeen(dialog.getByText('This user closes the server at once'))
  expect(await dialog.getByLabel('Role').inputValue()).toBe('admin')
  await dialog.getByLabel('E-mail').fill('first@example.com')
  await dialog.getByLabel('Name').fill('First')
  await dialog.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await dialog.getByRole('button', { name: 'Make the user and close the server' }).click()
  await expectSeen(page.getByText('you', { exact: true }))
  expect((await d.client.call('GET', '/v1/users')).status).toBe(401)
  await page.reload()
  const rowIn = (table: string) =>
    page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: 'first@example.com' })
  await expectSeen(rowIn('Users'))
  await expectSeen(rowIn('Signed in').getByText('this session'))
  // A change needs the token against forged requests, too: it is there.
  await page.goto('/settings?tab=projects')
  await page.getByRole('button', { name: 'New project…' }).click()
  await dialog.getByLabel('Name').fill('shop')
  await dialog.getByRole('button', { name: 'Make the project' }).click()
  await expectSeen(page.getByRole('cell', { name: 'shop', exact: true }))
  expect(await page.evaluate<string>('JSON.stringify({ ...localStorage })')).not.toContain('battery')
})
