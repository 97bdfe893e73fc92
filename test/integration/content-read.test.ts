import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { expectProblem } from '../kit/http-server.ts'
import { seedStories } from '../kit/stories.ts'

// No worker: what is due stays pending, as when every worker is down.
let t: TestApp
beforeAll(async () => {
  const types = ['walk', 'cut', 'cached', 'cases', 'plan', 'random'].map((name) => ({
    name,
    schema: { type: 'object' },
  }))
  t = await startTestApp({ roles: { api: true, worker: false }, contentTypes: types })
})
afterAll(() => t.end())

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  t.client.call(method, `/v1/content/${path}`, body, headers)
const ANY = { 'if-match': '*' }
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const draft = async (type: string, body: object) => {
  const reply = await call('POST', type, { data: { title: 'v1' }, ...body })
  if (reply.status !== 201) throw new Error(`${reply.status} ${reply.text}`)
  return reply.body
}
const refused = (reply: Awaited<ReturnType<typeof call>>, code: Parameters<typeof expectProblem>[1]) => {
  expectProblem({ ...reply, json: reply.body }, code)
  return reply.body
}

test('the draft is one view, what readers see another', async () => {
  const { id } = await draft('story', { id: 'views' })
  const live = () => call('GET', `story/${id}?view=live`)
  expect(refused(await live(), 'not-found')).toBeDefined()
  expect((await live()).headers.get('cache-control')).toBe('no-store')
  await call('POST', `story/${id}/publish`, undefined, ANY)
  await call('PATCH', `story/${id}`, { data: { title: 'v2' } }, ANY)
  expect((await live()).body).toMatchObject({ liveRevision: 1, draftRevision: 2, data: { title: 'v1' } })
  for (const view of ['', '?view=draft'])
    expect((await call('GET', `story/${id}${view}`)).body).toMatchObject({ data: { title: 'v2' } })
  expect((await call('GET', `story?view=live`)).body.items).toMatchObject([{ id, data: { title: 'v1' } }])
  refused(await call('GET', `story/${id}?view=all`), 'invalid-parameter')
})

test('asOf tells what readers will see at any instant to come, in lists as for one', async () => {
  const at = [1, 2, 3, 4].map(inHours)
  const actions = [
    { action: 'publish', at: at[0] },
    { action: 'unpublish', at: at[1] },
    { action: 'publish', at: at[2], revision: 1 },
    { action: 'archive', at: at[3] },
  ]
  await draft('cases', { id: 'turns' })
  await call('PATCH', 'cases/turns', { data: { title: 'v2' } }, ANY)
  expect((await call('PUT', 'cases/turns/schedule', { actions }, ANY)).status).toBe(200)
  await call('PATCH', 'cases/turns', { data: { title: 'v3' } }, ANY)
  const seen = async (hours: number) => {
    const query = `asOf=${inHours(hours)}`
    const one = await call('GET', `cases/turns?${query}`)
    const { items } = (await call('GET', `cases?${query}`)).body
    expect(items.filter(({ id }: { id: string }) => id === 'turns')).toEqual(
      one.status === 404 ? [] : [one.body],
    )
    return one.body
  }
  expect(await seen(0.5)).toMatchObject({ code: 'not-found' })
  expect(await seen(1.5)).toMatchObject({
    ...{ status: 'published', liveRevision: 2, draftRevision: 3, publishedAt: at[0], data: { title: 'v2' } },
    schedule: { publications: [{ action: 'unpublish' }, { action: 'publish' }, { action: 'archive' }] },
  })
  expect(await seen(2.5)).toMatchObject({ code: 'not-found' })
  expect(await seen(3.5)).toMatchObject({ liveRevision: 1, publishedAt: at[2], data: { title: 'v1' } })
  expect(await seen(9)).toMatchObject({ code: 'not-found' })
})

test('asOf: what is live stays until its end is due, follows the draft where that was asked for, and leaves out what will be missed', async () => {
  await draft('cases', { id: 'ends' })
  await call('POST', 'cases/ends/publish', undefined, ANY)
  await call('PUT', 'cases/ends/schedule', { unpublishAt: inHours(2) }, ANY)
  await draft('cases', { id: 'follows', schedule: { publishAt: inHours(1), onEdit: 'follow' } })
  await call('PATCH', 'cases/follows', { data: { title: 'v2' } }, ANY)
  await seedStories(t.database, { type: 'cases', prefix: 'late', count: 1, inSeconds: -60 })
  await seedStories(t.database, {
    type: 'cases',
    prefix: 'missed',
    count: 1,
    inSeconds: -60,
    maxLateSeconds: 10,
  })
  const ids = async (query: string) =>
    (await call('GET', `cases?${query}`)).body.items.map(({ id }: { id: string }) => id)
  expect(await ids(`asOf=${inHours(0.1)}`)).toEqual(['ends', 'late_1'])
  expect(await ids(`asOf=${inHours(1.9)}`)).toEqual(['ends', 'follows', 'late_1', 'turns'])
  expect(await ids(`asOf=${inHours(2.1)}&sort=-id`)).toEqual(['late_1', 'follows'])
  expect((await call('GET', `cases/follows?asOf=${inHours(1.5)}`)).body.data).toEqual({ title: 'v2' })
  expect(await ids('view=live')).toEqual(['ends'])
})

test('asOf is of the future, and is no draft', async () => {
  refused(await call('GET', `cases?asOf=2020-01-01T00:00:00Z`), 'invalid-parameter')
  refused(await call('GET', `cases?asOf=tomorrow`), 'invalid-parameter')
  refused(await call('GET', `cases?asOf=${inHours(1)}&view=draft`), 'invalid-parameter')
  refused(await call('GET', `cases?asOf=${inHours(1)}&status=draft`), 'invalid-parameter')
  expect((await call('GET', `cases?asOf=${inHours(-0.01)}`)).status).toBe(200)
  expect((await call('GET', `cases?asOf=${encodeURIComponent('2033-01-01T00:00:00+09:00')}`)).status).toBe(
    200,
  )
})

test('yeyak.live gives applications what is due, on time, with every worker down', async () => {
  const rows = (at: string | null, project = 1) =>
    t.database.query<{ id: string; locale: string; revision: number; data: object; published_at: Date }>(
      `select * from yeyak.live('cases', coalesce($1::timestamptz, now()), $2) order by id`,
      [at, project],
    )
  const ids = async (at: string | null, project = 1) => (await rows(at, project)).map(({ id }) => id)
  // Due and not done; not so what was to be missed, nor what follows a draft that nobody has checked.
  expect(await ids(null)).toEqual(['ends', 'late_1'])
  expect(await ids(inHours(1.5))).toEqual(['ends', 'late_1', 'turns'])
  expect(await ids(inHours(2.1))).toEqual(['late_1'])
  expect(await ids(inHours(3.5))).toEqual(['late_1', 'turns'])
  expect(await ids(null, 2)).toEqual([])
  const [ends, late] = await rows(null)
  expect(ends).toMatchObject({ locale: '', revision: 1, data: { title: 'v1' } })
  expect(late?.published_at.getTime()).toBeLessThan(Date.now() - 50_000)
  expect(await t.database.query(`select count(*)::int as n from yeyak.live('cases')`)).toEqual([{ n: 2 }])
})

test('yeyak.live finds one item by its id without reading the others', async () => {
  await seedStories(t.database, { type: 'plan', prefix: 'p', count: 2_000, inSeconds: 3600 })
  await t.database.query('analyze')
  const rows = await t.database.query<Record<'QUERY PLAN', string>>(
    `explain (analyze, costs off, timing off, summary off) select data from yeyak.live('plan', now() + interval '2 h') where id = 'p_7'`,
  )
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).not.toMatch(/Seq Scan|Function Scan/u)
  expect(plan).not.toMatch(/rows=\d{3,}/u)
})

test('shared caches keep what readers see for a minute at most, and never beyond the next change', async () => {
  const control = async (path: string) => (await call('GET', path)).headers.get('cache-control')
  const secondsOf = async (path: string) => Number(/s-maxage=(\d+)$/u.exec(String(await control(path)))?.[1])
  await draft('cached', { id: 'a' })
  await call('POST', 'cached/a/publish', undefined, ANY)
  expect(await control('cached/a?view=live')).toBe('max-age=0, s-maxage=60')
  expect(await control('cached?view=live')).toBe('max-age=0, s-maxage=60')
  expect(await control('cached/a')).toBe('no-store')
  expect(await control(`cached/a?asOf=${inHours(1)}`)).toBe('no-store')
  await draft('cached', { id: 'b', schedule: { publishAt: { delay: 20 } } })
  expect(await control('cached/a?view=live')).toBe('max-age=0, s-maxage=60')
  const seconds = await secondsOf('cached?view=live')
  expect(seconds).toBeGreaterThan(10)
  expect(seconds).toBeLessThan(20)
  await seedStories(t.database, { type: 'cached', prefix: 'due', count: 1, inSeconds: -5 })
  expect(await secondsOf('cached?view=live')).toBe(0)
})

test('a list that has not changed is not sent again', async () => {
  const first = await call('GET', 'cached?view=live')
  const tag = { 'if-none-match': String(first.headers.get('etag')) }
  expect(tag['if-none-match']).toMatch(/^"[\w-]+"$/u)
  expect((await call('GET', 'cached?view=live', undefined, tag)).status).toBe(304)
  await call('PATCH', 'cached/a', { data: { title: 'x' } }, ANY)
  expect((await call('GET', 'cached?view=live', undefined, tag)).status).toBe(200)
})

test('a walk gives each item once, in every order, with changes on the way where no order is asked for', async () => {
  await Promise.all(
    Array.from({ length: 23 }, (_, i) =>
      draft('walk', {
        id: `w_${String(i).padStart(2, '0')}`,
        locale: i % 3 === 0 ? 'ko' : '',
        ...(i % 2 === 0 && { schedule: { publishAt: inHours(1 + (i % 5)) } }),
      }),
    ),
  )
  const walk = async (query: string, between?: (page: number) => Promise<unknown>) => {
    const seen: { id: string; updatedAt: string; schedule: { publications: { dueAt: string }[] } | null }[] =
      []
    let cursor: string | null = null
    for (let page = 0; page < 20; page += 1) {
      const { body } = await call('GET', `walk?limit=5&${query}${cursor === null ? '' : `&cursor=${cursor}`}`)
      seen.push(...body.items)
      cursor = body.nextCursor
      if (cursor === null) return seen
      await between?.(page)
    }
    throw new Error('a walk without an end')
  }
  const all = Array.from({ length: 23 }, (_, i) => `w_${String(i).padStart(2, '0')}`)
  for (const sort of ['id', '-id', 'updatedAt', '-updatedAt', 'dueAt', '-dueAt']) {
    const seen = await walk(`sort=${sort}`)
    expect(seen.map(({ id }) => id).toSorted()).toEqual(all)
    const keys = seen.map((item) =>
      sort.endsWith('id')
        ? item.id
        : sort.endsWith('dueAt')
          ? (item.schedule?.publications[0]?.dueAt ?? null)
          : item.updatedAt,
    )
    const known = keys.filter((key) => key !== null)
    // What has nothing pending comes last, whatever the direction.
    expect(keys.slice(0, known.length)).toEqual(known)
    expect(known).toEqual(sort.startsWith('-') ? known.toSorted().toReversed() : known.toSorted())
  }
  const edited = await walk('', (page) =>
    call('PATCH', `walk/w_${page}1`, { data: { title: `page ${page}` } }, ANY),
  )
  expect(edited.map(({ id }) => id)).toEqual(all)
  expect(await walk('locale=ko')).toHaveLength(8)
  expect(await walk('locale=ko,')).toHaveLength(23)
  expect(await walk('status=scheduled')).toHaveLength(12)
  expect(await walk('status=draft,published&sort=dueAt')).toHaveLength(11)
  expect(await walk(`asOf=${inHours(2.5)}&sort=-dueAt`)).toHaveLength(
    Array.from({ length: 23 }, (_, i) => i).filter((i) => i % 2 === 0 && i % 5 < 2).length,
  )
  const { nextCursor } = (await call('GET', 'walk?limit=5')).body
  refused(await call('GET', `walk?limit=5&sort=-id&cursor=${nextCursor}`), 'invalid-cursor')
  refused(await call('GET', 'walk?cursor=x'), 'invalid-cursor')
  refused(await call('GET', 'walk?sort=title'), 'invalid-parameter')
  refused(await call('GET', 'walk?status=live'), 'invalid-parameter')
})

test('a page of large items ends before it fills the memory, and the walk goes on', async () => {
  const title = 'x'.repeat(250_000)
  for (let i = 0; i < 60; i += 1) await draft('cut', { data: { title } })
  const first = (await call('GET', 'cut?limit=200')).body
  expect(first.items.length).toBeLessThan(60)
  const rest = (await call('GET', `cut?limit=200&cursor=${first.nextCursor}`)).body
  expect(first.items.length + rest.items.length).toBe(60)
  expect(rest.nextCursor).toBeNull()
})

test('lists, single reads and yeyak.live agree with what happens, one thing after the other, at any instant', async () => {
  const random = (below: number) => Math.floor(Math.random() * below)
  type Step = { action: 'publish' | 'unpublish' | 'archive'; hours: number }
  const plans = new Map<string, { live: boolean; steps: Step[] }>()
  for (let i = 0; i < 30; i += 1) {
    const id = `r_${i}`
    await draft('random', { id })
    const live = random(2) === 0
    if (live) await call('POST', `random/${id}/publish`, undefined, ANY)
    const hours = Array.from({ length: random(5) }, (_, n) => n * 10 + 1 + random(9))
    const steps = hours.map((at): Step => ({
      action: (['publish', 'unpublish', 'archive'] as const)[random(3)] ?? 'publish',
      hours: at,
    }))
    if (steps[0]?.action === 'unpublish' && !live) steps[0].action = 'publish'
    if (steps.length > 0) {
      const actions = steps.map((step) => ({ action: step.action, at: inHours(step.hours) }))
      const reply = await call('PUT', `random/${id}/schedule`, { actions }, ANY)
      expect(reply.status, reply.text).toBe(200)
      if (random(5) === 0) {
        await call('DELETE', `random/${id}/schedule`, undefined, ANY)
        steps.length = 0
      }
    }
    plans.set(id, { live, steps })
  }
  for (const hours of [0.5, ...Array.from({ length: 12 }, () => random(50) + 0.5), 60]) {
    const asOf = inHours(hours)
    const expected = [...plans].filter(([, { live, steps }]) => {
      const last = steps.findLast((step) => step.hours < hours)
      return last === undefined ? live : last.action === 'publish'
    })
    const ids = expected.map(([id]) => id).toSorted()
    const { items } = (await call('GET', `random?asOf=${asOf}&limit=200`)).body
    expect(items.map(({ id }: { id: string }) => id)).toEqual(ids)
    const rows = await t.database.query<{ id: string }>(`select id from yeyak.live('random', $1)`, [asOf])
    expect(rows.map(({ id }) => id).toSorted()).toEqual(ids)
    const some = [...plans.keys()][random(30)] ?? ''
    expect((await call('GET', `random/${some}?asOf=${asOf}`)).status).toBe(ids.includes(some) ? 200 : 404)
  }
})
