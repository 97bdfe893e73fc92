import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { type LogRecord, startProcess } from '../kit/process.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

/** Runs the program as it is shipped until it gives up; with what it says last, and how long it took. */
const failStart = async (
  env: Record<string, string>,
): Promise<{ msg: string; records: readonly LogRecord[]; ms: number }> => {
  const startedAt = performance.now()
  const child = await startProcess({
    ...{ role: 'start', program: 'cli', wait: false },
    env: { YEYAK_BOOT_WAIT_SECONDS: '600', ...env },
  })
  try {
    expect(await child.exited).toBe(1)
    const { msg } = await child.logged('서버 시작 실패:')
    return { msg, records: child.records, ms: performance.now() - startedAt }
  } finally {
    await child.end()
  }
}
/** Far below the time that a database that cannot be reached is waited for here; mostly that of a busy machine. */
const AT_ONCE_MS = 30_000

const urlWith = (change: (url: URL) => void): string => {
  const url = new URL(database.url)
  change(url)
  return url.href
}

test('what no waiting mends ends a start at once, with exit code 1 and the mend', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve)
  })
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    const [settings, busy, refused, missing] = await Promise.all([
      failStart({ DATABASE_URL: database.url, PORT: 'eighty', YEYAK_POLL_SECOND: '5' }),
      failStart({ DATABASE_URL: database.url, PORT: String(port) }),
      failStart({ DATABASE_URL: urlWith((url) => (url.password = 'wrong')) }),
      failStart({ DATABASE_URL: urlWith((url) => (url.pathname = '/nowhere')) }),
    ])
    for (const { msg, ms } of [settings, busy, refused, missing]) {
      expect(msg).toMatch(/^서버 시작 실패: ./u)
      expect(ms).toBeLessThan(AT_ONCE_MS)
    }
    expect(settings.msg).toContain('PORT')
    expect(settings.msg).toContain('YEYAK_POLL_SECONDS')
    expect(busy.msg).toContain(`PORT=${port + 1} npm start`)
    expect(refused.msg).toContain('password authentication failed')
    expect(missing.msg).toContain('"nowhere" does not exist')
    for (const { msg, records } of [refused, missing]) {
      expect(msg).toMatch(/DATABASE_URL|DB_/u)
      expect(JSON.stringify(records)).not.toContain('wrong@')
    }
  } finally {
    taken.close()
  }
})

test('a database newer than the program is refused with both versions, before anything is written', async () => {
  const ours = await createTestDatabase()
  const queues = await createTestDatabase()
  try {
    await ours.query(
      `insert into yeyak.migrations (name, timestamp) values ('9999-future', '2099-01-01T00:00:00.000Z')`,
    )
    const [version] = await queues.query<{ version: number }>('select version from yeyak_queue.version')
    await queues.query('update yeyak_queue.version set version = 9999')
    const written = async ({ query }: TestDatabase) =>
      query(
        `select (select array_agg(oid order by oid) from pg_class) as tables,
                (select array_agg(name order by name) from yeyak.migrations) as migrations,
                (select array_agg(name || updated_on order by name) from yeyak_queue.queue) as queues,
                (select xact_commit > 0 from pg_stat_database where datname = current_database()) as used,
                (select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int from pg_stat_user_tables) as rows`,
      )
    const before = [await written(ours), await written(queues)]
    const [one, two] = await Promise.all([
      failStart({ DATABASE_URL: ours.url }),
      failStart({ DATABASE_URL: queues.url }),
    ])
    expect(one.msg).toContain('version 9999')
    expect(one.msg).toMatch(/versions up to 0\d{3}/u)
    expect(two.msg).toContain('version 9999')
    expect(two.msg).toContain(`versions up to ${version?.version}`)
    expect([await written(ours), await written(queues)]).toEqual(before)
  } finally {
    await ours.drop()
    await queues.drop()
  }
})

test('processes that start at once on an empty database all come up, and one of them migrates', async () => {
  const empty = await createTestDatabase('template0')
  const env = { DATABASE_URL: empty.url }
  const started = await Promise.allSettled(
    (['start', 'api', 'worker'] as const).map((role) => startProcess({ role, env })),
  )
  const children = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  try {
    expect(started.filter((one) => one.status === 'rejected')).toEqual([])
    expect(children.filter((child) => child.records.some((r) => r.msg.includes('migrated')))).toHaveLength(1)
    const migrations = await empty.query('select name from yeyak.migrations order by name')
    expect(new Set(migrations.map((row) => row['name'])).size).toBe(migrations.length)
    const reply = await fetch(new URL('/readyz', String(children[1]?.url)))
    expect(reply.status).toBe(200)
  } finally {
    await Promise.all(children.map((child) => child.end()))
    await empty.drop()
  }
})
