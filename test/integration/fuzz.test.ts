import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { type FuzzRequest, requestsTo } from '../kit/fuzz.ts'
import { readOperations } from '../kit/openapi-requests.ts'
import { eventually } from '../kit/poll.ts'
import { callWithin, expectSane } from '../kit/problems.ts'
import { startProcess, type YeyakProcess } from '../kit/process.ts'

/** `npm run fuzz` asks for more of them, and for a seed where one is to be repeated. */
const COUNT = Number(process.env['YEYAK_TEST_FUZZ'] ?? 2000)
const SEED = Number(process.env['YEYAK_TEST_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const AT_ONCE = 8
const SLICE = 500
const LIMIT_MS = 5000
/** A change of up to 1,000 at once, which waits for others of its kind 2 s a chunk. */
const BULK = /^POST \/v1\/notifications\/(cancel|retry|resolve)$/u
const BULK_LIMIT_MS = 20_000
/** With the heap of `npm start`: 160 MB, what is in the air, and the code. */
const MEMORY_MB = 450

let database: TestDatabase
let api: YeyakProcess
let base: string
beforeAll(async () => {
  database = await createTestDatabase()
  // No worker: what is accepted stays where it was put, and nothing goes out. Open to all, or a first key would end it.
  api = await startProcess({
    role: 'api',
    env: { DATABASE_URL: database.url, YEYAK_AUTH: 'off', YEYAK_SMTP_URL: 'smtp://127.0.0.1:9', YEYAK_SMTP_FROM: 'a@example.com', YEYAK_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') },
    nodeArgs: ['--max-old-space-size=160'],
  }) // prettier-ignore
  base = api.url ?? ''
})
afterAll(async () => {
  await api.end()
  await database.drop()
})

const memoryMb = () =>
  Number(/VmHWM:\s+(\d+)/u.exec(readFileSync(`/proc/${api.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** Which notifications an answer says that it has made, or met. */
const idsIn = (request: FuzzRequest, body: unknown, location: string | null): string[] => {
  if (location?.startsWith('/v1/notifications/') === true)
    return [location.slice('/v1/notifications/'.length)]
  if (request.operation !== 'POST /v1/notifications/batch') return []
  const { items } = body as { items: { id?: string }[] }
  return items.flatMap(({ id }) => id ?? [])
}

test(
  `${COUNT} requests made of the document and of naughty texts: no fault, no hang, and nothing half-written`,
  { timeout: 60_000 + COUNT * 60 },
  async () => {
    process.stdout.write(`fuzz: ${COUNT} requests, seed ${SEED}: YEYAK_TEST_FUZZ_SEED=${SEED} repeats them\n`)
    const client = createClient(base)
    const operations = await readOperations(client)
    const known = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        client.create({ message: `known ${i}`, sendAt: { delay: '1h' }, tags: ['t'] }),
      ),
    )
    const made = new Set(known)
    const statuses = new Map<number, number>()

    const run = async (request: FuzzRequest) => {
      const what = `seed ${SEED}: ${JSON.stringify({ ...request, body: typeof request.body === 'string' ? request.body.slice(0, 2000) : [...(request.body ?? [])] })}`
      const reply = await callWithin(
        base,
        request,
        BULK.test(request.operation) ? BULK_LIMIT_MS : LIMIT_MS,
      ).catch((error: unknown) => {
        throw new Error(what, { cause: error })
      })
      const [path = ''] = request.path.split('?')
      expectSane(reply, path, what)
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
      const location = reply.headers.get('location')
      if (reply.status < 300 && location !== null) known.push(location.split('/').at(-1) ?? '')
      if (reply.status < 300) for (const id of idsIn(request, reply.body, location)) made.add(id)
    }

    for (let done = 0; done < COUNT; done += SLICE) {
      const numRuns = Math.min(SLICE, COUNT - done)
      const queue = fc.sample(requestsTo(operations, known), { seed: SEED + done, numRuns })
      const work = async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) await run(next)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      expect(api.hasEnded).toBe(false)
      expect(memoryMb()).toBeLessThan(MEMORY_MB)
    }
    const shown = JSON.stringify(Object.fromEntries(statuses))
    process.stdout.write(`fuzz: answers by status ${shown}, most memory ${Math.round(memoryMb())} MB\n`)
    // As many were taken as were refused, about: otherwise this tries nothing but the validation.
    expect(
      [...statuses].filter(([status]) => status < 300).reduce((sum, [, n]) => sum + n, 0),
    ).toBeGreaterThan(COUNT / 20)

    const running = await database.query<{ id: string }>(
      'select id from yeyak.operations where finished_at is null',
    )
    for (const { id } of running) await client.call('POST', `/v1/operations/${id}/abort`)
    await eventually('the bulk operations to end', async () => {
      const left = await database.query('select id from yeyak.operations where finished_at is null')
      return left.length === 0
    })
    const rows = await database.query<{ id: string }>('select id::text from yeyak.notifications')
    expect(new Set(rows.map(({ id }) => id))).toEqual(made)
    for (const [what, query] of Object.entries(INVARIANTS))
      expect(await database.query(query), what).toEqual([])
    expect(api.records.filter(({ level }) => level >= 50)).toEqual([])
    expect(api.errors).toBe('')
  },
)

/** Each finds what must not be there. */
const INVARIANTS = {
  'what waits has its timer, of the same version and instant': `
    select n.id, n.state from yeyak.notifications n
    left join yeyak.timers t on t.subject_id = n.id and t.generation = n.generation and t.due_at = n.next_at and t.lane = n.lane
    where n.state in ('scheduled', 'retrying') and t.subject_id is null`,
  'nothing else has one': `
    select t.subject_id from yeyak.timers t left join yeyak.notifications n on n.id = t.subject_id
    where t.lane like 'notifications.%' and (n.id is null or n.state not in ('scheduled', 'retrying'))`,
  'what is final has ended, and nothing else has': `
    select id, state from yeyak.notifications
    where (state in ('delivered', 'failed', 'canceled', 'expired')) <> (finished_at is not null)`,
  'each was created once, and says so': `
    select n.id, count(e.id) from yeyak.notifications n
    left join yeyak.events e on e.subject_id = n.id::text and e.type = 'notification.created'
    group by n.id having count(e.id) <> 1`,
  'each change has its event': `
    select n.id, n.generation, count(e.id) from yeyak.notifications n
    join yeyak.events e on e.subject_id = n.id::text and e.kind = 'notification' and e.type <> 'notification.created'
    group by n.id having count(e.id) < n.generation - 1`,
  'one with a dedupe key is pending at most': `
    select project_id, dedupe_key from yeyak.notifications
    where state in ('scheduled', 'retrying', 'sending') and dedupe_key is not null
    group by 1, 2 having count(*) > 1`,
  'no header of a webhook is stored as it was given': `
    select id from yeyak.notifications, jsonb_each(content -> 'headers') h where jsonb_typeof(h.value) <> 'object'`,
} as const
