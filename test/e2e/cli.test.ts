import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../kit/poll.ts'
import { endOrphan, freePort, privateDirectory, removeDirectory, ROOT, type Run, yeyak } from './site.ts'

const MIGRATED = /^database: migrated, 0001-initial/u
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }
const STARTED = 'pg-boss가 시작되었습니다.'
const QUEUE = `'send-alert' 큐가 준비되었습니다.`
const WORKER = `'send-alert' 워커가 작업을 대기 중입니다.`
const api = (port: number) => `알림 API 서버가 http://localhost:${port} 에서 실행 중입니다.`
/** The lines that users of the server before Yeyak wait for. */
const isContract = (message: string) => /^(pg-boss가|'send-alert'|알림 API)/u.test(message)

let directory: string
const runs: Run[] = []

const begin = (args: readonly string[], env: Record<string, string> = {}): Run => {
  const run = yeyak(args, directory, env)
  runs.push(run)
  return run
}

const clear = async () => {
  for (const run of runs.splice(0)) await run.clear()
  await endOrphan(directory)
  removeDirectory(directory)
}

beforeAll(() => {
  directory = privateDirectory()
})
afterAll(clear)

const outcomeOf = async (run: Run) => {
  const { code } = await run.ended
  return { code, out: run.lines().join('\n'), errors: run.stderr() }
}

const expectStop = async (run: Run, signal: NodeJS.Signals = 'SIGTERM') => {
  run.signal(signal)
  expect(await run.ended).toEqual({ code: 0, signal: null })
}

describe.concurrent('the command line', () => {
  test.each(['--help', '-h'])('%s lists every command', async (flag) => {
    const { code, out } = await outcomeOf(begin([flag]))
    expect(code).toBe(0)
    for (const name of ['start', 'api', 'worker', 'migrate'])
      expect(out).toMatch(new RegExp(`^  ${name} `, 'mu'))
  })

  test.each(['--version', '-v'])('%s is that of the package', async (flag) => {
    expect(await outcomeOf(begin([flag]))).toEqual({ code: 0, out: version, errors: '' })
  })

  test.each([
    ['no command', [], 'Usage: yeyak <command>'],
    ['an unknown command', ['wroker'], 'unknown command "wroker", did you mean "worker"?'],
    ['an argument too many', ['start', 'now'], '"start" takes no arguments, got: now'],
    ['an unknown option', ['start', '--port', '3001'], "Unknown option '--port'"],
  ])('%s is refused with exit code 2, in words', async (_, args, said) => {
    const { code, out, errors } = await outcomeOf(begin(args))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(errors).toContain(said)
    expect(errors).not.toContain('    at ')
  })

  test('wrong settings are all named in one record, and nothing is written', async () => {
    const run = begin(['start'], { PORT: 'abc', YEYAK_POLL: '3', YEYAK_LOG_LEVEL: 'loud' })
    expect((await run.ended).code).toBe(1)
    const [refusal = '', ...more] = run.messages()
    expect(more).toEqual([])
    expect(refusal).toMatch(/^서버 시작 실패: 3 settings are wrong:/u)
    expect(refusal).toContain('PORT: "abc"')
    expect(refusal).toContain('YEYAK_POLL: there is no such setting. Did you mean YEYAK_POLL_SECONDS?')
    expect(refusal).toContain('YEYAK_LOG_LEVEL: "loud"')
    expect(readdirSync(directory)).toEqual([])
  })

  test('two databases at once are refused', async () => {
    const run = begin(['start'], { DATABASE_URL: 'postgres://a@127.0.0.1/a', DB_HOST: 'b' })
    expect((await run.ended).code).toBe(1)
    expect(run.messages()[0]).toContain('Remove DATABASE_URL, or DB_HOST.')
  })

  test('a database that cannot be reached is waited for, then named', async () => {
    const port = String(await freePort())
    const run = begin(['worker'], { DB_HOST: '127.0.0.1', DB_PORT: port, YEYAK_BOOT_WAIT_SECONDS: '1' })
    expect((await run.ended).code).toBe(1)
    expect(run.messages()).toEqual([
      expect.stringContaining('cannot be reached yet, trying again'),
      `서버 시작 실패: PostgreSQL at 127.0.0.1:${port}, database pgboss, user user could not be reached within 1 s: ` +
        `connect ECONNREFUSED 127.0.0.1:${port}`,
    ])
  })
})

describe('on the embedded database', () => {
  afterEach(async () => {
    for (const run of runs) await run.clear()
  })

  test('migrate brings the database up to date and ends; a second one finds nothing to do', async () => {
    const first = begin(['migrate'])
    expect((await first.ended).code).toBe(0)
    expect(first.messages()).toContainEqual(expect.stringMatching(MIGRATED))
    const second = begin(['migrate'])
    expect((await second.ended).code).toBe(0)
    expect(second.messages().at(-1)).toBe('database: up to date')
    expect(second.messages().join()).not.toContain('migrated')
  })

  test('start says its four lines in order, and SIGTERM ends it with exit code 0', async () => {
    const port = await freePort()
    const run = begin(['start'], { PORT: String(port) })
    await run.logged('에서 실행 중입니다.')
    expect(run.messages().filter(isContract)).toEqual([STARTED, QUEUE, WORKER, api(port)])
    await expectStop(run)
  })

  test('the same signal twice at once, as npm hands it on, is one signal: it still drains', async () => {
    const run = begin(['start'], { PORT: '0' })
    await run.logged('에서 실행 중입니다.')
    run.signal('SIGINT')
    await run.logged('SIGINT: finishing what runs')
    await expectStop(run, 'SIGINT')
  })

  test('in the pretty format each line ends with its whole message', async () => {
    const run = begin(['start'], { PORT: '0', YEYAK_LOG_FORMAT: 'pretty' })
    await run.logged('try: curl')
    const endings = [STARTED, QUEUE, WORKER]
    expect(endings.filter((text) => !run.lines().some((line) => line.endsWith(text)))).toEqual([])
    await expectStop(run)
  })
})

describe('api and worker as processes of their own', () => {
  let port: number
  let url: string
  let apiRun: Run
  let workerRun: Run

  beforeAll(async () => {
    port = await freePort()
    // Whoever comes first brings the embedded database along; the others join it.
    apiRun = begin(['api'], { PORT: String(port) })
    await apiRun.logged('에서 실행 중입니다.')
    url = readFileSync(path.join(directory, '.yeyak/database-url'), 'utf8').trim()
    workerRun = begin(['worker'], { DATABASE_URL: url })
    await workerRun.logged(WORKER)
  })

  const asOwner = async (statement: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(statement)).rows
    } finally {
      await client.end()
    }
  }

  test('api says the first, second and fourth line, worker the first three', async () => {
    expect(apiRun.messages().filter(isContract)).toEqual([STARTED, QUEUE, api(port)])
    expect(workerRun.messages().filter(isContract)).toEqual([STARTED, QUEUE, WORKER])
  })

  test('what the one accepts, the other delivers', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/notifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'from one to the other', sendAt: { delay: 0.2 } }),
    })
    expect(response.status).toBe(201)
    await workerRun.logged('"msg":"✅ [알림 발송 성공] from one to the other"')
    expect(apiRun.messages().join()).not.toContain('알림 발송 성공')
  })

  test('a DBA sees who is who, and what is to come', async () => {
    const names = await asOwner(
      `select distinct application_name as name from pg_stat_activity where application_name like 'yeyak-%'`,
    )
    // The lock on the data directory bears its holder behind its name.
    const found = names.map((row) => String(row['name']).split(' ')[0])
    expect(found).toEqual(expect.arrayContaining(['yeyak-api', 'yeyak-worker']))
    expect(await asOwner(`select kind, id, due_at, state, title from yeyak.upcoming`)).toEqual([])
  })

  test.each([
    [
      'a refused login',
      (u: URL) => (u.password = 'wrong'),
      'password authentication failed for user "yeyak"',
    ],
    ['a database that does not exist', (u: URL) => (u.pathname = '/nope'), 'database "nope" does not exist'],
  ])('%s ends a start at once, with the cause', async (_, spoil, cause) => {
    const wrong = new URL(url)
    spoil(wrong)
    const run = begin(['worker'], { DATABASE_URL: wrong.href })
    expect((await run.ended).code).toBe(1)
    expect(run.messages()).toEqual([expect.stringContaining(`서버 시작 실패: ${cause}`)])
  })

  test('several that start at once on a database that has nothing yet all come up, and one of them migrates', async () => {
    await asOwner(`create database together`)
    const target = new URL(url)
    target.pathname = '/together'
    const together = [1, 2, 3].map(() => begin(['worker'], { DATABASE_URL: target.href }))
    for (const run of together) await run.logged(WORKER)
    const migrated = together.filter((run) => run.messages().some((line) => MIGRATED.test(line)))
    expect(migrated).toHaveLength(1)
    for (const run of together) await expectStop(run)
  })

  test('both drain on SIGTERM and end with exit code 0', async () => {
    await expectStop(workerRun)
    await expectStop(apiRun)
    await eventually(
      'the end of the database',
      () => !readdirSync(path.join(directory, '.yeyak/postgres')).includes('postmaster.pid'),
    )
  })
})
