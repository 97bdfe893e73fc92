import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Context, createYeyak, type Model, type Yeyak, YeyakError } from '../../src/index.ts'
import { readDeclared } from '../../src/library/index.ts'
import { applicationPool } from '../kit/application-pool.ts'
import { startTestApp } from '../kit/app.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'

interface Schema {
  notes: { id: string; body: string; live: boolean; tries: number }
  writes: { id: string; what: string }
}
type Db = Kysely<Schema>
type Tx = Transaction<Schema>

let database: TestDatabase
const ends: (() => Promise<unknown>)[] = []

const newDb = (): Db => {
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: applicationPool(database.url, 6) }),
  })
  ends.push(() => db.destroy())
  return db
}

const PAGE = {
  table: 'pages',
  status: 'status',
  publishAt: 'at',
  publishedAt: 'at',
  cancelOnDelete: true,
} as const

/** Callbacks that write through the ORM's own transaction. */
const note: Model<Tx> = {
  async load({ tx, id }) {
    return tx.selectFrom('notes').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  },
  async validate({ tx, id }) {
    const { body } = await tx
      .selectFrom('notes')
      .select('body')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (body === 'bad') throw new YeyakError('rejected', { detail: 'the body is bad' })
  },
  async publish({ tx, id }: Context<Tx>) {
    await tx.insertInto('writes').values({ id, what: 'publish' }).execute()
    const { body } = await tx
      .selectFrom('notes')
      .select('body')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (body === 'flaky') throw new Error('not today')
    if (body === 'broken statement') await sql`select 1 / 0`.execute(tx)
    await tx.updateTable('notes').set({ live: true }).where('id', '=', id).execute()
  },
  async unpublish({ tx, id }) {
    await tx.insertInto('writes').values({ id, what: 'unpublish' }).execute()
    await tx.updateTable('notes').set({ live: false }).where('id', '=', id).execute()
  },
}

const models = { note, page: PAGE }
const newYeyak = () => {
  const yeyak = createYeyak({ client: newDb(), database: database.url, models })
  ends.unshift(() => yeyak.stop())
  return yeyak
}

let yeyak: ReturnType<typeof newYeyak>

beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(
    'create table public.notes (id text primary key, body text not null, live boolean not null default false)',
  )
  await database.query('create table public.writes (n serial, id text not null, what text not null)')
  await database.query(
    `create table public.pages (id integer primary key, status text not null default 'draft', at timestamptz)`,
  )
  yeyak = newYeyak()
  await yeyak.startWorker()
})

afterAll(async () => {
  for (const end of ends) await end()
  await database.drop()
})

let last = 0
const newNote = async (body: string): Promise<string> => {
  last += 1
  const id = `n${last}`
  await database.query(`insert into notes (id, body) values ('${id}', '${body}')`)
  return id
}
const newPage = async (): Promise<string> => {
  last += 1
  await database.query(`insert into pages (id) values (${last})`)
  return String(last)
}

interface Stored extends Record<string, unknown> {
  id: string
  state: string
}

const publications = (id: string) =>
  database.query<Stored>(
    `select id, action, state, reason, error ->> 'message' as error, attempt_no, failures,
       (select count(*)::int from yeyak.timers t where t.subject_id = p.id) as timers
     from yeyak.publications p where resource_id = '${id}' order by due_at`,
  )
const ended = (id: string) =>
  eventually(`the publications of ${id} ended`, async () => {
    const rows = await publications(id)
    return rows.length > 0 && rows.every(({ state }) => state !== 'scheduled') && rows
  })
const eventTypes = async (id: string) =>
  (
    await database.query<{ type: string }>(
      `select type from yeyak.events where subject_id like '%:${id}' order by id`,
    )
  ).map(({ type }) => type)
const writes = async (id: string) =>
  (await database.query<{ what: string }>(`select what from writes where id = '${id}' order by n`)).map(
    ({ what }) => what,
  )

const soon = (ms = 400) => new Date(Date.now() + ms)
const hours = (count: number) => new Date(Date.now() + count * 3_600_000)

/** As an outage leaves it: due in the past, with its timer. */
const makeOverdue = async (id: string): Promise<void> => {
  await database.query(
    `with p as (update yeyak.publications set due_at = due_at - interval '1 day', next_at = next_at - interval '1 day'
       where resource_id = '${id}' and state = 'scheduled' returning id, next_at)
     update yeyak.timers t set due_at = p.next_at from p where t.subject_id = p.id`,
  )
  await database.query(`select pg_notify('yeyak_timers', '0')`)
}

test('callbacks write in the transaction of their own client, with the event and the end of the job', async () => {
  const id = await newNote('good')
  await yeyak.publishing.schedule({ model: 'note', id, publishAt: soon(), unpublishAt: soon(700) })
  expect((await ended(id)).map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
  expect(await writes(id)).toEqual(['publish', 'unpublish'])
  expect(await database.query(`select live from notes where id = '${id}'`)).toEqual([{ live: false }])
  expect(await eventTypes(id)).toEqual(['content.scheduled', 'content.published', 'content.unpublished'])
  await eventually(
    'no job',
    async () =>
      (await database.query(`select 1 from yeyak_queue.job where name like 'publishing.note%'`)).length === 0,
  )
})

test('what a model rejects has failed for good, in its own words', async () => {
  const id = await newNote('bad')
  await yeyak.publishing.schedule({ model: 'note', id, publishAt: soon() })
  expect(await ended(id)).toMatchObject([
    { state: 'failed', reason: 'rejected', error: 'the body is bad', attempt_no: 1, timers: 0 },
  ])
  expect(await writes(id)).toEqual([])
  expect(await eventTypes(id)).toEqual(['content.scheduled', 'content.failed'])
})

test.each(['flaky', 'broken statement'])(
  'any other error (%s) takes everything back, and is tried again',
  async (body) => {
    const id = await newNote(body)
    await yeyak.publishing.schedule({ model: 'note', id, publishAt: soon() })
    const [row] = await eventually('a failure on record', async () => {
      const rows = await publications(id)
      return rows[0]?.['failures'] === 1 && rows
    })
    expect(row).toMatchObject({ state: 'scheduled', attempt_no: 1, timers: 1 })
    expect(await writes(id)).toEqual([])
    await database.query(`update notes set body = 'good' where id = '${id}'`)
    await makeOverdue(id)
    expect(await ended(id)).toMatchObject([{ state: 'succeeded', attempt_no: 2 }])
    expect(await writes(id)).toEqual(['publish'])
  },
)

test('a publish and its end that are both overdue: never live', async () => {
  const id = await newNote('good')
  await yeyak.publishing.schedule({ model: 'note', id, publishAt: hours(1), unpublishAt: hours(2) })
  const page = await newPage()
  await yeyak.publishing.schedule({ model: 'page', id: page, publishAt: hours(1), unpublishAt: hours(2) })
  await makeOverdue(id)
  await makeOverdue(page)
  expect((await ended(id)).map(({ state }) => state)).toEqual(['superseded', 'succeeded'])
  expect(await writes(id)).toEqual(['unpublish'])
  expect((await ended(page)).map(({ state }) => state)).toEqual(['superseded', 'succeeded'])
  expect(await database.query(`select status from pages where id = ${page}`)).toEqual([{ status: 'draft' }])
  expect(await eventTypes(page)).toEqual(['content.scheduled', 'content.unscheduled'])
})

test('where the last that is due is rejected, the one before it is in force', async () => {
  const id = await newNote('good')
  const [first] = await yeyak.publishing.schedule({
    model: 'note',
    id,
    publishAt: hours(1),
    unpublishAt: hours(2),
  })
  await database.query(`update yeyak.publications set action = 'publish' where resource_id = '${id}'`)
  await database.query(`update notes set body = 'bad' where id = '${id}'`)
  await makeOverdue(id)
  expect((await ended(id)).map(({ state }) => state)).toEqual(['failed', 'failed'])
  expect(first?.state).toBe('scheduled')
})

test('a row that was deleted meanwhile: canceled, and nothing happens', async () => {
  const id = await newNote('good')
  await yeyak.publishing.schedule({ model: 'note', id, publishAt: soon(200) })
  await database.query(`delete from notes where id = '${id}'`)
  expect(await ended(id)).toMatchObject([{ state: 'canceled', reason: 'deleted' }])
  expect(await eventTypes(id)).toEqual(['content.scheduled', 'content.unscheduled'])
})

test('a date that is written into a row schedules nothing', async () => {
  const id = await newPage()
  await database.query(`update pages set at = now() - interval '1 minute' where id = ${id}`)
  const other = await newPage()
  await yeyak.publishing.schedule({ model: 'page', id: other, publishAt: soon() })
  await ended(other)
  expect(await database.query(`select status from pages where id = ${id}`)).toEqual([{ status: 'draft' }])
  expect(await publications(id)).toEqual([])
})

test('with cancelOnDelete, plain SQL cancels what is pending for the rows it deletes, also with few rights', async () => {
  const id = await newPage()
  const other = await newPage()
  await yeyak.publishing.schedule({ model: 'page', id, publishAt: hours(1), unpublishAt: hours(2) })
  await yeyak.publishing.schedule({ model: 'page', id: other, publishAt: hours(1) })
  await database.query(`do $$ begin
    if not exists (select 1 from pg_roles where rolname = 'editor_of_pages') then create role editor_of_pages; end if; end $$`)
  await database.query('grant delete, select on pages to editor_of_pages')
  const session = await database.session()
  await session.query('set role editor_of_pages')
  await session.query(`delete from pages where id = ${id}`)
  await session.end()
  expect(await publications(id)).toMatchObject([
    { state: 'canceled', reason: 'deleted', timers: 0 },
    { state: 'canceled', reason: 'deleted', timers: 0 },
  ])
  expect(await publications(other)).toMatchObject([{ state: 'scheduled', timers: 1 }])
  expect(await eventTypes(id)).toEqual(['content.scheduled', 'content.unscheduled', 'content.unscheduled'])
  expect(await yeyak.publishing.cancel({ model: 'page', id })).toEqual({
    outcome: 'canceled',
    state: 'canceled',
  })
})

test('of many who schedule one row at once, the last one stands and nothing else', async () => {
  const id = await newPage()
  const noted = await newNote('good')
  await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      Promise.all([
        yeyak.publishing.schedule({ model: 'page', id, publishAt: hours(1 + (i % 3)) }),
        yeyak.publishing.schedule({ model: 'note', id: noted, publishAt: hours(1 + (i % 3)) }),
      ]),
    ),
  )
  for (const one of [id, noted]) {
    const states = (await publications(one)).map(({ state }) => state)
    expect(states.length).toBe(12)
    expect(states.filter((state) => state === 'scheduled').length).toBe(1)
    expect(
      await database.query(
        `select 1 from yeyak.timers t join yeyak.publications p on p.id = t.subject_id where resource_id = '${one}'`,
      ),
    ).toHaveLength(1)
  }
})

test('four workers and duplicate jobs: each row is published once', async () => {
  const workers = [newYeyak(), newYeyak(), newYeyak()]
  for (const worker of workers) await worker.startWorker()
  const ids = await Promise.all(Array.from({ length: 10 }, () => newNote('good')))
  const at = soon(500)
  for (const id of ids) await yeyak.publishing.schedule({ model: 'note', id, publishAt: at })
  await database.query(`insert into yeyak_queue.job (name, data)
    select p.lane, jsonb_build_object('s', p.id, 'g', p.generation, 'h', 0)
    from yeyak.publications p cross join generate_series(1, 10) where p.resource_id = any('{${ids.join(',')}}')`)
  for (const id of ids) expect(await ended(id)).toMatchObject([{ state: 'succeeded' }])
  await eventually(
    'no job',
    async () =>
      (await database.query(`select 1 from yeyak_queue.job where name like 'publishing.note%'`)).length === 0,
  )
  for (const id of ids) {
    expect(await writes(id)).toEqual(['publish'])
    expect(await eventTypes(id)).toEqual(['content.scheduled', 'content.published'])
  }
  for (const worker of workers) await worker.stop()
})

test('a worker without the model leaves its rows alone', async () => {
  const server = await startTestApp({ database, env: { YEYAK_POLL_SECONDS: '1' } })
  const own = createYeyak({
    client: newDb(),
    database: database.url,
    models: { story: { table: 'pages', status: 'status' } },
  }) as Yeyak<never, 'story'>
  const id = await newPage()
  const at = soon(500)
  await own.publishing.schedule({ model: 'story', id, publishAt: at })
  const built = await server.client.call('POST', '/v1/content/story', {
    id: `own-${id}`,
    data: { title: 'x' },
    schedule: { publishAt: { delay: 1 } },
  })
  expect(built).toMatchObject({ status: 201 })
  await eventually(
    'the item of the store is live',
    async () =>
      (await database.query(`select 1 from yeyak.content where id = 'own-${id}' and status = 'published'`))
        .length === 1,
  )
  expect(await publications(id)).toMatchObject([{ state: 'scheduled' }])
  await own.startWorker()
  expect(await ended(id)).toMatchObject([{ state: 'succeeded' }])
  await own.stop()
  await server.app.stop()
})

test('names that the database does not know are refused with what was meant, before work begins', async () => {
  const wrong = createYeyak({
    client: newDb(),
    database: database.url,
    models: {
      first: { table: 'pagse', status: 'status' },
      second: { table: 'pages', status: 'statsu', publishAt: 'id' },
    },
  })
  const faults = async (run: () => Promise<unknown>) =>
    run().then(
      () => [],
      (error: unknown) =>
        error instanceof YeyakError
          ? error.fieldErrors.map(({ path, suggestion }) => [path, suggestion])
          : error,
    )
  expect(await faults(() => wrong.startWorker())).toEqual([
    ['models.first.table', 'pages'],
    ['models.second.status', 'status'],
    ['models.second.publishAt', undefined],
  ])
  expect(
    await faults(() => wrong.publishing.schedule({ model: 'first', id: '1', publishAt: hours(1) })),
  ).toEqual([['models.first.table', 'pages']])
  await wrong.stop()
  expect(() => createYeyak({ models: { x: { tabel: 'pages' } as never } })).toThrow(YeyakError)
})

test('all that is due by an instant is done in its order', async () => {
  const id = await newNote('good')
  await yeyak.publishing.schedule({ model: 'note', id, publishAt: hours(1), unpublishAt: hours(2) })
  const later = await newNote('good')
  await yeyak.publishing.schedule({ model: 'note', id: later, publishAt: hours(5) })
  const { id: sent } = await yeyak.notifications.schedule({ message: 'Hello', sendAt: hours(1.5) })
  await yeyak.runDue({ until: hours(3) })
  expect((await publications(id)).map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
  expect(await writes(id)).toEqual(['publish', 'unpublish'])
  expect(await publications(later)).toMatchObject([{ state: 'scheduled' }])
  expect(await database.query(`select state from yeyak.notifications where id = '${sent}'`)).toEqual([
    { state: 'delivered' },
  ])
})

test('an application whose sessions have a zone and a style of dates of their own schedules and publishes as any other', async () => {
  const client = applicationPool(database.url, 2, '-c timezone=Asia/Kathmandu -c datestyle=SQL,DMY')
  const own = createYeyak({ client, database: database.url, models: { page: PAGE } })
  const id = await newPage()
  const publishAt = soon(700)
  const [item] = await own.publishing.schedule({ model: 'page', id, publishAt })
  expect(item?.dueAt).toEqual(publishAt)
  expect(await database.query(`select at from pages where id = ${id}`)).toEqual([{ at: publishAt }])
  await own.notifications.schedule({ message: 'x', sendAt: hours(1) })
  expect(await ended(id)).toMatchObject([{ state: 'succeeded' }])
  await own.stop()
  await client.end()
})

test('scheduling in an open transaction costs three round trips', async () => {
  const pool = applicationPool(database.url, 1)
  const own = createYeyak({ client: pool, database: database.url, models: { page: PAGE } })
  const first = await newPage()
  const second = await newPage()
  const client = await pool.connect()
  await client.query('begin')
  await own.publishing.schedule({ model: 'page', id: first, publishAt: hours(1) }, { tx: client })
  const texts: string[] = []
  const counted = new Proxy(client, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name, target)
      return (text: string, values: unknown[]) => {
        texts.push(text.trim().slice(0, 12))
        return target.query(text, values)
      }
    },
  })
  await own.publishing.schedule({ model: 'page', id: second, publishAt: hours(1) }, { tx: counted })
  const ofPublication = texts.splice(0)
  // Due soon, so that the alarms are told, too.
  await own.notifications.schedule({ message: 'x', sendAt: soon(60_000) }, { tx: counted })
  await client.query('commit')
  client.release()
  await own.stop()
  await pool.end()
  expect(ofPublication).toEqual(['savepoint ye', 'select "yeya', 'release save'])
  expect(texts).toEqual(['savepoint ye', 'with clock a', 'release save'])
  expect(await publications(second)).toMatchObject([{ state: 'scheduled', timers: 1 }])
})

test.each(['begun', 'locked', 'read', 'acted', 'ended', 'told', 'removed'])(
  'a throw after the step "%s" leaves nothing behind, and the next try publishes once',
  async (wanted) => {
    const own = await createTestDatabase()
    await own.query(
      'create table public.notes (id text primary key, body text not null, live boolean not null default false)',
    )
    await own.query('create table public.writes (n serial, id text not null, what text not null)')
    await own.query(`insert into public.notes (id, body) values ('one', 'good')`)
    const client = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool: applicationPool(own.url) }),
    })
    const { external } = readDeclared({ client, database: own.url, models: { note } })
    if (external === undefined) throw new Error('no models')
    let armed = true
    const server = await startTestApp({
      database: own,
      external,
      onPublishStep(step) {
        if (step !== wanted || !armed) return
        armed = false
        throw new Error(`broken after ${step}`)
      },
    })
    expect(
      await server.client.call('PUT', '/v1/content/note/one/schedule', { publishAt: { delay: 1 } }),
    ).toMatchObject({ status: 200 })
    await eventually(
      'the failure',
      async () => {
        const [row] = await own.query<{ failures: number }>('select failures from yeyak.publications')
        return row?.failures === 1
      },
      30_000,
    )
    expect(await own.query('select 1 from public.writes')).toEqual([])
    expect(await own.query(`select 1 from yeyak.events where type = 'content.published'`)).toEqual([])
    await own.query(`update yeyak.publications set next_at = now()`)
    await own.query(`update yeyak.timers set due_at = now()`)
    await own.query(`select pg_notify('yeyak_timers', '0')`)
    await eventually('it is published', async () => {
      const [row] = await own.query<{ state: string }>('select state from yeyak.publications')
      return row?.state === 'succeeded'
    })
    expect(await own.query('select what from public.writes')).toEqual([{ what: 'publish' }])
    expect(await own.query(`select 1 from yeyak.events where type = 'content.published'`)).toHaveLength(1)
    await server.app.stop()
    await client.destroy()
    await own.drop()
  },
)
