import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineTask, TaskFailure } from '../../src/index.ts'
import { type Dashboard, expectSeen, expectWellMade, startDashboard } from '../kit/dashboard.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns, type Runs } from '../kit/runs.ts'
import { statusFromPage } from '../kit/status-from-page.ts'
import { createEndpoint, deliveriesOf, ENDPOINT_ENV, verified } from '../kit/webhook-endpoints.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

/** As content that may not go live has it. */
const CODE = 'invalid-request'
const RUNS = [CODE, CODE, CODE, 'lost']
const STORIES = ['one', 'two']
type Subject = 'runs' | 'publications'

let d: Dashboard
let receiver: WebhookReceiver
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
  receiver = await startWebhookReceiver()
  d = await startDashboard({
    env: ENDPOINT_ENV,
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
afterAll(async () => {
  await d.end()
  await receiver.stop()
})

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
  await dialog.getByLabel('Due at', { exact: true }).fill(`${year}-06-01T09:00`)
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
  await page.getByRole('link', { name: 'publish story:one' }).click()
  await page.waitForURL('**/content/story/one')
  await page.goBack()
  await act('Try again')
  // The revisions that were to go live are as they were.
  await expectSeen(dialog.getByText('Left as they are: 2 of these'))
  await expectSeen(dialog.getByText('data.title').first())
  const refused = dialog.getByRole('link', { name: dead.publications[0] ?? '' })
  expect(await refused.getAttribute('href')).toBe(`/publications/${dead.publications[0]}`)
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

test('deliveries of one cause: looked at, settled, taken back, and once it is mended they arrive under their ids', async () => {
  receiver.answer((response) => void response.writeHead(200).end('ok'))
  const url = `http://127.0.0.1:${receiver.port}/`
  const endpoint = await createEndpoint(d.client, url, ['person.*'])
  const move = (to: string) => d.database.query('update yeyak.webhooks set url = $1', [to])
  // As where it may no longer be called.
  await move('http://127.0.0.2/')
  for (let i = 0; i < 3; i += 1) await d.client.call('POST', `/v1/webhooks/${endpoint.id}/test`)
  const inState = (state: string) =>
    deliveriesOf(d.client, endpoint.id, (all) => all.length === 3 && all.every((one) => one.state === state))
  const failed = await inState('failed')
  const { page } = await d.open('/dead-letters?kind=webhook')
  const act = (action: string) =>
    page.getByRole('button', { name: `${action}… Webhook deliveries: all with address-not-allowed` }).click()
  await act('Settle')
  const settling = page.getByRole('dialog', { name: 'Settle all webhook deliveries that match' })
  await expectSeen(settling.getByText('3 match', { exact: true }))
  await expectSeen(settling.getByText(`webhook.test evt_${failed[0].eventId}`))
  await settling.getByLabel('As what').selectOption('Canceled: nobody needs it any more')
  await settling.getByRole('button', { name: 'Settle 3' }).click()
  await expectSeen(settling.getByText('3 changed'))
  await expectSeen(page.getByText('Nothing has failed for good.').first())
  await inState('canceled')
  await settling.getByRole('button', { name: 'Undo' }).click()
  expect(await inState('failed')).toEqual(failed)
  await settling.getByRole('button', { name: 'Close', exact: true }).click()
  await move(url)
  const one = page.getByRole('button', { name: 'Try again webhook.test' })
  await one.first().click()
  await eventually('one has arrived', () => receiver.received.length === 1)
  await eventually('two are left', async () => (await one.count()) === 2)
  await act('Try again')
  const dialog = page.getByRole('dialog', { name: 'Try all webhook deliveries again that match' })
  expect(await dialog.getByLabel('Due at').count()).toBe(0)
  await dialog.getByRole('button', { name: 'Try 2 again' }).click()
  await inState('delivered')
  const ids = receiver.received.map((each) => verified(each, endpoint.secret).webhookId)
  expect(ids.toSorted()).toEqual(failed.map(({ eventId }) => `evt_${eventId}`).toSorted())
})

test('releases and runs of schedules have the same two ways, for all of one cause and for each', async () => {
  await d.client.call('POST', '/v1/content/story', { id: 'gone', data: { title: 'gone' } })
  const yearly = { cron: '@yearly', unpublish: { type: 'story', id: 'gone' } }
  await d.client.call('PUT', '/v1/schedules/yearly', yearly)
  await d.client.call('DELETE', '/v1/content/story/gone', undefined, { 'if-match': '*' })
  for (let i = 0; i < 2; i += 1)
    await d.client.call('POST', '/v1/schedules/yearly/run-now', undefined, { 'if-match': '*' })
  const { page } = await d.open('/dead-letters')
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Settle… Runs of schedules: all with not-found' }).click()
  await expectSeen(dialog.getByText('yearly (manual)').first())
  await dialog.getByRole('button', { name: 'Settle 2' }).click()
  await expectSeen(dialog.getByText('2 changed'))
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByRole('button', { name: 'Try again… Releases: all with invalid-release' }).click()
  await expectSeen(dialog.getByText('1 match', { exact: true }))
  await expectSeen(dialog.getByText('Winter'))
  await dialog.getByRole('button', { name: 'Try 1 again' }).click()
  // Its item is as bad as before.
  await expectSeen(dialog.getByText('0 changed'))
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
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
  const subjects = { runs: 'succeeded', publications: 'succeeded', releases: 'canceled' }
  const others = { 'schedule-runs': 'canceled', 'webhook-deliveries': 'canceled' }
  for (const [subject, outcome] of Object.entries({ ...subjects, ...others })) {
    for (const kind of ['retry', 'resolve']) {
      const body = { filter: { error: CODE }, ...(kind === 'resolve' && { outcome }) }
      const status = await statusFromPage(page, 'POST', `/v1/${subject}/${kind}`, body)
      expect([subject, kind, status]).toEqual([subject, kind, 403])
    }
  }
})
