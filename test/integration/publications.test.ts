import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({ env: { YEYAK_POLL_SECONDS: '1' } })
})
afterAll(() => t.end())

const ANY = { 'if-match': '*' }
const SOON = { delay: 0.3 }
const FAR = { delay: '30d' }

const draft = async (id: string, body: object = {}) => {
  const reply = await t.client.call('POST', '/v1/content/story', {
    id,
    data: { title: `Title of ${id}` },
    ...body,
  })
  expect(reply.status, reply.text).toBe(201)
  return reply.body
}
const item = async (id: string) => (await t.client.call('GET', `/v1/content/story/${id}`)).body
const schedule = (id: string, body: object) =>
  t.client.call('PUT', `/v1/content/story/${id}/schedule`, body, ANY)
const publications = async (query: string) =>
  (await t.client.call('GET', `/v1/publications?${query}`)).body.items
const withStatus = (id: string, status: string) =>
  eventually(`${id} ${status}`, async () => {
    const found = await item(id)
    return found.status === status && found
  })
const eventsOf = (subject: string) =>
  t.database.query<{ type: string; actor: object | null; data: Record<string, unknown> }>(
    `select type, actor, data from yeyak.events where subject_id = $1 order by id`,
    [subject],
  )

test('a draft that is scheduled goes live on time, and each change is told once', async () => {
  const made = await draft('one', { schedule: { publishAt: SOON } })
  expect(made).toMatchObject({
    status: 'scheduled',
    schedule: { publications: [{ action: 'publish', state: 'scheduled' }] },
  })
  const live = await withStatus('one', 'published')
  expect(live).toMatchObject({ liveRevision: 1, schedule: null })
  const [publication] = await publications('id=one')
  expect(publication).toMatchObject({ state: 'succeeded', revision: 1, attemptCount: 1, nextAttemptAt: null })
  expect(publication.lateMs).toBeGreaterThanOrEqual(0)
  const { body } = await t.client.call('GET', `/v1/publications/${publication.id}`)
  expect(body.attempts).toMatchObject([{ number: 1, outcome: 'succeeded', error: null }])
  expect((await eventsOf('story:one')).map(({ type }) => type)).toEqual([
    'content.created',
    'content.scheduled',
    'content.published',
  ])
})

test('scheduling again replaces what is pending: the old one never happens', async () => {
  await draft('again')
  expect((await schedule('again', { publishAt: FAR })).status).toBe(200)
  const moved = await schedule('again', { publishAt: SOON, unpublishAt: { delay: '60d' } })
  expect(moved.body.schedule.publications).toHaveLength(2)
  await withStatus('again', 'published')
  const states = (await publications('id=again')).map((p: { state: string; reason: string | null }) => [
    p.state,
    p.reason,
  ])
  expect(states.toSorted()).toEqual([
    ['canceled', 'rescheduled'],
    ['scheduled', null],
    ['succeeded', null],
  ])
  const timers = await t.database.query(
    `select 1 from yeyak.timers where subject_id in (select id from yeyak.publications where resource_id = 'again')`,
  )
  expect(timers).toHaveLength(1)
})

test('cancel answers with the truth, and so does a second one', async () => {
  await draft('cancel', { schedule: { publishAt: FAR } })
  const [pending] = await publications('id=cancel&state=scheduled')
  for (const _ of [1, 2]) {
    const reply = await t.client.call('POST', `/v1/publications/${pending.id}/cancel`)
    expect([reply.status, reply.body]).toEqual([200, { outcome: 'canceled', state: 'canceled' }])
  }
  expect(await item('cancel')).toMatchObject({ status: 'draft', schedule: null })
  await draft('done', { schedule: { publishAt: SOON } })
  await withStatus('done', 'published')
  const [done] = await publications('id=done')
  const late = await t.client.call('POST', `/v1/publications/${done.id}/cancel`)
  expect([late.status, late.body.code, late.body.state]).toEqual([409, 'already-final', 'succeeded'])
  const retried = await t.client.call('POST', `/v1/publications/${done.id}/retry`)
  expect([retried.status, retried.body.code]).toEqual([409, 'already-final'])
})

test('what was canceled can be tried again, at once or at a time', async () => {
  await draft('retry', { schedule: { publishAt: FAR } })
  const [{ id }] = await publications('id=retry')
  const early = await t.client.call('POST', `/v1/publications/${id}/retry`)
  expect([early.status, early.body.code]).toEqual([409, 'not-final'])
  await t.client.call('POST', `/v1/publications/${id}/cancel`)
  const past = await t.client.call('POST', `/v1/publications/${id}/retry`, {
    publishAt: '2020-01-01T00:00:00Z',
  })
  expect([past.status, past.body.code]).toEqual([422, 'publish-at-not-future'])
  const again = await t.client.call('POST', `/v1/publications/${id}/retry`)
  expect([again.status, again.body.id]).toEqual([200, id])
  await withStatus('retry', 'published')
})

test('a time that is not in the future is refused, in the words of the contract', async () => {
  await draft('past')
  for (const publishAt of ['2020-01-01T00:00:00Z', { delay: 0 }, 'tomorrow']) {
    const reply = await t.client.call(
      'PUT',
      '/v1/content/story/past/schedule',
      { publishAt },
      { ...ANY, 'accept-language': 'ko' },
    )
    expect([reply.status, reply.body.detail]).toEqual([422, 'publishAt은 미래 시각이어야 합니다.'])
  }
  const wrongOrder = await schedule('past', { publishAt: { delay: '2d' }, unpublishAt: { delay: '1d' } })
  expect([wrongOrder.status, wrongOrder.body.errors[0].path]).toEqual([422, 'unpublishAt'])
  const alone = await schedule('past', { unpublishAt: { delay: '1d' } })
  expect([alone.status, alone.body.errors[0].path]).toEqual([422, 'unpublishAt'])
  const nothing = await schedule('past', {})
  expect(nothing.status).toBe(422)
  const noRevision = await schedule('past', { publishAt: FAR, revision: 9 })
  expect([noRevision.status, noRevision.body.errors[0].path]).toEqual([422, 'revision'])
  expect(await item('past')).toMatchObject({ status: 'draft', version: 1, schedule: null })
  expect(await publications('id=past')).toEqual([])
})

test('what its type refuses is refused when it is scheduled, naming each field', async () => {
  await draft('invalid', { data: { body: 'no title' } })
  const reply = await schedule('invalid', { publishAt: FAR })
  expect([reply.status, reply.body.code, reply.body.errors[0].path]).toEqual([
    422,
    'invalid-request',
    'data.title',
  ])
})

test('an unknown type is said to be one', async () => {
  const reply = await t.client.call('PUT', '/v1/content/nope/x/schedule', { publishAt: FAR }, ANY)
  expect([reply.status, reply.body.code, reply.body.detail]).toEqual([
    404,
    'unknown-model',
    'Unknown model: nope',
  ])
})

test.each(['pin', 'follow', 'cancel'] as const)(
  'an edit after scheduling does what policy %s says',
  async (onEdit) => {
    const id = `edit-${onEdit}`
    await draft(id, { schedule: { publishAt: { delay: 1 }, onEdit } })
    const patched = await t.client.call('PATCH', `/v1/content/story/${id}`, { data: { body: 'more' } }, ANY)
    expect(patched.body.draftRevision).toBe(2)
    if (onEdit === 'cancel') {
      expect(await item(id)).toMatchObject({ status: 'draft', schedule: null })
      return
    }
    const live = await withStatus(id, 'published')
    expect(live.liveRevision).toBe(onEdit === 'pin' ? 1 : 2)
  },
)

test('several actions of one item happen in their order', async () => {
  await draft('many')
  const actions = [
    { action: 'publish', at: { delay: 0.3 }, revision: 1 },
    { action: 'unpublish', at: { delay: 0.9 } },
    { action: 'archive', at: { delay: 1.5 } },
  ]
  expect((await schedule('many', { actions })).status).toBe(200)
  await withStatus('many', 'archived')
  expect((await eventsOf('story:many')).map(({ type }) => type).slice(2)).toEqual([
    'content.published',
    'content.unpublished',
    'content.archived',
  ])
})

test.each(['publish', 'unpublish', 'archive'] as const)(
  '%s by hand leaves nothing pending',
  async (action) => {
    const id = `hand-${action}`
    await draft(id, { schedule: { publishAt: FAR, unpublishAt: { delay: '60d' } } })
    const reply = await t.client.call('POST', `/v1/content/story/${id}/${action}`, {}, ANY)
    expect(reply.status, reply.text).toBe(200)
    expect(reply.body.schedule).toBeNull()
    const states = (await publications(`id=${id}`)).map((p: { state: string }) => p.state)
    expect(states).toEqual(['superseded', 'superseded'])
  },
)

test('what is deleted leaves nothing pending', async () => {
  await draft('deleted', { schedule: { publishAt: FAR } })
  const reply = await t.client.call('DELETE', '/v1/content/story/deleted', undefined, ANY)
  expect(reply.status).toBe(204)
  expect(await publications('id=deleted')).toMatchObject([{ state: 'canceled', reason: 'deleted' }])
})

test('the list takes its filters, and refuses others', async () => {
  await draft('filter', { schedule: { publishAt: '2035-01-01T00:00:00Z' } })
  const found = await publications(
    'dueFrom=2035-01-01T00:00:00Z&dueTo=2035-01-01T00:00:01Z&type=story&state=scheduled',
  )
  expect(found).toMatchObject([{ resourceId: 'filter', dueAt: '2035-01-01T00:00:00.000Z' }])
  expect(await publications('dueFrom=2035-01-01T00:00:01Z')).toEqual([])
  expect((await t.client.call('GET', '/v1/publications?state=running')).status).toBe(400)
  expect((await t.client.call('GET', '/v1/publications?releaseId=x')).body.items).toEqual([])
  expect((await t.client.call('GET', '/v1/publications/x')).status).toBe(404)
})

test('the queue is one whatever the type, and pausing it holds back what falls due', async () => {
  const paused = await t.client.call('POST', '/v1/queues/publishing/pause')
  expect([paused.status, paused.body.state]).toEqual([200, 'paused'])
  await draft('paused', { schedule: { publishAt: SOON } })
  const { rows } = await eventually('its time has passed', async () => {
    const found = await t.database.query(
      `select 1 from yeyak.publications where resource_id = 'paused' and due_at < now() - interval '300 milliseconds'`,
    )
    return found.length > 0 && { rows: found }
  })
  expect(rows).toHaveLength(1)
  expect(await item('paused')).toMatchObject({ status: 'scheduled' })
  const resumed = await t.client.call('POST', '/v1/queues/publishing/resume')
  expect(resumed.body.state).toBe('active')
  await withStatus('paused', 'published')
})
