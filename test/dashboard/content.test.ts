import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDeclared } from '../../src/library/index.ts'
import { applicationPool } from '../kit/application-pool.ts'
import {
  type Dashboard,
  expectAccessible,
  expectFits,
  expectSeen,
  expectWellMade,
  startDashboard,
} from '../kit/dashboard.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { seedStories } from '../kit/stories.ts'

let database: TestDatabase
let pool: pg.Pool
let d: Dashboard
const MANY = 10_000
const NOTE = {
  name: 'note',
  schema: {
    type: 'object',
    required: ['title', 'rank'],
    properties: {
      title: { type: 'string', title: 'Headline', minLength: 3, maxLength: 80 },
      rank: { type: 'integer', minimum: 1 },
      tone: { enum: ['calm', 'loud'] },
      pinned: { type: 'boolean' },
    },
  },
  locales: ['en', 'ko'],
}

beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(
    `create table public.posts (id integer primary key, status text not null default 'draft', at timestamptz)`,
  )
  await database.query('insert into public.posts select generate_series(1, 3)')
  pool = applicationPool(database.url, 2)
  const { external } = readDeclared({
    client: pool,
    models: { post: { table: 'posts', status: 'status', publishAt: 'at' } },
  })
  if (external === undefined) throw new Error('no models')
  d = await startDashboard({
    database,
    external,
    contentTypes: [NOTE, { name: 'walk', schema: { type: 'object' } }],
  })
  await seedStories(database, { count: MANY, inSeconds: 90_000, type: 'walk' })
  for (const [id, body] of [
    ['plain', { data: { title: 'Plain draft' } }],
    ['planned', { data: { title: 'Planned' }, schedule: { publishAt: { delay: '2h' } } }],
    ['live', { data: { title: 'Seen by all' } }],
    ['hostile', { data: { title: '<img src=x onerror=alert(1)>\u202Egnp', body: 'x'.repeat(100_000) } }],
  ] as const)
    await d.client.call('POST', '/v1/content/story', { id, ...body })
  await d.client.call('POST', '/v1/content/story/live/publish', undefined, { 'if-match': '*' })
})
afterAll(async () => {
  await d.end()
  await pool.end()
  await database.drop()
})

const titles = '[data-index] [data-column="title"]'

test('status and type stand in the address, and what is made meanwhile is told of', async () => {
  const { page } = await d.open('/content?type=story')
  await expectSeen(page.getByRole('row').filter({ hasText: 'Plain draft' }))
  await page.getByRole('button', { name: 'Scheduled', exact: true }).click()
  await page.waitForURL('**/content?type=story&status=scheduled')
  await expectSeen(page.getByText('That is all: 1'))
  expect(await page.locator(titles).allInnerTexts()).toEqual(['Planned'])
  await page.getByLabel('Type').selectOption('note')
  await page.waitForURL('**/content?type=note&status=scheduled')
  await expectSeen(page.getByText('Nothing matches.'))
  await page.goto('/content?type=story')
  await expectSeen(page.getByText('Live', { exact: true }).first())
  await expectSeen(page.getByRole('row').filter({ hasText: 'Plain draft' }))
  await d.client.call('POST', '/v1/content/story', { id: 'late', data: { title: 'Came later' } })
  await page.getByRole('button', { name: 'Show 1 new or changed' }).click()
  await expectSeen(page.getByRole('row').filter({ hasText: 'Came later' }))
  // One that is shown changes where it stands.
  await d.client.call(
    'PATCH',
    '/v1/content/story/late',
    { data: { title: 'Another title' } },
    { 'if-match': '*' },
  )
  await expectSeen(page.getByRole('row').filter({ hasText: 'Another title' }))
})

test('10,000 items are walked with few of them on the page, by keys alone', async () => {
  const { page } = await d.open('/content?type=walk&sort=id')
  await expectSeen(page.locator(titles).first())
  await page.getByRole('table').focus()
  const lastOf = async () => Number(await page.locator('[data-index]').last().getAttribute('data-index'))
  for (let last = 0; last <= 500;) {
    const before = last
    await page.keyboard.press('End')
    last = await eventually('rows further down', async () => {
      const now = await lastOf()
      return now > before && now
    })
  }
  expect(await page.locator('[data-index]').count()).toBeLessThan(80)
  await eventually('a row has the focus', async () => {
    await page.keyboard.press('ArrowUp')
    return page.evaluate<boolean>(`document.activeElement?.closest('[data-index]') != null`)
  })
  await page.keyboard.press('Enter')
  await page.waitForURL('**/content/walk/*')
  await expectSeen(page.getByRole('heading', { level: 1, name: /^Story \d+$/u }))
})

test('what readers will see at an instant is told for all of a type; one that is past is refused, and said why', async () => {
  const { page } = await d.open('/content?type=story&view=live')
  await expectSeen(page.getByText('That is all: 1'))
  expect(await page.locator(titles).allInnerTexts()).toEqual(['Seen by all'])
  await page.getByText('Live at…').click()
  await expectSeen(page.getByText('That is all: 1'))
  await page.getByRole('button', { name: 'Tomorrow' }).click()
  await expectSeen(page.getByText('That is all: 2'))
  expect((await page.locator(titles).allInnerTexts()).toSorted()).toEqual(['Planned', 'Seen by all'])
  expect(new URL(page.url()).searchParams.get('asOf')).toMatch(/Z$/u)
  await page.getByLabel('What readers will see at').fill('2020-01-01T09:00')
  await expectSeen(page.getByRole('alert').getByText('must not be in the past'))
})

test('a new item is written in a form made of its schema; what it lacks is said, and a reload loses nothing', async () => {
  const { page } = await d.open('/content?type=note')
  await page.getByRole('button', { name: 'New item…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('ID', { exact: true }).fill('first')
  await dialog.getByLabel('Locale').selectOption('ko')
  await dialog.getByLabel('Headline').fill('ab')
  await expectSeen(dialog.getByText('must have at least 3 characters'))
  await expectSeen(dialog.getByText('is missing'))
  await eventually('what was typed is kept', async () =>
    (await page.evaluate<string>('JSON.stringify({ ...localStorage })')).includes('ab'),
  )
  await page.reload()
  // As over plain HTTP from another machine.
  await page.evaluate('Reflect.deleteProperty(Crypto.prototype, "randomUUID")')
  await page.getByRole('button', { name: 'New item…' }).click()
  expect(await dialog.getByLabel('Headline').inputValue()).toBe('ab')
  await dialog.getByLabel('Headline').fill('A headline')
  await dialog.getByLabel('rank').fill('3')
  await dialog.getByLabel('pinned').check()
  await dialog.getByText('JSON', { exact: true }).click()
  const json = JSON.parse(await dialog.getByLabel('Data as JSON').inputValue())
  expect(json).toEqual({ title: 'A headline', rank: 3, pinned: true })
  await dialog.getByRole('button', { name: 'Make the draft' }).click()
  await page.waitForURL('**/content/note/first?locale=ko')
  await expectSeen(page.getByRole('heading', { level: 1, name: 'A headline' }))
  const made = await d.client.call('GET', '/v1/content/note/first?locale=ko')
  expect(made.body).toMatchObject({ status: 'draft', locale: 'ko', data: json })
  // A name that is taken is refused, and said so in the dialog.
  await page.goto('/content?type=note')
  await page.getByRole('button', { name: 'New item…' }).click()
  expect(await dialog.getByLabel('ID', { exact: true }).inputValue()).toBe('')
  await dialog.getByLabel('ID', { exact: true }).fill('first')
  await dialog.getByLabel('Locale').selectOption('ko')
  await dialog.getByRole('button', { name: 'Make the draft' }).click()
  await expectSeen(dialog.getByRole('alert'))
})

test('rows of the application say why they are not listed, and are scheduled and taken back all the same', async () => {
  const { page } = await d.open('/content?type=post')
  await expectSeen(page.getByText('Items of this type live in a table that belongs to the application'))
  await page.getByLabel('Id of the row').fill('2')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.waitForURL('**/content/post/2')
  const status = async () =>
    (await database.query<{ status: string }>('select status from public.posts where id = 2'))[0]?.status
  await page.getByRole('button', { name: 'Schedule…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Schedule it' }).click()
  await expectSeen(page.getByText('It is scheduled.'))
  expect(await status()).toBe('scheduled')
  await expectSeen(page.getByRole('cell', { name: 'Scheduled' }))
  await page.getByRole('button', { name: 'Publish now' }).click()
  await expectSeen(page.getByText('It is published.'))
  expect(await status()).toBe('published')
  await page.getByRole('button', { name: 'Unpublish' }).click()
  await expectSeen(page.getByText('It is no longer published.'))
  expect(await status()).toBe('draft')
})

test('markup in a title is text, and what turns the writing is made visible', async () => {
  const { page } = await d.open('/content?type=story')
  await expectSeen(page.getByText('<img src=x onerror=alert(1)>⟨U+202E⟩gnp'))
  await page.goto('/content/story/hostile')
  await expectSeen(page.getByRole('heading', { level: 1, name: '<img src=x onerror=alert(1)>⟨U+202E⟩gnp' }))
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  await d.client.call('POST', '/v1/content/story/hostile/publish', undefined, { 'if-match': '*' })
  await expectSeen(page.getByRole('button', { name: 'Show all 100,000 characters' }))
})

test('the lists can be used by everybody', async () => {
  await expectWellMade(d, '/content?type=story', (page) => page.locator(titles).first().waitFor())
  const { page } = await d.open('/content?type=post', { language: 'ko', theme: 'dark', width: 360 })
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  await expectAccessible(page)
  await expectFits(page)
})
