import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { PgBoss } from 'pg-boss'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTestApp } from '../kit/app.ts'
import { beginCommand } from '../kit/command.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { backendWith } from '../kit/session.ts'

const FROM = ['import', '--schema', 'pgboss', '--queue', 'send-alert']

/** As pg-boss 9 made it: one table, names without underscores, a state that later versions do not have. */
const VERSION_9 = `
  create schema pgboss;
  create table pgboss.version (version int primary key, maintained_on timestamptz, cron_on timestamptz);
  insert into pgboss.version (version) values (20);
  create type pgboss.job_state as enum ('created', 'retry', 'active', 'completed', 'expired', 'cancelled', 'failed');
  create table pgboss.job (
    id uuid primary key not null default gen_random_uuid(), name text not null, priority integer not null default 0,
    data jsonb, state pgboss.job_state not null default 'created', retryLimit integer not null default 2,
    retryCount integer not null default 0, retryDelay integer not null default 0,
    retryBackoff boolean not null default false, startAfter timestamptz not null default now(), startedOn timestamptz,
    singletonKey text, singletonOn timestamp, expireIn interval not null default interval '15 minutes',
    createdOn timestamptz not null default now(), completedOn timestamptz,
    keepUntil timestamptz not null default now() + interval '14 days', on_complete boolean not null default false,
    output jsonb)`

let database: TestDatabase
let children: ChildProcess[]

beforeEach(async () => {
  database = await createTestDatabase()
  children = []
})

afterEach(async () => {
  for (const child of children)
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  await database.drop()
})

/** As a process, in UTC. */
const begin = (args = FROM) => {
  const begun = beginCommand(args, { env: { DATABASE_URL: database.url } })
  children.push(begun.child)
  return begun
}

const run = (args: readonly string[] = FROM, env: Record<string, string> = {}) =>
  runCommandHere(args, { env: { DATABASE_URL: database.url, ...env } })

const json = async (...more: string[]) => {
  const { code, out, errors } = await run([...FROM, '--json', ...more])
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  return JSON.parse(out)
}

interface Imported extends Record<string, unknown> {
  message: string
  due: Date
  priority: number
  job: string
}

const imported = () =>
  database.query<Imported>(`
    select content ->> 'message' as message, due_at as due, priority, metadata ->> 'jobId' as job
    from yeyak.notifications n where channel = 'log' and state = 'scheduled'
      and exists (select 1 from yeyak.timers t where t.subject_id = n.id and t.due_at = n.due_at)
      and exists (select 1 from yeyak.events e where e.subject_id = n.id::text and e.type = 'notification.created')
    order by due_at, content ->> 'message'`)

const jobs = () =>
  database.query<{ state: string; data: unknown }>(
    `select state::text as state, data from pgboss.job where name = 'send-alert' order by state, data::text`,
  )

/** pg-boss of today makes its tables in the schema of the old server, and fills its queue. */
const withBoss = async <Value>(work: (boss: PgBoss) => Promise<Value>): Promise<Value> => {
  const boss = new PgBoss({
    connectionString: database.url,
    schema: 'pgboss',
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  await boss.start()
  try {
    await boss.createQueue('send-alert')
    await boss.createQueue('other')
    return await work(boss)
  } finally {
    await boss.stop({ graceful: false })
  }
}

const fillVersion9 = async () => {
  await database.query(VERSION_9)
  await database.query(`
    insert into pgboss.job (name, data, state, startAfter, priority) values
      ('send-alert', '{"message":"soon"}', 'created', '2035-01-01T00:00:00.0001Z', 0),
      ('send-alert', '{"message":"하나 더 🎉"}', 'retry', '2035-01-02T00:00:00Z', 500),
      ('send-alert', '{"text":"no message"}', 'created', '2035-01-01T00:00:00Z', 0),
      ('send-alert', '{"message":7}', 'created', '2035-01-01T00:00:00Z', 0),
      ('send-alert', null, 'created', '2035-01-01T00:00:00Z', 0),
      ('send-alert', '{"message":"being sent"}', 'active', '2025-01-01T00:00:00Z', 0),
      ('send-alert', '{"message":"sent"}', 'completed', '2025-01-01T00:00:00Z', 0),
      ('send-alert', '{"message":"given up"}', 'expired', '2025-01-01T00:00:00Z', 0),
      ('send-alert', '{"message":"cancelled"}', 'cancelled', '2035-01-01T00:00:00Z', 0),
      ('send-alert', '{"message":"when?"}', 'created', 'infinity', 0),
      ('other', '{"message":"another queue"}', 'created', '2035-01-01T00:00:00Z', 0)`)
}

describe('from the tables of pg-boss 9', () => {
  beforeEach(fillVersion9)

  test('what waits becomes notifications, due when the jobs were; all else stays as it is', async () => {
    const report = await json()
    expect(report).toEqual({
      dryRun: false,
      taken: 2,
      earliest: '2035-01-01T00:00:00.001Z',
      latest: '2035-01-02T00:00:00.000Z',
      left: { withoutMessage: 3, tooLong: 0, blocked: 1, active: 1 },
      sample: [],
      otherQueues: [],
    })
    // Finer than a millisecond is rounded up, a priority comes into the range of ours.
    expect(await imported()).toMatchObject([
      { message: 'soon', due: new Date('2035-01-01T00:00:00.001Z'), priority: 0 },
      { message: '하나 더 🎉', due: new Date('2035-01-02T00:00:00Z'), priority: 100 },
    ])
    expect((await jobs()).map(({ state }) => state)).toEqual([
      ...['active', 'cancelled', 'completed', 'created', 'created', 'created', 'created', 'expired'].sort(),
    ])
    expect(await database.query(`select 1 from pgboss.job where name = 'other'`)).toHaveLength(1)
  })

  test('a second run takes nothing twice, and names the queue that has something left', async () => {
    await json()
    const again = await json()
    expect(again).toMatchObject({ taken: 0, earliest: null, otherQueues: ['other'] })
    expect(await imported()).toHaveLength(2)
  })

  test('a dry run shows what would be done, and changes nothing', async () => {
    const before = await jobs()
    expect(await json('--dry-run')).toMatchObject({
      dryRun: true,
      taken: 2,
      left: { withoutMessage: 3, active: 1 },
      sample: [{ message: 'soon' }, { message: '하나 더 🎉' }],
    })
    const { code, out } = await begin([...FROM, '--dry-run']).ended
    expect(code).toBe(0)
    expect(out).toMatch(/^dry run: nothing was changed\nwould be taken over from send-alert: 2\n/u)
    expect(out).toContain('2035-01-01 00:00:00 +00:00  soon')
    const korean = await run([...FROM, '--dry-run'], { LANG: 'ko_KR.UTF-8' })
    expect(korean.out).toContain('send-alert에서 가져올 작업: 2')
    expect(await jobs()).toEqual(before)
    expect(await imported()).toEqual([])
  })

  test('killed half-way it has taken nothing, and the next run takes everything once', async () => {
    await database.query(`
      insert into pgboss.job (name, data, startAfter)
      select 'send-alert', jsonb_build_object('message', 'many ' || n), timestamptz '2035-01-01' + n * interval '1 second'
      from generate_series(1, 500) n`)
    // The last job in the order of ids is held: the import stands after the batches before it.
    const holder = await database.session()
    await holder.query('begin')
    await holder.query(`
      select 1 from pgboss.job where name = 'send-alert' and state < 'active' and data ->> 'message' like 'many %'
      order by id desc limit 1 for update`)
    const { child, ended } = begin()
    const pid = await backendWith(database, 'yeyak-import', 'delete from', true)
    child.kill('SIGKILL')
    await ended
    await holder.query('rollback')
    await holder.end()
    await eventually('the end of its connection', async () => {
      const rows = await database.query('select 1 from pg_stat_activity where pid = $1', [pid])
      return rows.length === 0
    })
    expect(await imported()).toEqual([])
    expect(await jobs()).toHaveLength(510)

    expect(await json()).toMatchObject({ taken: 502 })
    expect(new Set((await imported()).map(({ job }) => job)).size).toBe(502)
    expect(await json()).toMatchObject({ taken: 0 })
  })
})

describe('from the tables of pg-boss 12', () => {
  test('what waits becomes notifications; jobs that wait for others, and those without a message, stay', async () => {
    await withBoss(async (boss) => {
      await boss.send('send-alert', { message: 'later' }, { startAfter: new Date('2035-01-01T00:00:00Z') })
      await boss.send(
        'send-alert',
        { message: 'first' },
        { startAfter: new Date('2034-01-01T00:00:00Z'), priority: 7 },
      )
      await boss.send('send-alert', {})
      await boss.send('send-alert', { message: 'x'.repeat(256 * 1024 + 1) })
      await boss.send('send-alert', { message: 'after another one' })
      await boss.send('send-alert', { message: 'worked on' }, { priority: 9 })
      expect(await boss.fetch('send-alert')).toMatchObject([{ data: { message: 'worked on' } }])
    })
    await database.query(
      `update pgboss.job set blocked = true where data ->> 'message' = 'after another one'`,
    )
    expect(await json()).toMatchObject({
      taken: 2,
      left: { withoutMessage: 1, tooLong: 1, blocked: 1, active: 1 },
    })
    expect(await imported()).toMatchObject([
      { message: 'first', due: new Date('2034-01-01T00:00:00Z'), priority: 7 },
      { message: 'later', due: new Date('2035-01-01T00:00:00Z'), priority: 0 },
    ])
  })

  test('an old worker that goes on and the import never both take a job', async () => {
    await withBoss(async (boss) => {
      const ids = await Promise.all(
        Array.from({ length: 400 }, (_, i) => boss.send('send-alert', { message: `race ${i}` })),
      )
      // Claimed, and not committed, while the import passes by: it waits, and leaves the job to the worker.
      const worker = await database.session()
      await worker.query('begin')
      await worker.query(`update pgboss.job set state = 'active' where name = 'send-alert' and id = $1`, [
        ids[0],
      ])
      const importing = run([...FROM, '--json'])
      const fetched: string[] = []
      const goOn = async () => {
        const found = await boss.fetch('send-alert', { batchSize: 3 })
        fetched.push(...found.map(({ id }) => id))
        return found.length === 0
      }
      await backendWith(database, 'yeyak-import', 'delete from', true).catch(() => null)
      await goOn()
      await worker.query('commit')
      await worker.end()
      const [result] = await Promise.all([importing, eventually('an empty queue', goOn)])
      expect(result).toMatchObject({ code: 0, errors: '' })

      const taken = (await imported()).map(({ job }) => job)
      expect(taken).not.toContain(ids[0])
      expect(new Set([...taken, ...fetched]).size).toBe(taken.length + fetched.length)
      expect(new Set([...taken, ...fetched, ids[0]])).toEqual(new Set(ids))
    })
  })

  test('a worker that runs is woken for what was taken over, and delivers it on time', async () => {
    await withBoss((boss) => boss.send('send-alert', { message: 'overdue already' }))
    const app = await startTestApp({ database })
    try {
      expect(await json()).toMatchObject({ taken: 1 })
      await eventually('its delivery', () =>
        app.records.some(({ msg }) => msg.includes('알림 발송 성공] overdue already')),
      )
    } finally {
      await app.end()
    }
  })
})

describe('what cannot be taken over is refused in words, and changes nothing', () => {
  test('a schema without pg-boss: those that have one are named', async () => {
    await database.query(VERSION_9.replaceAll('pgboss', 'boss_of_old'))
    const { code, out, errors } = await begin().ended
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(errors).toMatch(/the schema pgboss has no table "job".*boss_of_old/u)
  })

  test('a table that is not one of pg-boss 9 to 12', async () => {
    await database.query(
      `create schema pgboss; create table pgboss.job (id uuid primary key, name text, data jsonb, state text, startIn interval)`,
    )
    const { code, errors } = await run()
    expect(code).toBe(1)
    expect(errors).toContain('it has no column priority, start_after')
  })

  test.each([
    ['no schema', ['import', '--queue', 'send-alert'], '--schema'],
    ['no queue', ['import', '--schema', 'pgboss'], '--queue'],
    [
      "Yeyak's own queue",
      ['import', '--schema', 'yeyak_queue', '--queue', 'send-alert'],
      "Yeyak's own schema",
    ],
  ])('%s: exit code 2', async (_, args, said) => {
    const { code, out, errors } = await run(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(errors).toContain(said)
  })
})
