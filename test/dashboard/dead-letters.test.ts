import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Dashboard,
  expectAccessible,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'

let d: Dashboard
let receiver: Receiver
let isMended = false
const ids: string[] = []

const fail = async (message: string): Promise<string> => {
  const id = await d.client.create({ channel: 'probe', to: receiver.url, message, retry: { limit: 0 } })
  await d.client.inState(id, 'failed')
  return id
}

beforeAll(async () => {
  ;[d, receiver] = await Promise.all([startDashboard(), startReceiver()])
  receiver.behave((r) =>
    isMended ? { kind: 'deliver' } : r.message.startsWith('gone') ? { kind: 'reject' } : { kind: 'fail' },
  )
  for (const message of ['gone 1', 'gone 2', 'gone 3', 'busy 1', 'busy 2']) ids.push(await fail(message))
})
afterAll(async () => {
  await d.end()
  await receiver.stop()
})

test('failures are grouped by cause; a new one appears by itself; one leads to its page', async () => {
  const { page } = await d.open('/dead-letters')
  const causes = page.getByRole('table', { name: 'Causes' })
  const gone = causes.getByRole('row', { name: /^gone/u })
  await expectSeen(gone.getByText('refused for good'))
  expect((await gone.innerText()).split(/\s+/u).slice(0, 3)).toEqual(['gone', 'Notifications', '3'])
  await expectSeen(page.getByText('Live', { exact: true }))
  ids.push(await fail('gone 4'))
  await expectSeen(gone.getByText('4', { exact: true }))
  await causes.getByRole('link', { name: 'gone' }).click()
  await page.waitForURL('**/dead-letters?error=gone&kind=notification')
  const letters = page.getByRole('table', { name: 'One by one' })
  await eventually('only those of this cause', async () => (await letters.getByRole('row').count()) === 5)
  await letters.getByRole('link', { name: 'gone 2' }).click()
  await expectSeen(page.getByRole('heading', { name: 'gone 2', level: 1 }))
})

test('grouped by provider', async () => {
  const { page } = await d.open('/dead-letters?groupBy=provider')
  const row = page.getByRole('table', { name: 'Causes' }).getByRole('row', { name: /^probe/u })
  await expectSeen(row)
  expect((await row.innerText()).split(/\s+/u)[2]).toBe(String(ids.length))
})

test('a repair is looked at first: count, sample and rate; then it runs, and can be undone', async () => {
  const { page } = await d.open('/dead-letters')
  await page.getByRole('button', { name: 'Try again… Notifications: all with gone' }).click()
  const dialog = page.getByRole('dialog', { name: 'Try all notifications again that match' })
  await expectSeen(dialog.getByText('4 match', { exact: true }))
  expect(await dialog.getByRole('list', { name: 'The first of them' }).getByRole('listitem').count()).toBe(4)
  await expectSeen(dialog.getByText('Takes about', { exact: false }))
  await expectAccessible(page)
  // Slow enough to be ended on the way.
  await dialog.getByLabel('At most so many a second').fill('0.5')
  await d.client.call('POST', '/v1/queues/probe/pause')
  await dialog.getByRole('button', { name: 'Try 4 again' }).click()
  await expectSeen(dialog.getByText('Running'))
  await dialog.getByRole('button', { name: 'Abort' }).click()
  await expectSeen(dialog.getByText('Aborted'))
  const changed = Number(/(\d+) changed/u.exec(await dialog.innerText())?.[1])
  expect(changed).toBeLessThan(4)
  const waiting = async () =>
    (await d.client.call('GET', '/v1/notifications?state=scheduled&channel=probe')).body.items.length
  expect(await waiting()).toBe(changed)
  await dialog.getByRole('button', { name: 'Undo' }).click()
  await eventually('what was changed is as it was', async () => (await waiting()) === 0)
  await expectSeen(dialog.getByText('Done').first())
  await dialog.getByRole('link', { name: 'Page of this operation' }).click()
  await expectSeen(page.getByRole('heading', { name: 'Try again', level: 1 }))
  await expectSeen(page.getByText('error=gone', { exact: false }).first())
  await d.client.call('POST', '/v1/queues/probe/resume')
})

test('all of one cause are settled by a word, with a note', async () => {
  const lost = await fail('gone 5')
  const { page } = await d.open('/dead-letters?error=gone&kind=notification')
  await page.getByRole('button', { name: 'Settle… Notifications: all with gone' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Note, for the timeline').fill('<b>known</b>')
  await dialog.getByLabel('At most so many a second').fill('1000')
  await dialog.getByRole('button', { name: /^Settle \d/u }).click()
  // What was rejected by the far side is final: nobody's word settles it, and the answer says so.
  await expectSeen(dialog.getByText('0 changed', { exact: false }))
  expect((await d.client.get(lost)).reason).toBe('rejected')
})

test('a cause that lies in what is sent is edited away in all of them; they are seen as they would be first', async () => {
  const before = (await d.client.call('GET', '/v1/notifications?state=failed&error=http-503')).body.items
  await d.client.call('POST', '/v1/queues/probe/pause')
  const { page } = await d.open('/dead-letters')
  await page.getByRole('button', { name: 'Try again… Notifications: all with http-503' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Edit a field…' }).selectOption('priority')
  const priority = dialog.getByRole('textbox', { name: 'priority' })
  await priority.fill('high')
  await expectSeen(dialog.getByText('This is not a number.'))
  await expectSeen(
    dialog.getByRole('button', { name: 'Try 2 again' }).and(page.locator('[aria-disabled="true"]')),
  )
  // What is typed for a retry is kept for the next look, and is nothing to the other changes of the same.
  await eventually('it is kept', () => page.evaluate(() => JSON.stringify(localStorage).includes('high')))
  await dialog.getByRole('button', { name: 'Change nothing' }).click()
  await page.getByRole('button', { name: 'Settle… Notifications: all with http-503' }).click()
  const settle = dialog.getByRole('button', { name: 'Settle 2' })
  await eventually('it can be settled', async () => (await settle.getAttribute('aria-disabled')) === null)
  await dialog.getByRole('button', { name: 'Change nothing' }).click()
  await page.getByRole('button', { name: 'Try again… Notifications: all with http-503' }).click()
  expect(await priority.inputValue()).toBe('high')
  await priority.fill('7')
  await dialog.getByRole('combobox', { name: 'Edit a field…' }).selectOption('message')
  await dialog.getByRole('textbox', { name: 'message' }).fill('mended <b>')
  await dialog.getByRole('combobox', { name: 'Edit a field…' }).selectOption('metadata')
  await dialog.getByRole('textbox', { name: 'metadata' }).fill('{"by":"an operator"}')
  await expectSeen(dialog.getByText('message: mended <b>').first())
  await expectSeen(dialog.getByText('metadata: {"by":"an operator"}').first())
  await expectAccessible(page)
  expect((await d.client.get(before[0].id)).message).toBe(before[0].message)
  await dialog.getByLabel('At most so many a second').fill('1000')
  await dialog.getByRole('button', { name: 'Try 2 again' }).click()
  await expectSeen(dialog.getByText('2 changed'))
  for (const { id } of before)
    expect(await d.client.get(id)).toMatchObject({
      ...{ state: 'scheduled', message: 'mended <b>', priority: 7, metadata: { by: 'an operator' } },
    })
  await dialog.getByRole('link', { name: 'Page of this operation' }).click()
  await expectSeen(page.getByText('priority, message, metadata'))
  await page.getByRole('button', { name: 'Undo' }).click()
  for (const { id, message, priority: old } of before)
    expect(await d.client.inState(id, 'failed')).toMatchObject({ message, priority: old, metadata: {} })
  await d.client.call('POST', '/v1/queues/probe/resume')
})

test('one is tried again where it stands', async () => {
  const id = await fail('gone 6')
  const { page } = await d.open('/dead-letters?error=gone&kind=notification')
  receiver.behave(() => ({ kind: 'deliver' }))
  await page.getByRole('button', { name: 'Try again gone 6' }).click()
  await d.client.inState(id, 'delivered')
  await expectSeen(page.getByText('It waits again.'))
  await eventually('it is gone', async () => (await page.getByText('gone 6').count()) === 0)
  receiver.behave((r) =>
    isMended ? { kind: 'deliver' } : r.message.startsWith('gone') ? { kind: 'reject' } : { kind: 'fail' },
  )
})

test('once the cause is mended, all that it stopped goes out', async () => {
  isMended = true
  const { page } = await d.open('/dead-letters', { language: 'ko' })
  await page
    .getByRole('button', { name: '재시도… 알림: http-503 모두' })
    .click()
    .catch(async (error: unknown) => {
      throw new Error(`${String(error)}: ${await page.getByRole('table').first().innerText()}`)
    })
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /재시도$/u }).click()
  await expectSeen(dialog.getByText('완료').first())
  for (const id of ids.slice(3, 5)) await d.client.inState(id, 'delivered')
  await dialog.getByRole('button', { name: '닫기' }).last().click()
  await eventually(
    'the cause is gone',
    async () => (await page.getByRole('button', { name: /http-503/u }).count()) === 0,
  )
})

test('it can be used by everybody', async () => {
  await expectWellMade(d, '/dead-letters', (page) => page.getByRole('table').nth(1).waitFor())
})
