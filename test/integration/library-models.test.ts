import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createYeyak, type Yeyak } from '../../src/index.ts'
import { type ApplicationClient, applicationClients, CLIENT_NAMES } from '../kit/application-clients.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { codeOf } from '../kit/refusal.ts'

interface Application extends ApplicationClient {
  yeyak: Yeyak<never, 'post' | 'item'>
}

const lines: string[] = []
const logger = pino(
  { level: 'info' },
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString('utf8').split('\n'))
        if (line !== '') lines.push((JSON.parse(line) as { msg: string }).msg)
      done()
    },
  }),
)

let database: TestDatabase
const applications: Application[] = []

const POST = {
  table: 'app.posts',
  status: 'status',
  publishAt: 'publishAt',
  unpublishAt: 'unpublish_at',
  publishedAt: 'published_at',
  version: 'version',
  values: { draft: 'DRAFT', scheduled: 'SCHEDULED', published: 'LIVE' },
} as const
const ITEM = { table: 'Order Items', id: 'order', status: 'select', publishAt: 'Publish At' } as const

beforeAll(async () => {
  database = await createTestDatabase()
  await database.query(`create schema app`)
  await database.query(`create type app."PostStatus" as enum ('DRAFT', 'SCHEDULED', 'LIVE', 'OLD')`)
  await database.query(`create table app.posts (id bigint primary key, title text not null default 't',
    status app."PostStatus" not null default 'DRAFT', "publishAt" timestamp(3), unpublish_at timestamptz,
    published_at timestamptz, version integer not null default 1)`)
  await database.query(`create table public."Order Items" ("order" uuid primary key default gen_random_uuid(), "select" varchar(20) not null default 'draft',
    "Publish At" timestamptz)`)
  const { url } = database
  for (const one of applicationClients(url)) {
    const yeyak = createYeyak({
      client: one.client as never,
      database: url,
      models: { post: POST, item: ITEM },
      logger,
    })
    applications.push({ ...one, yeyak })
  }
})

afterAll(async () => {
  for (const one of applications) {
    await one.yeyak.stop()
    await one.end()
  }
  await database.drop()
})

let lastId = 9_007_199_254_740_993n
const newPost = async (status = 'DRAFT'): Promise<string> => {
  lastId += 1n
  await database.query(`insert into app.posts (id, status) values (${lastId}, '${status}')`)
  return String(lastId)
}

const post = async (id: string) => {
  const [row] = await database.query<Record<string, unknown>>(
    `select status::text, "publishAt" at time zone 'UTC' as "publishAt", unpublish_at, published_at, version from app.posts where id = ${id}`,
  )
  return row
}

interface Stored extends Record<string, unknown> {
  id: string
  state: string
  reason: string | null
}

const publications = (id: string) =>
  database.query<Stored>(
    `select p.id, p.state, p.reason, p.action, p.external, p.lane, p.attempt_no, p.late_ms, p.due_at, (select count(*)::int from yeyak.timers t where t.subject_id = p.id) as timers
     from yeyak.publications p where p.resource_id = '${id}' order by p.created_at, p.due_at`,
  )

const events = (id: string) =>
  database.query<{ type: string; actor: unknown; data: Record<string, unknown> }>(
    `select type, actor, data from yeyak.events where subject_id like '%:${id}' order by id`,
  )

const ended = (id: string) =>
  eventually(`the publications of ${id} ended`, async () => {
    const rows = await publications(id)
    return rows.length > 0 && rows.every(({ state }) => state !== 'scheduled') && rows
  })

const inHours = (hours: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + hours * 3_600_000)
const inMs = (ms: number) => new Date(Date.now() + ms)

class RollBack extends Error {}

const rolledBack = async (run: () => Promise<unknown>): Promise<void> => {
  await expect(run()).rejects.toBeInstanceOf(RollBack)
}

describe.each(CLIENT_NAMES)('rows, in a transaction of %s', (name) => {
  const own = (): Application => {
    const found = applications.find((one) => one.name === name)
    if (found === undefined) throw new Error(`no ${name}`)
    return found
  }

  test('what is scheduled is there once it commits: the row, the publication, its timer and the event', async () => {
    const { open, yeyak } = own()
    const id = await newPost()
    const publishAt = inHours(1)
    const items = await open((tx) =>
      yeyak.publishing.schedule({ model: 'post', id, publishAt }, { tx: tx as never }),
    )
    expect(items).toEqual([{ id: expect.any(String), state: 'scheduled', dueAt: publishAt }])
    expect(await post(id)).toMatchObject({ status: 'SCHEDULED', publishAt, published_at: null, version: 1 })
    expect(await publications(id)).toMatchObject([
      { state: 'scheduled', external: true, timers: 1, due_at: publishAt },
    ])
    expect(await events(id)).toMatchObject([
      {
        type: 'content.scheduled',
        actor: { kind: 'application', id: null },
        data: { before: [], after: [{ action: 'publish', dueAt: publishAt.toISOString() }] },
      },
    ])
  })

  test('rolled back, nothing was scheduled', async () => {
    const { open, yeyak } = own()
    const id = await newPost()
    await rolledBack(() =>
      open(async (tx) => {
        await yeyak.publishing.schedule({ model: 'post', id, publishAt: inHours(1) }, { tx: tx as never })
        throw new RollBack()
      }),
    )
    expect(await post(id)).toMatchObject({ status: 'DRAFT', publishAt: null })
    expect(await publications(id)).toEqual([])
    expect(await events(id)).toEqual([])
  })

  test('a row that the transaction itself has made can be scheduled in it', async () => {
    const { open, run, yeyak } = own()
    lastId += 1n
    const id = String(lastId)
    await open(async (tx) => {
      await run(tx, `insert into app.posts (id, title) values (${id}, 'fresh')`)
      await yeyak.publishing.schedule({ model: 'post', id, publishAt: inHours(1) }, { tx: tx as never })
    })
    expect(await post(id)).toMatchObject({ status: 'SCHEDULED' })
  })

  test('a refusal writes nothing and leaves the transaction usable', async () => {
    const { open, run, yeyak } = own()
    const id = await newPost()
    const refused: string[] = []
    await open(async (tx) => {
      const schedule = (publication: object) =>
        codeOf(() =>
          yeyak.publishing.schedule({ model: 'post', id, ...publication } as never, { tx: tx as never }),
        )
      refused.push(await schedule({ publishAt: inHours(-1) }))
      refused.push(await schedule({ id: '1', publishAt: inHours(1) }))
      refused.push(await schedule({ id: 'no-number', publishAt: inHours(1) }))
      refused.push(await schedule({ id: '99999999999999999999', publishAt: inHours(1) }))
      refused.push(await schedule({ model: 'pots', publishAt: inHours(1) }))
      refused.push(await schedule({ unpublishAt: inHours(1) }))
      refused.push(await schedule({ publishAt: inHours(2), unpublishAt: inHours(1) }))
      await run(tx, `update app.posts set title = 'after' where id = ${id}`)
    })
    expect(refused).toEqual([
      ...['publish-at-not-future', 'not-found', 'not-found', 'not-found'],
      ...['unknown-model', 'invalid-request', 'invalid-request'],
    ])
    expect(await database.query(`select title from app.posts where id = ${id}`)).toEqual([{ title: 'after' }])
    expect(await publications(id)).toEqual([])
  })

  test('rescheduling replaces what is pending; cancelling leaves nothing', async () => {
    const { open, yeyak } = own()
    const id = await newPost()
    await yeyak.publishing.schedule({ model: 'post', id, publishAt: inHours(1), unpublishAt: inHours(2) })
    await open((tx) =>
      yeyak.publishing.schedule({ model: 'post', id, publishAt: inHours(1) }, { tx: tx as never }),
    )
    expect((await publications(id)).map(({ state, reason, timers }) => [state, reason, timers])).toEqual([
      ['canceled', 'rescheduled', 0],
      ['canceled', 'rescheduled', 0],
      ['scheduled', null, 1],
    ])
    expect(await post(id)).toMatchObject({ status: 'SCHEDULED', unpublish_at: null })
    expect(await open((tx) => yeyak.publishing.cancel({ model: 'post', id }, { tx: tx as never }))).toEqual({
      outcome: 'canceled',
      state: 'canceled',
    })
    expect(await post(id)).toMatchObject({ status: 'DRAFT', publishAt: null, unpublish_at: null })
    expect((await publications(id)).every(({ state, timers }) => state === 'canceled' && timers === 0)).toBe(
      true,
    )
  })

  test('publishing at once supersedes what is pending, and stands or falls with the transaction', async () => {
    const { open, yeyak } = own()
    const id = await newPost()
    await yeyak.publishing.schedule({ model: 'post', id, publishAt: inHours(1) })
    await rolledBack(() =>
      open(async (tx) => {
        await yeyak.publishing.publish({ model: 'post', id }, { tx: tx as never })
        throw new RollBack()
      }),
    )
    expect(await post(id)).toMatchObject({ status: 'SCHEDULED' })
    const item = await open((tx) => yeyak.publishing.publish({ model: 'post', id }, { tx: tx as never }))
    expect(item).toMatchObject({ state: 'succeeded', dueAt: expect.any(Date) })
    expect(await post(id)).toMatchObject({
      status: 'LIVE',
      publishAt: null,
      published_at: item.dueAt,
      version: 2,
    })
    expect((await publications(id)).map(({ state }) => state)).toEqual(['superseded', 'succeeded'])
    expect((await events(id)).map(({ type }) => type)).toEqual(['content.scheduled', 'content.published'])
  })

  test('no transaction: refused, and nothing is written', async () => {
    const { client, yeyak } = own()
    const id = await newPost()
    expect(
      await codeOf(() =>
        yeyak.publishing.schedule({ model: 'post', id, publishAt: inHours(1) }, { tx: client as never }),
      ),
    ).toBe('not-in-transaction')
    expect(await publications(id)).toEqual([])
  })

  test('its worker publishes on time, once, and says so', async () => {
    const { client } = own()
    await using yeyak = createYeyak({
      client: client as never,
      database: database.url,
      models: { post: POST, item: ITEM },
      logger,
    })
    await yeyak.startWorker()
    const id = await newPost()
    const [item] = await database.query<{ order: string }>(
      `insert into "Order Items" default values returning "order"`,
    )
    const publishAt = inMs(300)
    await yeyak.publishing.schedule({ model: 'post', id, publishAt, unpublishAt: inHours(2) })
    const order = item?.order ?? ''
    await yeyak.publishing.schedule({ model: 'item', id: order.toUpperCase(), publishAt })
    const [done] = await ended(order)
    expect(done).toMatchObject({ state: 'succeeded', attempt_no: 1 })
    expect(Number(done?.['late_ms'])).toBeGreaterThanOrEqual(0)
    expect(await database.query(`select "select" from "Order Items" where "order" = '${order}'`)).toEqual([
      { select: 'published' },
    ])
    await eventually('the post is live', async () => (await post(id))?.['status'] === 'LIVE')
    const row = await post(id)
    expect(row).toMatchObject({ publishAt: null, unpublish_at: expect.any(Date), version: 2 })
    const publishedAt = row?.['published_at'] as Date
    expect(publishedAt.getTime()).toBeGreaterThanOrEqual(publishAt.getTime())
    expect((await events(id)).map(({ type }) => type)).toEqual(['content.scheduled', 'content.published'])
    await eventually('the line', () =>
      lines.includes(`[publish-worker] post:${id} → published @${publishedAt.toISOString()}`),
    )
    expect(lines).toContain('[publish-worker] started')
    await yeyak.publishing.cancel({ model: 'post', id })
  })
})
