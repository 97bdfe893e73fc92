import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALL_SCOPES } from '../../src/http/index.ts'
import {
  type Dashboard,
  expectAccessible,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'
import { statusFromPage } from '../kit/status-from-page.ts'

let d: Dashboard
let bearer: Record<string, string> = {}
beforeAll(async () => {
  d = await startDashboard()
})
afterAll(() => d.end())

const call = (method: string, path: string, body?: unknown) =>
  d.client.call(method, `/v1/content/story/${path}`, body, { 'if-match': '*', ...bearer })
const read = async (id: string) => (await call('GET', id)).body

let made = 0
/** A draft of its own, with the page that shows it. */
const draft = async (data: object, o: Parameters<Dashboard['open']>[1] = {}) => {
  made += 1
  const id = `item-${made}`
  const reply = await d.client.call('POST', '/v1/content/story', { id, data }, bearer)
  if (reply.status !== 201) throw new Error(reply.text)
  const { page } = await d.open(`/content/story/${id}`, o)
  await page.getByRole('button', { name: 'Save the draft' }).waitFor()
  return { id, page }
}

/** Lets somebody else be faster: `first` happens when the call is on its way. */
const overtaken = async (page: Page, method: string, part: string, first: () => Promise<unknown>) => {
  let isDone = false
  await page.route(
    (url) => url.pathname.startsWith('/v1/content/') && url.pathname.endsWith(part),
    async (route) => {
      if (!isDone && route.request().method() === method) {
        isDone = true
        await first()
      }
      await route.continue()
    },
  )
}

test('a draft is edited and compared, and readers see it once it is published', async () => {
  const { id, page } = await draft({ title: 'A quiet morning', body: 'one\ntwo\nthree' })
  await expectSeen(page.getByText('Readers see nothing of it.'))
  await page.getByRole('button', { name: 'Publish now' }).dblclick()
  await expectSeen(page.getByText('Revision 1 is live.'))
  await page.getByRole('textbox', { name: 'title' }).fill('A quiet evening')
  await page.getByRole('textbox', { name: 'body' }).fill('one\ntwo and a half\nthree')
  await expectSeen(page.getByText('Not saved yet; kept in this browser.'))
  await page.getByRole('button', { name: 'Save the draft' }).click()
  await expectSeen(page.getByText('Saved: the draft is revision 2.'))
  expect(await read(id)).toMatchObject({
    ...{ draftRevision: 2, liveRevision: 1 },
    data: { title: 'A quiet evening', body: 'one\ntwo and a half\nthree' },
  })
  const changed = page.getByRole('group', { name: 'body: changed' })
  // In colours that people have chosen themselves, too, each word is to be read.
  await page.emulateMedia({ forcedColors: 'active' })
  const ground = 'getComputedStyle(document.querySelector("main mark")).backgroundColor'
  expect(await page.evaluate(ground)).not.toBe('rgba(0, 0, 0, 0)')
  await page.emulateMedia({ forcedColors: 'none' })
  await expectSeen(changed)
  const told = (await changed.innerText()).split('\n').map((line) => line.trim())
  expect(told.filter((line) => line !== '')).toEqual(['one', '−', 'two', '+', 'two and a half', 'three'])
  expect(await page.getByRole('group', { name: 'title: changed' }).locator('mark').allInnerTexts()).toEqual([
    'morning',
    'evening',
  ])
  // An older one is made the draft again, and only what differs is written.
  await page.getByLabel('From').selectOption('2')
  await page.getByLabel('To', { exact: true }).selectOption('1')
  await page.getByRole('button', { name: 'Make the draft as revision 1' }).click()
  await expectSeen(page.getByText('The draft is as revision 1 was.'))
  expect(await read(id)).toMatchObject({ draftRevision: 3, data: { title: 'A quiet morning' } })
})

test('JSON of any shape is edited as such; what is no JSON is not sent, and null takes a field away', async () => {
  const { id, page } = await draft({ title: 'x', author: 'Kim', tags: ['a'] })
  await page.getByText('JSON', { exact: true }).click()
  const json = page.getByLabel('Data as JSON')
  await json.fill('{ "title": ')
  await expectSeen(page.getByText('This is no JSON object yet.'))
  expect(await page.getByRole('button', { name: 'Save the draft' }).getAttribute('aria-disabled')).toBe(
    'true',
  )
  await json.fill('{ "title": "x", "author": null, "tags": ["a", { "b": 1 }] }')
  await expectSeen(page.getByText('is null: saving takes the field away'))
  await page.getByRole('button', { name: 'Save the draft' }).click()
  await expectSeen(page.getByText('Saved: the draft is revision 2.'))
  expect((await read(id)).data).toEqual({ title: 'x', tags: ['a', { b: 1 }] })
})

test('what was typed outlives a reload, and is never saved over what somebody else has saved', async () => {
  const { id, page } = await draft({ title: 'first', body: 'old body' })
  await page.getByRole('textbox', { name: 'title' }).fill('mine')
  await eventually('it is kept', async () =>
    (await page.evaluate<string>('JSON.stringify({ ...localStorage })')).includes('mine'),
  )
  await page.reload()
  await expectSeen(page.getByText('Not saved yet; kept in this browser.'))
  expect(await page.getByRole('textbox', { name: 'title' }).inputValue()).toBe('mine')
  await overtaken(page, 'PATCH', id, () => call('PATCH', id, { data: { body: 'their body' } }))
  await page.getByRole('button', { name: 'Save the draft' }).click()
  const notice = page
    .getByRole('alert')
    .filter({ hasText: 'you began with revision 1, the draft is revision 2' })
  await expectSeen(notice)
  await expectSeen(notice.getByRole('group', { name: 'body: changed' }))
  expect((await read(id)).data).toEqual({ title: 'first', body: 'their body' })
  await notice.getByRole('button', { name: 'Save mine on top' }).click()
  await expectSeen(page.getByText('Saved: the draft is revision 3.'))
  expect((await read(id)).data).toEqual({ title: 'mine', body: 'their body' })
})

test('an action that lost a race was not done, says what happened instead, and can be done to that', async () => {
  const { id, page } = await draft({ title: 'raced' })
  await overtaken(page, 'POST', `${id}/publish`, async () => {
    await call('PATCH', id, { data: { title: 'raced, and changed' } })
    await call('PUT', `${id}/schedule`, { publishAt: { delay: '1h' } })
  })
  await page.getByRole('button', { name: 'Publish now' }).click()
  const dialog = page.getByRole('dialog')
  await expectSeen(dialog.getByText('You saw version 1; it is version 3 by now. Nothing was done.'))
  await expectSeen(dialog.getByText('Revision of the draft: 1 → 2'))
  await expectSeen(dialog.getByText(/^Scheduled: nothing → Publish /u))
  expect(await read(id)).toMatchObject({ status: 'scheduled', liveRevision: null })
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Do it all the same' }).click()
  await expectSeen(page.getByText('Revision 1 is live.'))
  expect(await read(id)).toMatchObject({ status: 'published', liveRevision: 1, schedule: null })
})

test('a schedule is given by wall clocks of any zone, shown as instants, and canceled', async () => {
  const { id, page } = await draft({ title: 'planned' })
  await page.getByRole('button', { name: 'Schedule…' }).click()
  const dialog = page.getByRole('dialog')
  const step = (n: number) => dialog.getByRole('group', { name: `Step ${n}` })
  const year = new Date().getUTCFullYear() + 1
  await step(1).getByLabel('When', { exact: true }).fill(`${year}-12-24T09:00`)
  await step(1).getByLabel('When: Time zone').selectOption('Europe/Berlin')
  await expectSeen(step(1).getByText(`${year}-12-24 17:00`))
  await expectSeen(step(1).getByText(`${year}-12-24 08:00`))
  await dialog.getByRole('button', { name: 'Add a step' }).click()
  expect(await dialog.getByRole('button', { name: 'Schedule it' }).getAttribute('aria-disabled')).toBe('true')
  await step(2).getByLabel('When', { exact: true }).fill(`${year}-12-24T08:00`)
  await dialog.getByText('Follow', { exact: true }).click()
  await dialog.getByLabel('Publish no later than').fill('90')
  await dialog.getByRole('button', { name: 'Schedule it' }).click()
  await expectSeen(step(2).getByText('must be later than what comes before it', { exact: false }))
  await step(2).getByLabel('When', { exact: true }).fill(`${year}-12-31T23:00`)
  await dialog.getByRole('button', { name: 'Schedule it' }).click()
  await expectSeen(page.getByText('It is scheduled.'))
  expect((await read(id)).schedule).toMatchObject({
    ...{ onEdit: 'follow', maxLateSeconds: 5_400, revision: null },
    publishAt: { local: `${year}-12-24T09:00`, timeZone: 'Europe/Berlin' },
    publications: [
      { action: 'publish', dueAt: `${year}-12-24T08:00:00.000Z` },
      { action: 'unpublish', dueAt: `${year}-12-31T22:00:00.000Z` },
    ],
  })
  await expectSeen(page.getByText(`${year}-12-24 09:00 Europe/Berlin`))
  await page.getByRole('button', { name: 'Cancel schedule' }).click()
  await expectSeen(page.getByText('Nothing is scheduled.'))
  expect((await read(id)).schedule).toBeNull()
  await expectSeen(page.getByRole('row').filter({ hasText: 'Canceled' }).first())
})

test('a time that the clocks skip is asked about, never guessed', async () => {
  const { id, page } = await draft({ title: 'gap' })
  const dialog = page.getByRole('dialog')
  const ask = page.getByRole('button', { name: 'Schedule…' })
  // By keys alone: who leaves is where he was before.
  await ask.press('Enter')
  await dialog.getByLabel('When', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('button:focus', { hasText: 'Schedule…' }).waitFor()
  await ask.click()
  // The last Sunday of March, of a year that is to come.
  const year = new Date().getUTCFullYear() + 1
  const march = new Date(Date.UTC(year, 2, 31))
  const day = 31 - march.getUTCDay()
  await dialog.getByLabel('When: Time zone').selectOption('Europe/Berlin')
  await dialog.getByLabel('When', { exact: true }).fill(`${year}-03-${day}T02:30`)
  await expectSeen(dialog.getByText('so it does not exist', { exact: false }))
  await dialog.getByText('The one at 01:30 UTC', { exact: false }).click()
  await expectSeen(dialog.getByText(`${year}-03-${day} 03:30`))
  await dialog.getByRole('button', { name: 'Schedule it' }).click()
  await expectSeen(page.getByText('It is scheduled.'))
  expect((await read(id)).schedule.publications[0].dueAt).toBe(`${year}-03-${day}T01:30:00.000Z`)
})

test('what the server finds lacking is shown at the field, and what was shown too soon is taken back', async () => {
  const { id, page } = await draft({ body: 'no title' })
  await expectSeen(page.getByText('is missing'))
  await page.getByRole('button', { name: 'Publish now' }).click()
  await expectSeen(page.getByRole('alert').filter({ hasText: 'Not done: something is lacking. data.title' }))
  await expectSeen(page.locator('p').getByText('Draft', { exact: true }))
  expect(await read(id)).toMatchObject({ status: 'draft', liveRevision: null })
})

test('what is due happens on the page by itself, with its lateness; readers at an instant are told beforehand', async () => {
  const { id, page } = await draft({ title: 'soon' })
  await expectSeen(page.getByText('Live', { exact: true }).first())
  const schedule = { publishAt: { delay: '2s' }, unpublishAt: { delay: '1h' } }
  await call('PUT', `${id}/schedule`, schedule)
  await page.getByText('At…', { exact: true }).click()
  await page.getByRole('button', { name: 'Tomorrow' }).click()
  await expectSeen(page.getByText('Readers will see nothing of it then.'))
  await page.getByText('Now', { exact: true }).click()
  const row = page.getByRole('row').filter({ hasText: 'Succeeded' })
  await expectSeen(row)
  expect(await row.innerText()).toMatch(/\d ?m?s/u)
  await expectSeen(page.locator('p').getByText('Published', { exact: true }))
  await expectSeen(page.getByRole('region', { name: 'title', exact: true }).getByText('soon'))
})

test('it is unpublished, archived, restored and deleted, each only when it was meant', async () => {
  const { id, page } = await draft({ title: 'ends' })
  const meant = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  }
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.getByRole('button', { name: 'Unpublish', exact: true }).click()
  await page.getByRole('button', { name: 'Leave it as it is' }).click()
  expect(await read(id)).toMatchObject({ status: 'published' })
  await meant('Unpublish')
  await expectSeen(page.getByText('Readers no longer see it.'))
  await meant('Archive')
  await expectSeen(page.getByText('It is in the archive.'))
  expect(await read(id)).toMatchObject({ status: 'archived' })
  await page.getByRole('button', { name: 'Restore' }).click()
  await expectSeen(page.getByText('It is a draft again.'))
  await meant('Delete')
  await page.waitForURL('**/content?type=story')
  expect((await call('GET', id)).status).toBe(404)
  await page.goto(`/content/story/${id}`)
  await expectSeen(page.getByText('There is no such item.'))
})

test('the page can be used by everybody', async () => {
  await call('PUT', 'item-1/schedule', { publishAt: { delay: '1h' }, unpublishAt: { delay: '2h' } })
  await expectWellMade(d, '/content/story/item-1', (page) => page.getByRole('table').first().waitFor())
})

// The first key closes the server: what comes after it needs one.
test('who may only read sees all of it, and can change nothing', async () => {
  const admin = await d.makeKey(ALL_SCOPES)
  bearer = { authorization: `Bearer ${admin}` }
  const reader = await d.makeKey(['content:read'], admin)
  const { id, page } = await draft({ title: 'kept' }, { key: reader })
  for (const name of ['Publish now', 'Archive', 'Delete', 'Schedule…', 'Save the draft']) {
    const button = page.getByRole('button', { name, exact: true })
    expect([name, await button.getAttribute('aria-disabled')]).toEqual([name, 'true'])
    await button.focus()
    await button.press('Enter')
  }
  expect(await page.getByRole('dialog').count()).toBe(0)
  const path = `/v1/content/story/${id}`
  const actions: [string, string, unknown][] = [
    ['PATCH', path, { data: { title: 'x' } }],
    ['DELETE', path, undefined],
    ['PUT', `${path}/schedule`, { publishAt: { delay: '1h' } }],
    ['DELETE', `${path}/schedule`, undefined],
    ...(['publish', 'unpublish', 'archive', 'restore'] as const).map((name): [string, string, unknown] => [
      'POST',
      `${path}/${name}`,
      undefined,
    ]),
    ['POST', '/v1/content/story', { data: {} }],
    ['POST', '/v1/releases', { title: 'x', items: [{ type: 'story', id }] }],
  ]
  for (const [method, at, body] of actions) {
    const status = await statusFromPage(page, method, at, body)
    expect([method, at, status]).toEqual([method, at, 403])
  }
  expect(await read(id)).toMatchObject({ version: 1 })
})
