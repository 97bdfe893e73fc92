import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineTask, TaskFailure } from '../../src/index.ts'
import { type Dashboard, expectSeen, expectWellMade, startDashboard } from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns, type Runs } from '../kit/runs.ts'
import { statusFromPage } from '../kit/status-from-page.ts'

/** As content that may not go live has it. */
const CODE = 'invalid-request'
const RUNS = [CODE, CODE, CODE, 'lost']
const STORIES = ['one', 'two']
type Subject = 'runs' | 'publications'

let d: Dashboard
let runs: Runs
let isMended = false
let release = ''
const dead: Record<Subject, string[]> = { runs: [], publications: [] }

/** As if the schema of its type had changed. */
const rewrite = (id: string, data: object) =>
  d.database.query(
    `update yeyak.revisions set data = $2 where content_key = (select key from yeyak.content where id = $1)`,
    [id, JSON.stringify(data)],
  )
const found = async (subject: Subject, query: string): Promise<string[]> =>
  (await d.client.call('GET', `/v1/${subject}?${query}`)).body.items
    .map(({ id }: { id: string }) => id)
    .toSorted()
const causes = (page: Page) => page.getByRole('table', { name: 'Causes' })
beforeAll(async () => {
  d = await startDashboard({
    tasks: {
      checks: defineTask({
        handler({ data }) {
          if (isMended) return null
          throw new TaskFailure('it is not valid', { code: String(Object(data).code), isFinal: true })
        },
      }),
    },
  })
  runs = createRuns(d.client)
  const schedule = { publishAt: { delay: 0.8 } }
  await d.client.call('POST', '/v1/content/story', { id: 'released', data: { title: 'released' } })
  const items = [{ type: 'story', id: 'released' }]
  release = (await d.client.call('POST', '/v1/releases', { title: 'Winter', items })).body.id
  await d.client.call('PUT', `/v1/releases/${release}/schedule`, schedule, { 'if-match': '*' })
  await rewrite('released', {})
  for (const id of STORIES) {
    await d.client.call('POST', '/v1/content/story', { id, data: { title: id }, schedule })
    await rewrite(id, {})
  }
  for (const code of RUNS) dead.runs.push(await runs.start('checks', { data: { code } }))
  for (const id of dead.runs) await runs.inState(id, 'failed')
  dead.publications = await eventually('the publications have failed', async () => {
    const ids = await found('publications', `error=${CODE}`)
    return ids.length === STORIES.length && ids
  })
  dead.runs = await found('runs', `error=${CODE}`)
})
afterAll(() => d.end())

test('one cause in two kinds is two rows, and a task is a queue to choose', async () => {
  const { page } = await d.open('/dead-letters')
  const rows = causes(page).getByRole('row').filter({ hasText: CODE })
  await expectSeen(rows.filter({ hasText: 'Publications' }).getByText('2', { exact: true }))
  await page.getByLabel('Queue').selectOption('checks')
  await page.waitForURL('**/dead-letters?queue=checks')
  await eventually('only its own', async () => (await rows.count()) === 1)
  await expectSeen(rows.filter({ hasText: 'Runs of tasks' }).getByText('3', { exact: true }))
  await page.getByLabel('Queue').selectOption('')
  await page.getByLabel('Kind').selectOption('publication')
  await page.waitForURL('**/dead-letters?kind=publication')
  await expectSeen(rows.filter({ hasText: 'Publications' }))
  await eventually('only publications', async () => (await rows.count()) === 1)
})

test('runs of one cause: looked at first, then tried again, aborted, undone, and once it is mended they succeed', async () => {
  await d.client.call('POST', '/v1/queues/checks/pause')
  const { page } = await d.open('/dead-letters?queue=checks')
  await page.getByRole('button', { name: `Try again… Runs of tasks: all with ${CODE}` }).click()
  const dialog = page.getByRole('dialog', { name: 'Try all runs of tasks again that match' })
  await expectSeen(dialog.getByText('task=checks'))
  await expectSeen(dialog.getByText('3 match', { exact: true }))
  const sample = dialog.getByRole('list', { name: 'The first of them' }).getByRole('listitem')
  expect(await sample.count()).toBe(3)
  await expectSeen(sample.getByText(`checks {"code":"${CODE}"}`).first())
  // Slow enough to be ended on the way.
  await dialog.getByLabel('At most so many a second').fill('0.5')
  const year = new Date().getUTCFullYear() + 1
  await dialog.getByLabel('Due at (Asia/Seoul').fill(`${year}-06-01T09:00`)
  await dialog.getByRole('button', { name: 'Try 3 again' }).click()
  await expectSeen(dialog.getByText('Running'))
  await expectSeen(dialog.getByText(/[12] changed/u))
  await dialog.getByRole('button', { name: 'Abort' }).click()
  await expectSeen(dialog.getByText('Aborted'))
  const changed = Number(/(\d+) changed/u.exec(await dialog.innerText())?.[1])
  expect(changed).toBeLessThan(3)
  const { items: waiting } = (await d.client.call('GET', '/v1/runs?state=scheduled')).body
  expect(waiting).toHaveLength(changed)
  for (const { dueAt } of waiting) expect(dueAt).toBe(`${year}-06-01T00:00:00.000Z`)
  await dialog.getByRole('button', { name: 'Undo' }).click()
  await eventually(
    'all of it is as it was',
    async () => String(await found('runs', `error=${CODE}`)) === String(dead.runs),
  )
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  isMended = true
  await d.client.call('POST', '/v1/queues/checks/resume')
  await page.getByRole('button', { name: `Try again… Runs of tasks: all with ${CODE}` }).click()
  await dialog.getByRole('button', { name: 'Try 3 again' }).click()
  for (const id of dead.runs) await runs.inState(id, 'succeeded')
  expect(await found('runs', 'state=failed')).toHaveLength(1)
})

test('publications of one cause: settled with a note, taken back, and once it is mended they go live', async () => {
  const { page } = await d.open('/dead-letters')
  const act = (action: string) =>
    page.getByRole('button', { name: `${action}… Publications: all with ${CODE}` }).click()
  await act('Settle')
  const dialog = page.getByRole('dialog')
  await expectSeen(dialog.getByText('publish story:one'))
  await expectSeen(dialog.getByText('The content stays as it is.'))
  await dialog.getByLabel('Note, for the timeline').fill('by fax')
  await dialog.getByRole('button', { name: 'Settle 2' }).click()
  await expectSeen(dialog.getByText('2 changed'))
  const reasons = async () =>
    (await d.client.call('GET', '/v1/publications?state=succeeded')).body.items.map(
      ({ reason }: { reason: string }) => reason,
    )
  expect(await reasons()).toEqual(['operator', 'operator'])
  await dialog.getByRole('button', { name: 'Undo' }).click()
  await eventually(
    'they are dead letters again',
    async () => String(await found('publications', `error=${CODE}`)) === String(dead.publications),
  )
  await dialog.getByRole('link', { name: 'Page of this operation' }).click()
  await expectSeen(page.getByRole('heading', { name: 'Settle', level: 1 }))
  await expectSeen(page.getByRole('definition').filter({ hasText: /^publications$/u }))
  for (const id of STORIES)
    await d.client.call(
      'PATCH',
      `/v1/content/story/${id}`,
      { data: { title: `${id}, mended` } },
      { 'if-match': '*' },
    )
  await page.getByRole('link', { name: 'Dead letters' }).first().click()
  await act('Try again')
  // The revisions that were to go live are as they were.
  await expectSeen(dialog.getByText('Left as they are: 2 of these'))
  await expectSeen(dialog.getByText('data.title').first())
  await dialog.getByLabel('With what the drafts say now').check()
  await eventually('all of them would go live', async () => {
    const faults = await dialog.getByText('data.title').count()
    return faults === 0 && (await dialog.getByText('2 match', { exact: true }).count()) === 1
  })
  await dialog.getByRole('button', { name: 'Try 2 again' }).click()
  await expectSeen(dialog.getByText('2 changed'))
  await eventually('they are live', async () => {
    const { body } = await d.client.call('GET', '/v1/content/story?view=live')
    return body.items.length === STORIES.length
  })
})

test('a release is repaired by itself: it leads to its page, and is tried again where it stands', async () => {
  const { page } = await d.open('/dead-letters?kind=release')
  const all = page.getByRole('button', { name: 'Try again… Releases: all with invalid-release' })
  await all.hover()
  await expectSeen(page.getByText('Each release is tried again by itself'))
  expect(await page.getByRole('link', { name: 'Winter' }).getAttribute('href')).toBe(
    `/content/release/${release}`,
  )
  await rewrite('released', { title: 'released' })
  await page.getByRole('button', { name: 'Try again Winter' }).click()
  await eventually('all of it is live', async () => {
    const { body } = await d.client.call('GET', `/v1/releases/${release}`)
    return body.state === 'succeeded'
  })
})

test('what is looked at before a repair can be used by everybody', async () => {
  await expectWellMade(d, '/dead-letters', async (page) => {
    await page.getByRole('button', { name: /(?:Settle|직접 처리)….*lost/u }).click()
    await page.getByRole('dialog').getByRole('listitem').first().waitFor()
  })
})

test('who may only read sees why no cause can be repaired, and is refused by the server', async () => {
  const admin = await d.makeKey(['admin', 'operate', 'tasks:read', 'content:read'])
  const key = await d.makeKey(['tasks:read', 'content:read'], admin)
  const { page } = await d.open('/dead-letters', { key })
  await expectSeen(page.getByText('it needs the permission operate'))
  expect(await page.getByRole('button', { name: CODE }).count()).toBe(0)
  for (const subject of Object.keys(dead)) {
    for (const kind of ['retry', 'resolve']) {
      const body = { filter: { error: CODE }, ...(kind === 'resolve' && { outcome: 'succeeded' }) }
      const status = await statusFromPage(page, 'POST', `/v1/${subject}/${kind}`, body)
      expect([subject, kind, status]).toEqual([subject, kind, 403])
    }
  }
})
