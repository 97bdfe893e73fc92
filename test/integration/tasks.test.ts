import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defineTask, TaskFailure } from '../../src/index.ts'
import { YeyakError } from '../../src/platform/errors.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { openStream } from '../kit/event-stream.ts'
import type { Reply } from '../kit/client.ts'
import { expectProblem } from '../kit/http-server.ts'
import { createRuns, type Runs } from '../kit/runs.ts'

const FAR = `${new Date().getUTCFullYear() + 5}-01-01T00:00:00Z`

/** What handlers wait for, and what they were seen to do, by the id of the run. */
const gates = new Map<string, PromiseWithResolvers<unknown>>()
const gate = (name: string) => {
  const made = gates.get(name) ?? Promise.withResolvers<unknown>()
  gates.set(name, made)
  return made
}
const seen: { id: string; attempt: number; aborted: string | null }[] = []
const THROWN: Record<string, () => unknown> = {
  undefined: () => undefined,
  null: () => null,
  text: () => 'just a text',
  huge: () => new Error('x'.repeat(5_000_000)),
  circular() {
    const error: Error & { self?: unknown } = new Error('round and round')
    error.self = error
    return error
  },
  secret: () =>
    Object.assign(new Error('the provider said no'), { headers: { authorization: 'Bearer s3cr3t' } }),
  getter: () =>
    Object.defineProperty({}, 'message', {
      get() {
        throw new Error('not even this')
      },
    }),
  object: () => ({ token: 's3cr3t' }),
  rejected: () => new YeyakError('rejected', { detail: 'the address does not exist' }),
  nul: () => new Error('a\u0000b \ud800'),
}

const tasks = {
  report: defineTask({
    schema: {
      type: 'object',
      required: ['day'],
      properties: { day: { type: 'string', format: 'date' }, pages: { $ref: '#/$defs/pages' } },
      additionalProperties: false,
      $defs: { pages: { type: 'integer', minimum: 1 } },
    },
    handler: ({ data }) => ({ day: data.day, made: true }),
  }),
  typed: defineTask({ schema: Type.Object({ n: Type.Integer() }), handler: ({ data }) => data.n + 1 }),
  throws: defineTask({
    retry: { limit: 0 },
    handler({ data }) {
      throw THROWN[String(Object(data).what)]?.()
    },
  }),
  flaky: defineTask({
    retry: { limit: 2, delaySeconds: 0, backoff: 'fixed' },
    handler({ attempt, progress }) {
      progress(attempt * 30)
      if (attempt < 3) throw new TaskFailure('not yet', { code: 'not-yet', result: { attempt } })
      return { attempt }
    },
  }),
  waits: defineTask({
    async handler({ id, attempt, signal, data }) {
      const entry = { id, attempt, aborted: null as string | null }
      seen.push(entry)
      gate(`${id} begun`).resolve(null)
      const aborted = new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => {
          entry.aborted = String(signal.reason?.message)
          if (Object(data).deaf === true) resolve(null)
          else reject(signal.reason as Error)
        })
      })
      return Promise.race([gate(id).promise, ...(Object(data).deaf === true ? [] : [aborted])])
    },
  }),
  returns: defineTask({
    retry: { limit: 0 },
    handler({ data }) {
      const { what } = Object(data) as { what: string }
      if (what === 'large') return 'x'.repeat(300_000)
      if (what === 'circular') {
        const value: { self?: unknown } = {}
        value.self = value
        return value
      }
      if (what === 'bigint') return 1n
      if (what === 'deep') return JSON.parse('['.repeat(5_000) + ']'.repeat(5_000))
      if (what === 'odd') return { 'a\u0000': 'b\u0000\ud800', at: new Date(0), gone: undefined }
      return undefined
    },
  }),
}

const refused = (reply: Reply, code: Parameters<typeof expectProblem>[1]) =>
  expectProblem({ ...reply, json: reply.body }, code)

let t: TestApp
let runs: Runs
beforeAll(async () => {
  t = await startTestApp({ tasks })
  runs = createRuns(t.client)
})
afterAll(async () => {
  await t.end()
})

test('a task runs at its time, and its result, attempt and lateness are kept', async () => {
  const reply = await t.client.call('POST', '/v1/tasks/report', { data: { day: '2026-12-01' }, tags: ['a'] })
  expect(reply.status).toBe(201)
  expect(reply.headers.get('location')).toBe(`/v1/runs/${reply.body.id}`)
  expect(reply.body).toMatchObject({ task: 'report', data: { day: '2026-12-01' }, runAt: null, progress: 0 })
  const run = await runs.inState(reply.body.id, 'succeeded')
  expect(run).toMatchObject({
    ...{ progress: 100, result: { day: '2026-12-01', made: true }, attemptCount: 1, reason: null },
    attempts: [{ number: 1, outcome: 'succeeded', error: null }],
  })
  expect(run.lateMs).toBeGreaterThanOrEqual(0)
  const { body } = await t.client.call('GET', `/v1/runs/${run.id}/timeline`)
  expect(body.items.map(({ type }: { type: string }) => type)).toEqual(
    expect.arrayContaining(['created', 'due', 'queued', 'attempt_started', 'attempt_succeeded']),
  )
  const events = await t.client.call('GET', `/v1/events?subject=run:${run.id}`)
  expect(events.body.items.map(({ type }: { type: string }) => type)).toEqual([
    'run.created',
    'run.succeeded',
  ])
})

test('data that the schema refuses is refused when it is scheduled, with its paths below data', async () => {
  const reply = await t.client.call('POST', '/v1/tasks/report', { data: { day: 'tomorrow', pages: 0, x: 1 } })
  refused(reply, 'invalid-request')
  expect(reply.body.errors.map(({ path }: { path: string }) => path).toSorted()).toEqual([
    ...['data.day', 'data.pages', 'data.x'],
  ])
  const missing = await t.client.call('POST', '/v1/tasks/report', {})
  expect(missing.body.errors).toMatchObject([{ path: 'data.day' }])
  refused(await t.client.call('POST', '/v1/tasks/typed', { data: { n: 'x' } }), 'invalid-request')
})

test('a task that is not there is 404 with what was meant', async () => {
  const reply = await t.client.call('POST', '/v1/tasks/raport', { data: {} })
  refused(reply, 'unknown-task')
  expect(reply.body.detail).toBe('Unknown task: raport')
  expect(reply.body.errors[0].suggestion).toBe('report')
  refused(await t.client.call('GET', '/v1/tasks/nope'), 'unknown-task')
})

test('tasks are listed with their schemas, page by page', async () => {
  const first = await t.client.call('GET', '/v1/tasks?limit=4')
  const second = await t.client.call('GET', `/v1/tasks?limit=4&cursor=${first.body.nextCursor}`)
  const names = [...first.body.items, ...second.body.items].map(({ name }: { name: string }) => name)
  expect(names).toEqual(['image-resize', ...Object.keys(tasks)].toSorted())
  expect(second.body.nextCursor).toBeNull()
  const one = await t.client.call('GET', '/v1/tasks/typed')
  expect(one.body).toMatchObject({
    name: 'typed',
    timeoutSeconds: 60,
    schema: { required: ['n'] },
    thread: false,
  })
})

test('a run is tried again as its task says, keeps what a failure left, and tells how far it is', async () => {
  const id = await runs.start('flaky')
  const run = await runs.inState(id, 'succeeded')
  expect(run.attempts.map((a: { outcome: string }) => a.outcome)).toEqual(['failed', 'failed', 'succeeded'])
  expect(run.attempts[0].error).toEqual({ code: 'not-yet', message: 'not yet' })
  expect(run.result).toEqual({ attempt: 3 })
  const events = await t.client.call('GET', `/v1/events?subject=run:${id}&type=run.progress`)
  const percents = events.body.items.map((e: { data: { percent: number } }) => e.data.percent)
  expect(percents.at(-1)).toBe(90)
})

test.each([
  ['undefined', 'the handler threw undefined'],
  ['null', 'the handler threw null'],
  ['text', 'just a text'],
  ['huge', `${'x'.repeat(1_999)}…`],
  ['circular', 'round and round'],
  ['secret', 'the provider said no'],
  ['getter', 'the handler threw a value of type object, which has no message'],
  ['object', 'the handler threw a value of type object, which has no message'],
  ['nul', 'ab \ufffd'],
])('a handler that throws %s fails alone, with its message and nothing else', async (what, message) => {
  const run = await runs.inState(await runs.start('throws', { data: { what } }), 'failed')
  expect(run.reason).toBe('retries_exhausted')
  expect(run.attempts).toMatchObject([{ outcome: 'failed', error: { code: 'handler-error', message } }])
  expect(JSON.stringify([run, t.records])).not.toContain('s3cr3t')
})

test('a handler that rejects for good is not run again', async () => {
  const run = await runs.inState(
    await runs.start('throws', { data: { what: 'rejected' }, retry: { limit: 5 } }),
    'failed',
  )
  expect(run).toMatchObject({ reason: 'rejected', attemptCount: 1 })
  expect(run.attempts[0].error).toEqual({ code: 'rejected', message: 'the address does not exist' })
  const dead = await t.client.call('GET', '/v1/dead-letters?kind=run&queue=throws')
  expect(dead.body.items.find((item: { id: string }) => item.id === run.id)).toMatchObject({
    ...{ kind: 'run', queue: 'throws', reason: 'rejected', error: { code: 'rejected' } },
  })
})

test.each([
  ['large', 'result-too-large'],
  ['circular', 'result-not-json'],
  ['bigint', 'result-not-json'],
  ['deep', 'result-not-json'],
])('a result that cannot be kept is said so: %s', async (what, code) => {
  const run = await runs.inState(await runs.start('returns', { data: { what } }), 'failed')
  expect(run).toMatchObject({ reason: 'rejected', attempts: [{ error: { code } }] })
})

test('a result is kept as JSON, without what PostgreSQL cannot store', async () => {
  const odd = await runs.inState(await runs.start('returns', { data: { what: 'odd' } }), 'succeeded')
  expect(odd.result).toEqual({ a: 'b\ufffd', at: '1970-01-01T00:00:00.000Z' })
  const none = await runs.inState(await runs.start('returns', { data: { what: 'none' } }), 'succeeded')
  expect(none.result).toBeNull()
})

test('what waits is canceled, and never runs; what is over says so', async () => {
  const id = await runs.start('waits', { runAt: FAR })
  const canceled = await runs.act(id, 'cancel')
  expect(canceled.status).toBe(200)
  expect(canceled.body).toEqual({ outcome: 'canceled', state: 'canceled' })
  expect((await runs.act(id, 'cancel')).status).toBe(200)
  refused(await runs.act(id, 'send-now'), 'already-final')
  expect(seen.filter((entry) => entry.id === id)).toEqual([])
  const done = await runs.start('typed', { data: { n: 1 } })
  await runs.inState(done, 'succeeded')
  const reply = await runs.act(done, 'cancel')
  refused(reply, 'already-final')
  expect(reply.body).toMatchObject({ outcome: 'already_final', state: 'succeeded' })
})

test('what runs is told to stop by its signal, and is canceled', async () => {
  const id = await runs.start('waits')
  await gate(`${id} begun`).promise
  const reply = await runs.act(id, 'cancel')
  expect(reply.status).toBe(202)
  expect(reply.body).toEqual({ outcome: 'canceling', state: 'running' })
  const run = await runs.inState(id, 'canceled', 1_500)
  expect(run).toMatchObject({ reason: 'request', attemptCount: 1 })
  expect(seen.find((entry) => entry.id === id)?.aborted).toBe('canceled')
})

test('a handler that ignores its signal is left behind: the run is final within three seconds', async () => {
  const id = await runs.start('waits', { data: { deaf: true } })
  await gate(`${id} begun`).promise
  await runs.act(id, 'cancel')
  const run = await runs.inState(id, 'canceled', 3_000)
  expect(run.attempts).toMatchObject([{ outcome: 'unknown', error: { code: 'canceled' } }])
  gate(id).resolve('too late')
})

test('a run that ends by itself after the cancel is what it ended as', async () => {
  const id = await runs.start('waits', { data: { deaf: true } })
  await gate(`${id} begun`).promise
  expect((await runs.act(id, 'cancel')).status).toBe(202)
  gate(id).resolve('done')
  expect(await runs.inState(id, ['canceled', 'succeeded'])).toMatchObject({
    state: 'succeeded',
    result: 'done',
  })
})

test('an attempt that takes too long is cut off, told so by its signal, and tried again', async () => {
  const id = await runs.start('waits', { timeoutSeconds: 1, retry: { limit: 0 } })
  const run = await runs.inState(id, 'failed', 5_000)
  expect(run.attempts).toMatchObject([{ outcome: 'unknown', error: { code: 'timeout' } }])
  expect(seen.find((entry) => entry.id === id)?.aborted).toBe('timeout')
})

test('one dedupe key, one pending run of a task', async () => {
  const first = await runs.start('waits', { dedupeKey: 'k', runAt: FAR })
  const again = await t.client.call('POST', '/v1/tasks/waits', { dedupeKey: 'k', runAt: FAR })
  expect(again.status).toBe(200)
  expect(again.body).toMatchObject({ id: first, deduplicated: true })
  // Of another task it is another key.
  const other = await t.client.call('POST', '/v1/tasks/returns', { dedupeKey: 'k', runAt: FAR })
  expect(other.status).toBe(201)
  const rejected = await t.client.call('POST', '/v1/tasks/waits', { dedupeKey: 'k', onDuplicate: 'reject' })
  refused(rejected, 'duplicate')
  expect(rejected.body.existingId).toBe(first)
  const replaced = await t.client.call('POST', '/v1/tasks/waits', {
    ...{ dedupeKey: 'k', onDuplicate: 'replace', data: { deaf: true }, runAt: { delay: '9d' } },
  })
  expect(replaced.body).toMatchObject({ id: first, data: { deaf: true }, version: 2 })
  await runs.act(first, 'cancel')
})

test('an idempotency key makes one run, whatever the number of requests', async () => {
  const send = (body: object) => t.client.call('POST', '/v1/tasks/typed', body, { 'idempotency-key': 'once' })
  const replies = await Promise.all(Array.from({ length: 8 }, () => send({ data: { n: 1 }, runAt: FAR })))
  expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
  expect(replies.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
  refused(await send({ data: { n: 2 } }), 'idempotency-key-reused')
})

test('retry runs again what has failed; send-now does not wait', async () => {
  const id = await runs.start('throws', { data: { what: 'text' } })
  await runs.inState(id, 'failed')
  const retried = await runs.act(id, 'retry', { runAt: FAR })
  expect(retried.body).toMatchObject({ state: 'scheduled', reason: null })
  refused(await runs.act(id, 'retry'), 'not-final')
  await runs.act(id, 'send-now')
  const run = await runs.inState(id, 'failed')
  expect(run.attempts.map((a: { number: number }) => a.number)).toEqual([1, 2])
  expect((await runs.act(id, 'cancel')).status).toBe(409)
})

test('runs are listed by task, state, tag and group, and changed in bulk', async () => {
  for (let i = 0; i < 3; i += 1)
    await runs.start('waits', { groupKey: 'g', tags: ['t', `t${i}`], runAt: FAR })
  const list = async (query: string) => (await t.client.call('GET', `/v1/runs?${query}`)).body.items
  expect(await list('groupKey=g')).toHaveLength(3)
  expect(await list('task=waits&state=scheduled&tag=t&tag=t1')).toHaveLength(1)
  expect(await list('task=report&groupKey=g')).toEqual([])
  const first = await t.client.call('GET', '/v1/runs?groupKey=g&limit=2')
  const rest = await t.client.call('GET', `/v1/runs?groupKey=g&limit=2&cursor=${first.body.nextCursor}`)
  expect(rest.body.items).toHaveLength(1)
  expect(first.body.items[0]).not.toHaveProperty('attempts')
  const dry = await t.client.call('POST', '/v1/runs/cancel', { filter: { groupKey: 'g' }, dryRun: true })
  expect(dry.body).toMatchObject({ matched: 3, more: false })
  const canceled = await t.client.call('POST', '/v1/runs/cancel', { filter: { groupKey: 'g' } })
  expect(canceled.body).toEqual({ matched: 3, changed: 3, tooLate: 0 })
  const retried = await t.client.call('POST', '/v1/runs/retry', { filter: { groupKey: 'g' }, runAt: FAR })
  expect(retried.body).toMatchObject({ changed: 3 })
  const resolved = await t.client.call('POST', '/v1/runs/resolve', {
    filter: { groupKey: 'g' },
    outcome: 'failed',
  })
  expect(resolved.body).toMatchObject({ changed: 3 })
  expect((await list('groupKey=g&state=failed')).map((run: { reason: string }) => run.reason)).toEqual([
    ...['operator', 'operator', 'operator'],
  ])
  refused(await t.client.call('GET', '/v1/runs?state=sending'), 'invalid-parameter')
})

test('a bulk change that is undone leaves the runs as they were', async () => {
  for (let i = 0; i < 2; i += 1) await runs.start('waits', { groupKey: 'undo', runAt: FAR })
  const reply = await t.client.call('POST', '/v1/runs/cancel', {
    filter: { groupKey: 'undo' },
    ratePerSecond: 1000,
  })
  expect(reply.status).toBe(202)
  const done = async () =>
    (await t.client.call('GET', `/v1/operations/${reply.body.id}`)).body.state === 'done'
  await expect.poll(done, { timeout: 10_000 }).toBe(true)
  await t.client.call('POST', `/v1/operations/${reply.body.id}/undo`)
  const states = async () =>
    (await t.client.call('GET', '/v1/runs?groupKey=undo')).body.items.map(
      (run: { state: string }) => run.state,
    )
  await expect.poll(states, { timeout: 10_000 }).toEqual(['scheduled', 'scheduled'])
})

test('progress is told on the stream', async () => {
  const stream = await openStream(t.app.url ?? '', '/v1/stream?type=run.*')
  const id = await runs.start('flaky')
  const event = await stream.next('run.progress')
  expect(event.data).toMatchObject({ type: 'run.progress', subject: { kind: 'run', id } })
  expect(event.data.data.percent).toBeGreaterThan(0)
  await stream.next('run.succeeded')
  stream.cut()
})

describe('a text that is looked for', () => {
  const found = async (query: Record<string, string>) => {
    const wanted = new URLSearchParams({ sort: 'createdAt', ...query }).toString()
    const list = await t.client.call('GET', `/v1/runs?${wanted}`)
    expect(list.status, list.text).toBe(200)
    return list.body as { items: { id: string; createdAt: string }[]; nextCursor: string | null }
  }
  const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id)

  test('is found in the name of the task and in the data, whatever the case, and narrowed by when it was made', async () => {
    const body = { runAt: FAR, tags: ['texts'] }
    const first = await runs.start('waits', { ...body, data: { note: '100%_sure, "ÄÖ"', n: 1 } })
    const second = await runs.start('waits', { ...body, data: { note: '100 percent', n: 2 } })
    const typed = await runs.start('typed', { ...body, data: { n: 1 } })
    const of = async (q: string) => idsOf(await found({ tag: 'texts', q }))
    expect(await of('100%_SURE')).toEqual([first])
    expect(await of('"äö"')).toEqual([first])
    expect(await of('"n":2,"NOTE":"100 PER')).toEqual([second])
    expect(await of('aits')).toEqual([first, second])
    expect(await of('"n": 1')).toEqual([first, typed])
    expect(await of('nowhere')).toEqual([])
    const [made] = (await found({ tag: 'texts', q: '"n": 2' })).items
    const { createdAt = '' } = made ?? {}
    const from = { tag: 'texts', createdFrom: createdAt }
    expect(idsOf(await found(from))).toEqual([second, typed])
    expect(idsOf(await found({ tag: 'texts', createdTo: createdAt }))).toEqual([first])
    refused(await t.client.call('GET', '/v1/runs?createdTo=today'), 'invalid-parameter')
    const canceled = await t.client.call('POST', '/v1/runs/cancel', { filter: { ...from, q: 'ercen' } })
    expect(canceled.body).toMatchObject({ matched: 1, changed: 1 })
    expect((await runs.get(second)).state).toBe('canceled')
    expect((await runs.get(first)).state).toBe('scheduled')
  })

  test('is looked for in so much data at a time, and a page that found none goes on behind it', async () => {
    const body = (note: string) => ({ runAt: FAR, groupKey: 'large', data: { note } })
    for (let i = 0; i < 9; i += 1) await runs.start('waits', body('x'.repeat(250_000)))
    const last = await runs.start('waits', body('the needle'))
    const query = { groupKey: 'large', q: 'NEEDLE' }
    const none = await found(query)
    expect(none.items).toEqual([])
    const { nextCursor } = none
    if (nextCursor === null) throw new Error('it ended before it had looked at all')
    const rest = await found({ ...query, cursor: nextCursor })
    expect([idsOf(rest), rest.nextCursor]).toEqual([[last], null])
  })
})

test('that a longer run has begun is told once for each attempt, before whatever ends it', async () => {
  const stream = await openStream(t.app.url ?? '', '/v1/stream?type=run.*')
  const id = await runs.start('waits', { retry: { limit: 1, delaySeconds: 0 } })
  const begun = async (number: number) => {
    const event = await stream.next('run.started', number)
    expect(event.data).toMatchObject({ subject: { kind: 'run', id }, data: { number } })
  }
  await begun(1)
  const next = Promise.withResolvers<unknown>()
  const before = gate(id)
  gates.set(id, next)
  before.reject(new Error('once more'))
  await begun(2)
  next.resolve('done')
  await stream.next('run.succeeded')
  stream.cut()
  const { items } = (await t.client.call('GET', `/v1/events?subject=run:${id}`)).body
  const types = items.map(({ type }: { type: string }) => type)
  expect(types).toEqual(['run.created', 'run.started', 'run.attempt', 'run.started', 'run.succeeded'])
})

test('a task is a queue: it can be paused, and what falls due stays scheduled', async () => {
  await t.client.call('POST', '/v1/queues/task:typed/pause')
  const id = await runs.start('typed', { data: { n: 1 } })
  expect((await runs.get(id)).state).toBe('scheduled')
  const queue = await t.client.call('GET', '/v1/queues/task:typed')
  expect(queue.body).toMatchObject({ name: 'typed', state: 'paused' })
  await t.client.call('POST', '/v1/queues/task:typed/resume')
  await runs.inState(id, 'succeeded')
})

test('a calendar, the upcoming view and the sums know of runs', async () => {
  const id = await runs.start('waits', { runAt: FAR })
  const from = encodeURIComponent(FAR)
  const to = encodeURIComponent(FAR.replace('01-01', '01-02'))
  const calendar = await t.client.call('GET', `/v1/calendar?from=${from}&to=${to}&kind=run`)
  expect(calendar.body.length).toBeGreaterThan(0)
  const rows = await t.database.query<{ kind: string; title: string }>(
    'select kind, title from yeyak.upcoming where id = $1',
    [id],
  )
  expect(rows).toEqual([{ kind: 'run', title: 'waits' }])
  await t.client.call('GET', '/v1/overview')
  const [sum] = await t.database.query<{ n: number }>(
    `select sum(delivered)::int as n from yeyak.rollups where lane = 'tasks.typed' and minutes = 60`,
  )
  expect(sum?.n).toBeGreaterThan(0)
})
