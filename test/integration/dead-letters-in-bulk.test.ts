import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { defineTask, TaskFailure } from '../../src/index.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns } from '../kit/runs.ts'
import { backendWith, hold } from '../kit/session.ts'
import { createEndpoint, ENDPOINT_ENV } from '../kit/webhook-endpoints.ts'

/** As content that may not go live has it. */
const CODE = 'invalid-request'
const SOON = { publishAt: { delay: 0.8 } }
const FAR = { delay: '30d' }

/** Stories, each of a release of its own. */
const RELEASED = ['spring', 'autumn']

let t: TestApp
const dead: Record<string, string[]> = { runs: [], publications: [], releases: [] }

const fails = defineTask({
  handler({ data }) {
    throw new TaskFailure('it is not valid', { code: String(Object(data).code), isFinal: true })
  },
})
/** As if the schema of its type had changed since. */
const rewrite = (id: string, data: object) =>
  t.database.query(
    `update yeyak.revisions set data = $2 where content_key = (select key from yeyak.content where id = $1)`,
    [id, JSON.stringify(data)],
  )
const call = async (method: string, path: string, body?: unknown) => {
  const reply = await t.client.call(method, path, body, { 'if-match': '*' })
  expect(reply.status, reply.text).toBeLessThan(300)
  return reply.body
}

beforeAll(async () => {
  t = await startTestApp({ tasks: { checks: fails, other: fails }, env: ENDPOINT_ENV })
  const runs = createRuns(t.client)
  const story = (id: string, schedule?: object) =>
    call('POST', '/v1/content/story', { id, data: { title: id }, schedule })
  for (const id of RELEASED) {
    await story(id)
    const release = await call('POST', '/v1/releases', { title: id, items: [{ type: 'story', id }] })
    await call('PUT', `/v1/releases/${release.id}/schedule`, SOON)
    dead['releases']?.push(release.id)
  }
  await story('one', SOON)
  await story('two', SOON)
  for (const id of [...RELEASED, 'one', 'two']) await rewrite(id, {})
  for (const [task, code] of Object.entries({ checks: [CODE, CODE, 'elsewhere'], other: [CODE] }).flatMap(
    ([name, codes]) => codes.map((one) => [name, one] as const),
  ))
    dead['runs']?.push(await runs.start(task, { data: { code } }))
  for (const id of dead['runs'] ?? []) await runs.inState(id, 'failed')
  dead['publications'] = await eventually('two publications and two releases have failed', async () => {
    const found: { kind: string; id: string }[] = (await call('GET', '/v1/dead-letters?queue=publishing'))
      .items
    return found.length === 4 && found.filter(({ kind }) => kind === 'publication').map(({ id }) => id)
  })
  await failSchedule()
  await failDeliveries()
})

/** Of a story that is gone: three runs of one cause, and one of another one. */
const failSchedule = async () => {
  await call('POST', '/v1/content/story', { id: 'gone', data: { title: 'gone' } })
  await call('PUT', '/v1/schedules/yearly', { cron: '@yearly', unpublish: { type: 'story', id: 'gone' } })
  await call('DELETE', '/v1/content/story/gone')
  for (let i = 0; i < 4; i += 1) await call('POST', '/v1/schedules/yearly/run-now')
  await t.database.query(
    `update yeyak.schedule_runs set error = '{"code":"elsewhere","message":""}' where id = (select max(id::text)::uuid from yeyak.schedule_runs)`,
  )
  dead['schedule-runs'] = await listed('schedule-runs', 'error=not-found')
  // What is tried again there waits.
  await call('POST', '/v1/queues/schedules/pause')
}

/** To a place that must not be called any more: two of one cause, and one of another one. */
const failDeliveries = async () => {
  const { id } = await createEndpoint(t.client, 'http://127.0.0.1:9/', ['person.*'])
  await t.database.query(`update yeyak.webhooks set url = 'http://127.0.0.2/'`)
  for (let i = 0; i < 3; i += 1) await call('POST', `/v1/webhooks/${id}/test`)
  const ids = await eventually('three deliveries have failed', async () => {
    const found = await listed('webhook-deliveries', 'state=failed')
    return found.length === 3 && found
  })
  await t.database.query(
    `update yeyak.attempts set error = error || '{"code":"elsewhere"}' where subject_id = $1`,
    [ids.pop()],
  )
  dead['webhook-deliveries'] = ids
  await call('POST', '/v1/queues/webhooks/pause')
}
afterAll(() => t.end())

const groups = async (query: string): Promise<string[]> =>
  (await call('GET', `/v1/dead-letters?${query}`)).groups.map(
    ({ key, kind, count }: { key: string; kind: string; count: number }) => `${count} ${kind}: ${key}`,
  )
const listed = async (subject: string, query: string): Promise<string[]> =>
  (await call('GET', `/v1/${subject}?${query}`)).items.map(({ id }: { id: string }) => id).toSorted()

test('one cause in two kinds is two groups, as each is repaired by its own call', async () => {
  expect((await groups('groupBy=error')).toSorted()).toEqual([
    '1 run: elsewhere',
    '1 schedule: elsewhere',
    '1 webhook: elsewhere',
    `2 publication: ${CODE}`,
    '2 release: invalid-release',
    '2 webhook: address-not-allowed',
    `3 run: ${CODE}`,
    '3 schedule: not-found',
  ])
  expect(await groups('groupBy=provider&kind=run,publication')).toEqual([
    '3 run: checks',
    '2 publication: publishing',
    '1 run: other',
  ])
})

test('a group of runs or of publications is a filter of lists and bulk calls, and finds just that', async () => {
  const [first = '', second = '', elsewhere = '', other = ''] = dead['runs'] ?? []
  expect(await listed('runs', `error=${CODE}`)).toEqual([first, second, other].toSorted())
  expect(await listed('runs', 'provider=checks')).toEqual([first, second, elsewhere].toSorted())
  expect(await listed('runs', `error=${CODE}&task=other`)).toEqual([other])
  expect(await listed('runs', 'error=nothing')).toEqual([])
  // Those of releases have failed with them, and are repaired with them.
  expect(await listed('publications', 'state=failed')).toHaveLength(4)
  expect(await listed('publications', `error=${CODE}`)).toEqual(dead['publications']?.toSorted())
  expect(await listed('publications', 'provider=publishing')).toEqual(dead['publications']?.toSorted())
  expect(await listed('publications', 'provider=checks')).toEqual([])
  for (const [subject, provider] of [
    ['runs', 'checks'],
    ['publications', 'publishing'],
  ] as const) {
    const filter = { error: CODE, provider }
    const dry = await call('POST', `/v1/${subject}/retry`, { filter, dryRun: true })
    expect([dry.matched, dry.sample.length]).toEqual([2, 2])
  }
})

test('a sample is found behind however many failures of other causes', async () => {
  await t.database.query(`
    insert into yeyak.runs (id, project_id, task, lane, data, state, reason, trouble, failed_at, due_at, next_at,
      finished_at, retry_limit, retry_delay_seconds, retry_backoff, retry_max_delay_seconds, timeout_seconds)
    select gen_random_uuid(), 1, 'many', 'tasks.many', '{}', 'failed', 'rejected', 2, at, at, at, at, 3, 60, 'fixed', 60, 60
    from generate_series(1, 11000) i, lateral (select now() - interval '1 day' - i * interval '1 s' as at) times`)
  const filter = { error: CODE }
  const dry = await call('POST', '/v1/runs/retry', { filter, dryRun: true })
  expect([dry.matched, dry.sample.length]).toEqual([3, 3])
  let { items, nextCursor } = await call('GET', `/v1/runs?error=${CODE}`)
  expect(items).toEqual([])
  while (nextCursor !== null && items.length === 0)
    ({ items, nextCursor } = await call('GET', `/v1/runs?error=${CODE}&cursor=${nextCursor}`))
  expect(items).toHaveLength(3)
  await t.database.query(`delete from yeyak.runs where task = 'many'`)
})

test('a list of what few fit ends after a bounded look, and goes on from there; a sample is looked for to the end', async () => {
  const OTHERS = 21_000
  const times = `generate_series(1, ${OTHERS}) i, lateral (select now() + i * interval '1 s' as at) times`
  await t.database.query(`
    insert into yeyak.webhook_deliveries (project_id, webhook_id, event_id, type, event_at, event, lane, state, due_at, next_at,
      finished_at)
    select 1, gen_random_uuid(), i, 'many', at, '{}', 'webhooks', 'delivered', at, at, at from ${times}`)
  await t.database.query(`
    insert into yeyak.schedule_runs (id, project_id, schedule_id, name, occurrence_at, due_at, cause, state, finished_at)
    select gen_random_uuid(), 1, gen_random_uuid(), 'many', at, at, 'schedule', 'started', at from ${times}`)
  for (const [subject, query, filter] of [
    ['webhook-deliveries', 'type=webhook.test', { type: 'webhook.test' }],
    ['schedule-runs', 'scheduleId=yearly', { scheduleId: 'yearly' }],
  ] as const) {
    const expected = (await call('POST', `/v1/${subject}/retry`, { filter, dryRun: true })).sample
    const first = await call('GET', `/v1/${subject}?${query}&limit=2`)
    expect(first).toEqual({ items: [], nextCursor: expect.any(String) })
    const second = await call('GET', `/v1/${subject}?${query}&limit=2&cursor=${first.nextCursor}`)
    const third = await call('GET', `/v1/${subject}?${query}&limit=2&cursor=${second.nextCursor}`)
    expect(second.items).toHaveLength(2)
    expect([...second.items, ...third.items]).toEqual(expected)
    expect(third.nextCursor).toBeNull()
  }
  await t.database.query(`delete from yeyak.webhook_deliveries where type = 'many'`)
  await t.database.query(`delete from yeyak.schedule_runs where name = 'many'`)
})

/** With the time that a retry takes, if it takes one; those that take none wait in a queue that is paused. */
const KINDS = [
  {
    subject: 'runs',
    kind: 'run',
    code: CODE,
    many: 3,
    anew: 'attempt_no = attempt_no + 1',
    times: { runAt: FAR },
  },
  {
    subject: 'publications',
    kind: 'publication',
    code: CODE,
    many: 2,
    anew: 'error = null',
    times: { publishAt: FAR },
  },
  {
    ...{ subject: 'releases', kind: 'release', code: 'invalid-release', many: 2 },
    ...{ anew: 'error = null', times: { publishAt: FAR } },
  },
  { subject: 'schedule-runs', kind: 'schedule', code: 'not-found', many: 3, anew: 'error = null', times: {} },
  {
    ...{ subject: 'webhook-deliveries', kind: 'webhook', code: 'address-not-allowed', many: 2 },
    ...{ anew: 'attempt_no = attempt_no + 1', times: {} },
  },
] as const

test.each(KINDS)('all $subject of one cause are tried again and taken back, and no others', async (o) => {
  const ended = (id: string) =>
    eventually(`operation ${id} is done`, async () => {
      const operation = await call('GET', `/v1/operations/${id}`)
      return operation.state === 'done' && operation
    })
  const others = await listed(o.subject, 'state=failed')
  const mine = await listed(o.subject, `error=${o.code}`)
  const letters = await call('GET', `/v1/dead-letters?kind=${o.kind}&error=${o.code}`)
  const mended = { publications: ['one', 'two'], releases: RELEASED }
  for (const id of o.subject in mended ? mended[o.subject as keyof typeof mended] : [])
    await rewrite(id, { title: id })
  const body = { filter: { state: 'failed', error: o.code }, ...o.times, ratePerSecond: 1000 }
  const { id } = await call('POST', `/v1/${o.subject}/retry`, body)
  expect(await ended(id)).toMatchObject({ matched: o.many, changed: o.many, filter: body.filter })
  const now: { id: string; state: string }[] = (await call('GET', `/v1/${o.subject}?limit=200`)).items
  const waiting = now.filter((one) => ['scheduled', 'pending'].includes(one.state))
  expect(waiting.map((one) => one.id).toSorted()).toEqual(mine)
  expect(await listed(o.subject, 'state=failed')).toEqual(others.filter((one) => !mine.includes(one)))
  const undo = await call('POST', `/v1/operations/${id}/undo`)
  expect(await ended(undo.id)).toMatchObject({ changed: o.many })
  expect(await listed(o.subject, `error=${o.code}`)).toEqual(mine)
  const asBefore = ({ version: _version, ...letter }: { version: number }) => letter
  const after = await call('GET', `/v1/dead-letters?kind=${o.kind}&error=${o.code}`)
  expect(after.items.map(asBefore)).toEqual(letters.items.map(asBefore))
})

test.each(KINDS)(
  'of $subject with one cause, one that fails of another meanwhile is left alone',
  async (o) => {
    const [id = ''] = dead[o.subject] ?? []
    const table = o.subject.replace('-', '_')
    const row = `yeyak.${table}`
    const held = await hold(t.database, `select 1 from ${row} where id = $1 for update`, [id])
    onTestFinished(held.release)
    const answer = call('POST', `/v1/${o.subject}/retry`, { filter: { error: o.code }, ...o.times })
    await backendWith(t.database, 'yeyak', table, true)
    await held.run(`update ${row} set reason = 'retries_exhausted', ${o.anew} where id = $1`, [id])
    await held.run('commit')
    expect(await answer).toMatchObject({ matched: o.many, changed: o.many - 1, tooLate: 0 })
    expect(await groups(`groupBy=error&kind=${o.kind}`)).toContain(`1 ${o.kind}: retries_exhausted`)
  },
)

test('releases: what may not go live stays as it is; settled is called off, by hand or by filter', async () => {
  const [first = '', second = ''] = dead['releases'] ?? []
  const filter = { state: 'failed' }
  const fail = async (id: string) => {
    await call('POST', `/v1/releases/${id}/cancel`)
    const error = JSON.stringify({ code: 'invalid-release', message: '' })
    await t.database.query(`update yeyak.releases set state = 'failed', error = $2 where id = $1`, [
      id,
      error,
    ])
  }
  await fail(second)
  await rewrite('autumn', {})
  expect(await call('POST', '/v1/releases/retry', { filter, publishAt: FAR })).toEqual({
    ...{ matched: 2, changed: 1, tooLate: 0, refused: 1 },
    refusal: expect.objectContaining({ id: second, code: 'invalid-request' }),
  })
  expect(await call('GET', '/v1/content/story/spring')).toMatchObject({ status: 'scheduled' })
  expect(await call('GET', `/v1/releases/${second}`)).toMatchObject({ state: 'failed' })
  const waits = await t.client.call('POST', `/v1/releases/${first}/resolve`, {}, { 'if-match': '*' })
  expect([waits.status, waits.body.code]).toEqual([409, 'not-final'])
  expect(await call('POST', `/v1/releases/${second}/resolve`, { note: 'by fax' })).toMatchObject({
    ...{ state: 'canceled', reason: 'operator', error: { code: 'invalid-release' } },
  })
  await fail(first)
  const operation = await call('POST', '/v1/releases/resolve', { filter, ratePerSecond: 100 })
  await eventually('it is settled', async () => (await listed('releases', 'state=failed')).length === 0)
  expect(await groups('groupBy=error&kind=release')).toEqual([])
  await eventually('the operation has ended', async () => {
    const { state } = await call('GET', `/v1/operations/${operation.id}`)
    return state === 'done'
  })
  await call('POST', `/v1/operations/${operation.id}/undo`)
  await eventually(
    'it has failed again',
    async () => String(await listed('releases', 'state=failed')) === first,
  )
  expect(await call('GET', '/v1/content/story/spring')).toMatchObject({ status: 'draft', schedule: null })
})

test('a run of a schedule is settled by hand, alone or with all of its kind, and is no dead letter any more', async () => {
  const letters = async (): Promise<string[]> =>
    (await call('GET', '/v1/dead-letters?kind=schedule')).items.map(({ id }: { id: string }) => id)
  const [first = ''] = await letters()
  const settled = await call('POST', `/v1/schedules/yearly/runs/${first}/resolve`, { note: 'by hand' })
  expect(settled).toMatchObject({ state: 'canceled', reason: 'operator', nextAttemptAt: null })
  const others = (await letters()).length
  const filter = { scheduleId: 'yearly', state: 'failed' }
  expect(await call('POST', '/v1/schedule-runs/resolve', { filter, note: 'all' })).toEqual({
    ...{ matched: others, changed: others, tooLate: 0 },
  })
  expect(await letters()).toEqual([])
  const again = await t.client.call('POST', `/v1/schedules/yearly/runs/${first}/resolve`, {})
  expect([again.status, again.body.code]).toEqual([409, 'already-final'])
  const told = await call('GET', '/v1/events?subject=yearly&type=schedule.settled')
  expect(told.items.map(({ data }: { data: object }) => data)).toEqual([
    expect.objectContaining({ runId: first, cause: 'manual', note: 'by hand' }),
    ...Array.from({ length: others }, () => expect.objectContaining({ note: 'all' })),
  ])
})
