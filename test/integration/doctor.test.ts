import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { EXPECTED_INDEXES, INDEXED_TABLES } from '../../src/cli/doctor/expected-indexes.ts'
import { freePort } from '../../src/platform/embedded-postgres/index.ts'
import { startTestApp } from '../kit/app.ts'
import { runCommand } from '../kit/command.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { startOwnPostgres } from '../kit/own-postgres.ts'
import { eventually } from '../kit/poll.ts'
import type { TestPostgres } from '../kit/postgres.ts'
import { startProxy } from '../kit/proxy.ts'
import { rowsWritten } from '../kit/rows-written.ts'
import { hold } from '../kit/session.ts'
import { CLOSE, type ScriptedAnswer, startScriptedSmtp, startSmtpSink } from '../kit/smtp-sink.ts'
import { TEMPLATE } from '../kit/template.ts'

const CLOCK = fileURLToPath(new URL('../kit/clock-offset.ts', import.meta.url))

/** A server that says of itself that it flushes what is committed, as one does that is not for tests; in memory, where that costs nothing. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
let postgres: TestPostgres
let database: TestDatabase
let directory: string
const ends: (() => unknown)[] = []

beforeAll(async () => {
  const own = await startOwnPostgres({
    settings: { ...DURABLE, max_prepared_transactions: '5' },
  })
  postgres = own.postgres
  database = own.database
})
afterAll(() => postgres.stop())

/** What a test spoils is its own. */
const begin = async () => {
  const own = await createTestDatabase(TEMPLATE, postgres.adminUrl)
  ends.push(() => own.drop())
  database = own
  directory = mkdtempSync(path.join(tmpdir(), 'yeyak-doctor-'))
  ends.push(() => rmSync(directory, { recursive: true, force: true }))
}
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

interface Found {
  name: string
  status: string
  text: string
  mend: string | null
}

interface Options {
  env?: Record<string, string>
  nodeArgs?: readonly string[]
  args?: readonly string[]
}

/** What Node.js itself is told makes it a process of its own. */
const run = ({ env = {}, nodeArgs = [], args = [] }: Options = {}) => {
  const options = { cwd: directory, env: { DATABASE_URL: database.url, ...env } }
  return nodeArgs.length === 0
    ? runCommandHere(['doctor', ...args], options)
    : runCommand(['doctor', ...args], { ...options, nodeArgs })
}

const doctor = async (options: Options = {}) => {
  const { code, out } = await run({ ...options, args: ['--json'] })
  const report = JSON.parse(out) as { ok: boolean; problems: number; warnings: number; checks: Found[] }
  const of = (name: string) => report.checks.filter((check) => check.name === name)
  const bad = report.checks.filter(({ status }) => status === 'problem' || status === 'warning')
  return { code, out, ...report, of, bad }
}

/** Beside what every database of these tests has: no key, no worker. */
const others = (bad: readonly Found[]) => bad.filter(({ name }) => name !== 'access' && name !== 'workers')

describe('a sound installation', () => {
  test('has no problem: everything is looked at, each with a sentence', async () => {
    await begin()
    const app = await startTestApp({ database })
    ends.push(() => app.end())
    const { code, ok, of, bad, checks } = await doctor()
    expect(others(bad)).toEqual([])
    expect(bad.map(({ name }) => name)).toEqual(['access'])
    expect({ code, ok }).toEqual({ code: 0, ok: true })
    expect([...new Set(checks.map(({ name }) => name))]).toEqual([
      ...['settings', 'database', 'server', 'schema', 'access', 'listen', 'clock', 'indexes', 'autovacuum'],
      ...[
        'transactions',
        'partitions',
        'sizes',
        'workers',
        'feeds',
        'zones',
        'channels',
        'smtp',
        'data-directory',
      ],
    ])
    expect(of('server')[0]?.text).toMatch(/^PostgreSQL 18\./u)
    expect(of('listen')[0]?.text).toMatch(/^heard after \d/u)
    expect(of('workers')[0]?.text).toMatch(/alive, nothing is overdue$/u)
  })

  test('for people it is a line each, in English or Korean, and says what it comes to', async () => {
    await begin()
    const [en, ko] = await Promise.all([run(), run({ env: { LANG: 'ko_KR.UTF-8' } })])
    expect(en.errors).toBe('')
    expect(en.out).toMatch(/^ok {7}settings {12}they can be read$/mu)
    expect(en.out).toMatch(/^0 problems, 2 warnings$/mu)
    expect(ko.out).toMatch(/^문제 0개, 주의 2개$/mu)
  })

  test('the indexes that it looks for are those that the migrations make', async () => {
    await begin()
    const rows = await database.query<{ name: string; definition: string }>(
      `select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
         join pg_namespace n on n.oid = t.relnamespace
       where n.nspname = 'yeyak' and t.relname = any($1)`,
      [[...INDEXED_TABLES]],
    )
    expect(Object.fromEntries(EXPECTED_INDEXES)).toEqual(
      Object.fromEntries(
        rows.map(({ name, definition }) => [
          name,
          definition.replace(' ON ONLY ', ' ON ').replaceAll('yeyak.', 'SCHEMA.'),
        ]),
      ),
    )
  })
})

describe('what is planted is named, with its mend', () => {
  /** The one result that is neither well nor of every database here. */
  const only = async (options: Options = {}) => {
    const { bad, code } = await doctor(options)
    expect(others(bad)).toHaveLength(1)
    return { code, ...others(bad)[0] }
  }

  test('a dropped index, and the statement that makes it again does', async () => {
    await begin()
    await database.query('drop index yeyak.timers_due')
    const found = await only()
    expect(found).toMatchObject({
      code: 1,
      name: 'indexes',
      status: 'problem',
      text: 'yeyak.timers_due is missing',
    })
    expect(found.mend).toBe('CREATE INDEX timers_due ON yeyak.timers USING btree (lane, due_at)')
    await database.query(found.mend ?? '')
    expect((await doctor()).of('indexes')[0]?.status).toBe('ok')
  })

  test('an invalid index, as a concurrent creation that failed leaves one', async () => {
    await begin()
    await database.query(
      `update pg_index set indisvalid = false where indexrelid = 'yeyak.notifications_due'::regclass`,
    )
    const found = await only()
    expect(found).toMatchObject({ code: 1, name: 'indexes', text: expect.stringContaining('is not valid') })
    expect(found.mend).toContain('drop index yeyak.notifications_due; CREATE INDEX notifications_due')
  })

  test('a transaction that is held open, with the one who holds it', async () => {
    await begin()
    const held = await hold(database, 'select 1 from yeyak.projects for update')
    ends.push(() => held.release())
    const found = await eventually(
      'the held transaction',
      async () => (await doctor()).of('transactions').find(({ status }) => status === 'warning'),
      20_000,
    )
    expect(found.text).toMatch(/^backend \d+ \(test\) holds a transaction open for .* s, idle/u)
    expect(found.mend).toMatch(/^select pg_terminate_backend\(\d+\)$/u)
    await database.query(found.mend ?? '')
    expect((await doctor()).of('transactions')[0]?.status).toBe('ok')
  })

  test('a prepared transaction, which nobody sees', async () => {
    await begin()
    const session = await database.session()
    await session.query('begin')
    await session.query('create table public.t ()')
    await session.query(`prepare transaction 'forgotten ${database.name}'`)
    await session.end()
    ends.push(() => database.query(`rollback prepared 'forgotten ${database.name}'`))
    const found = await eventually(
      'the prepared transaction',
      async () => (await doctor()).of('transactions').find(({ status }) => status === 'warning'),
      20_000,
    )
    expect(found.mend).toBe(`rollback prepared 'forgotten ${database.name}'`)
  })

  test('autovacuum that is off for a table', async () => {
    await begin()
    await database.query('alter table yeyak.timers set (autovacuum_enabled = off)')
    const found = await only()
    expect(found).toMatchObject({ code: 1, name: 'autovacuum', text: 'autovacuum is off for yeyak.timers' })
    await database.query(found.mend ?? '')
    expect((await doctor()).of('autovacuum')[0]?.status).toBe('ok')
  })

  test.each([
    ['synchronous_commit = off', 'problem', 'synchronous_commit is off', 'reset synchronous_commit'],
    [
      'default_transaction_isolation = serializable',
      'problem',
      'is serializable',
      'reset default_transaction_isolation',
    ],
    [
      `idle_session_timeout = '5s'`,
      'warning',
      'idle_session_timeout is 5000 ms',
      'reset idle_session_timeout',
    ],
    ['jit = on', 'warning', 'jit is on', 'set jit = off'],
  ])('%s', async (setting, status, text, mend) => {
    await begin()
    await database.query(`alter database ${database.name} set ${setting}`)
    expect(await only()).toMatchObject({
      ...{ code: status === 'problem' ? 1 : 0, name: 'server', status },
      ...{ text: expect.stringContaining(text), mend: expect.stringContaining(mend) },
    })
  })

  test.each([
    ['ahead of', 90_000],
    ['behind', -90_000],
  ])('a clock that is a minute and a half %s the database', async (how, offsetMs) => {
    await begin()
    const found = await only({
      nodeArgs: ['--import', CLOCK],
      env: { YEYAK_TEST_CLOCK_OFFSET_MS: String(offsetMs) },
    })
    expect(found).toMatchObject({ code: 0, name: 'clock', status: 'warning' })
    expect(found.text).toMatch(new RegExp(`^this machine is 1\\.5 min ± .* ${how} the database`, 'u'))
    expect(found.mend).toContain('timedatectl')
  })

  test('LISTEN that hears nothing, as behind a pooler in transaction mode', async () => {
    await begin()
    const proxy = await startProxy(database.url)
    ends.push(() => proxy.stop())
    proxy.mute(true)
    const found = await only({ env: { DATABASE_URL: proxy.url } })
    expect(found).toMatchObject({ code: 0, name: 'listen', status: 'warning' })
    expect(found.text).toContain('may start up to 5 s late')
    expect(found.mend).toContain('pool_mode = session')
  })

  test('tables that were never migrated, and tables of a later version', async () => {
    await begin()
    await database.query(`insert into yeyak.migrations (name, timestamp) values ('9999-future', now()::text)`)
    expect(await only()).toMatchObject({
      code: 1,
      name: 'schema',
      text: expect.stringContaining('9999-future'),
    })
    const { code, of } = await doctor({ env: { YEYAK_SCHEMA: 'elsewhere' } })
    expect(code).toBe(1)
    expect(of('schema')[0]).toMatchObject({
      ...{ status: 'problem', text: 'the schema elsewhere was never migrated' },
      mend: expect.stringContaining('yeyak migrate'),
    })
  })

  test('a month of history that is missing', async () => {
    await begin()
    const [month] = await database.query<{ name: string }>(
      `select relname as name from pg_class where relname like 'events_2%' and relkind = 'r' order by 1 desc limit 1`,
    )
    await database.query(`drop table yeyak.${month?.name}`)
    expect(await only()).toMatchObject({
      ...{ code: 0, name: 'partitions', status: 'warning', text: `not there: ${month?.name}` },
    })
  })

  test('something overdue that no worker takes', async () => {
    await begin()
    await database.query(
      `insert into yeyak.timers values (gen_random_uuid(), 'notifications.log', now() - interval '2 min', 1, 0)`,
    )
    const { code, of } = await doctor()
    expect(code).toBe(1)
    expect(of('workers')[0]).toMatchObject({
      ...{ status: 'problem', text: 'no worker is alive: nothing is sent, and 1 are overdue' },
      mend: expect.stringContaining('yeyak start'),
    })
  })
})

describe('the mail server', () => {
  const login = { user: 'mailer', password: 'smtp-canary-1' }
  const smtp = async (url: string) => {
    const { of, out, code } = await doctor({ env: { YEYAK_SMTP_URL: url, YEYAK_SMTP_FROM: 'a@example.com' } })
    expect(out).not.toContain('canary')
    return { code, ...of('smtp')[0] }
  }

  test('that answers is well, and no mail is sent', async () => {
    await begin()
    const sink = await startSmtpSink({ login, disabledCommands: [] })
    ends.push(() => sink.stop())
    const url = `smtp://mailer:smtp-canary-1@127.0.0.1:${sink.port}?rejectUnauthorized=false`
    expect(await smtp(url)).toMatchObject({
      code: 0,
      status: 'ok',
      text: expect.stringContaining('(TLS, login)'),
    })
    expect(sink.mails).toEqual([])
    expect(sink.moments.map(({ step }) => step)).not.toContain('mail')
  })

  test('a login without TLS is warned of, a wrong one is a problem', async () => {
    await begin()
    const sink = await startSmtpSink({ login })
    ends.push(() => sink.stop())
    expect(await smtp(`smtp://mailer:smtp-canary-1@127.0.0.1:${sink.port}`)).toMatchObject({
      ...{ code: 0, status: 'warning', text: expect.stringContaining('without TLS') },
    })
    expect(await smtp(`smtp://mailer:canary-wrong@127.0.0.1:${sink.port}`)).toMatchObject({
      ...{ code: 1, status: 'problem', text: expect.stringContaining('login') },
      mend: expect.stringContaining('YEYAK_SMTP_URL'),
    })
  })

  test.each<[string, (line: string) => ScriptedAnswer]>([
    ['closes at once', () => CLOSE],
    ['says that it will not', (line) => (line === '' ? '554 no service\r\n' : null)],
  ])('that %s is a problem', async (_, answer) => {
    await begin()
    const server = await startScriptedSmtp(answer)
    ends.push(() => server.stop())
    expect(await smtp(`smtp://127.0.0.1:${server.port}`)).toMatchObject({ code: 1, status: 'problem' })
  })

  test('that never says a word is given up', async () => {
    await begin()
    const server = await startScriptedSmtp(() => null)
    ends.push(() => server.stop())
    expect(await smtp(`smtp://127.0.0.1:${server.port}`)).toMatchObject({
      ...{ code: 1, status: 'problem', text: expect.stringContaining('did not answer in time') },
    })
  })
})

describe('where much is wrong it goes on with the rest', () => {
  test('a database that is down', async () => {
    await begin()
    const port = await freePort()
    const { code, of, out } = await doctor({
      env: { DATABASE_URL: `postgres://someone:db-canary@127.0.0.1:${port}/nothing` },
    })
    expect(code).toBe(1)
    expect(of('database')[0]).toMatchObject({
      status: 'problem',
      text: expect.stringContaining('ECONNREFUSED'),
    })
    expect(of('indexes')).toMatchObject([{ status: 'skipped', text: 'the database is not reached' }])
    expect(of('zones')[0]?.status).not.toBe('skipped')
    expect(of('channels')[0]?.status).toBe('ok')
    expect(out).not.toContain('canary')
  })

  test('wrong settings: each is named, and the database of the right ones is looked at', async () => {
    await begin()
    const { code, of } = await doctor({
      env: { PORT: 'abc', YEYAK_POLL: '3', YEYAK_LOG_LEVEL: 'loud' },
    })
    expect(code).toBe(1)
    expect(of('settings').map(({ text }) => text.split(':')[0])).toEqual([
      'YEYAK_POLL',
      'PORT',
      'YEYAK_LOG_LEVEL',
    ])
    expect(of('settings')[0]?.mend).toContain('YEYAK_POLL_SECONDS')
    expect(of('server')[0]?.status).toBe('ok')
  })

  test('settings that do not say which database: no other one is looked at', async () => {
    await begin()
    const { code, of } = await doctor({ env: { DB_HOST: 'elsewhere' } })
    expect(code).toBe(1)
    expect(of('settings')[0]?.text).toContain('DATABASE_URL')
    expect(of('database')[0]?.status).toBe('skipped')
    expect(of('zones')[0]?.status).toBe('ok')
  })

  test('a webhook secret that is none, and a mail URL that cannot be read, without showing them', async () => {
    await begin()
    const { code, of, out } = await doctor({
      env: {
        YEYAK_WEBHOOK_SECRET: 'hook-canary-hook-canary',
        YEYAK_WEBHOOK_ALLOW: 'not/an/address',
        YEYAK_SMTP_URL: 'smtp://u:mail-canary@localhost/path',
        YEYAK_SMTP_FROM: 'a@example.com',
      },
    })
    expect(code).toBe(1)
    expect(of('settings')[0]?.text).toBe('YEYAK_WEBHOOK_SECRET: the value does not fit')
    expect(of('channels').map(({ text }) => text.split(/[: ]/u)[0])).toEqual([
      'YEYAK_SMTP_URL',
      'YEYAK_WEBHOOK_ALLOW',
    ])
    expect(of('smtp')[0]?.status).toBe('skipped')
    expect(out).not.toContain('canary')
  })

  test('an API that is open to everyone is warned of', async () => {
    await begin()
    const { of } = await doctor({ env: { HOST: '0.0.0.0', YEYAK_AUTH: 'off' } })
    expect(of('settings')[0]).toMatchObject({
      ...{ status: 'warning', text: expect.stringContaining('YEYAK_AUTH=off on 0.0.0.0') },
      mend: expect.stringContaining('yeyak keys create'),
    })
  })
})

describe('the embedded database', () => {
  const embedded = (dataDir: string) => doctor({ env: { DATABASE_URL: '', YEYAK_DATA_DIR: dataDir } })

  test('that never ran is not made for the sake of looking at it', async () => {
    await begin()
    const { of, code } = await embedded(path.join(directory, 'data'))
    expect(code).toBe(0)
    expect(of('database')[0]).toMatchObject({
      status: 'skipped',
      text: expect.stringContaining('yeyak start makes it'),
    })
    expect(of('data-directory')[0]?.status).toBe('skipped')
  })

  test.skipIf(process.platform === 'win32')('files that others may read are named', async () => {
    await begin()
    const dataDir = path.join(directory, 'data')
    mkdirSync(dataDir)
    writeFileSync(path.join(dataDir, 'encryption.key'), 'file-canary')
    chmodSync(path.join(dataDir, 'encryption.key'), 0o644)
    const { of, code, out } = await embedded(dataDir)
    expect(code).toBe(1)
    expect(of('data-directory')[0]).toMatchObject({
      status: 'problem',
      mend: expect.stringContaining('chmod 600'),
    })
    expect(out).not.toContain('canary')
  })
})

test('it writes nothing', async () => {
  await begin()
  const before = await rowsWritten(database)
  await doctor()
  expect(await rowsWritten(database)).toBe(before)
})
