import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestDatabase } from '../kit/database.ts'
import { startOwnPostgres } from '../kit/own-postgres.ts'
import { eventually } from '../kit/poll.ts'
import type { TestPostgres } from '../kit/postgres.ts'
import { startWebhookReceiver } from '../kit/webhook-receiver.ts'
import { callsOfReadme, startMorningReport } from './example-morning-report.ts'
import { CONSUMER, CONSUMER_PACKAGES } from './package-consumer.ts'
import { privateDirectory, removeDirectory, ROOT } from './site.ts'

const run = promisify(execFile)
const installed = (name: string) => path.join(ROOT, 'node_modules', name)

let directory: string
let others: string
let postgres: TestPostgres
let database: TestDatabase

/** Unpacked where an installation would have put it, with links to what it depends on: no registry is asked. */
const install = async (): Promise<void> => {
  const modules = path.join(directory, 'node_modules')
  mkdirSync(path.join(modules, 'yeyak'), { recursive: true })
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: ROOT })
  const tarball = path.join(directory, stdout.trim().split('\n').at(-1) ?? '')
  await run('tar', ['-xzf', tarball, '-C', path.join(modules, 'yeyak'), '--strip-components', '1'])
  const { dependencies } = JSON.parse(readFileSync(path.join(modules, 'yeyak/package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const name of new Set([...Object.keys(dependencies), ...CONSUMER_PACKAGES])) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true })
    symlinkSync(installed(name), path.join(modules, name), 'junction')
  }
  for (const [name, text] of Object.entries(CONSUMER)) writeFileSync(path.join(directory, name), text)
}

/** Older ones, each in the package of its own platform: as packages of ours they would fight for the names in `.bin`. */
const NODE_22 = `node-${process.platform}-${process.arch}`
/** To pack the package and to ask the registry: most of it is other programs' time. */
const INSTALL_LIMIT_MS = 240_000

beforeAll(async () => {
  directory = privateDirectory()
  others = privateDirectory()
  await run('npm', [
    ...['install', '--prefix', others, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'],
    ...['typescript@5.9.3', `${NODE_22}@22.22.2`],
  ])
  const own = await startOwnPostgres()
  ;({ postgres, database } = own)
  await install()
  await database.query(`create table public.posts (id integer primary key, status text not null default 'draft',
    publish_at timestamptz, published_at timestamptz)`)
  await database.query(`create role writer login password 'writer'`)
  await database.query(`grant select, update on public.posts to writer`)
}, INSTALL_LIMIT_MS)

afterAll(async () => {
  await database.drop()
  await postgres.stop()
  removeDirectory(directory)
  removeDirectory(others)
})

test('the package has what it says: entry, types, program', () => {
  const root = path.join(directory, 'node_modules/yeyak')
  for (const file of [
    'dist/index.js',
    'dist/index.d.ts',
    'bin/yeyak.mjs',
    'LICENSE',
    'dashboard/dist/index.html',
  ])
    expect(existsSync(path.join(root, file)), file).toBe(true)
  expect(existsSync(path.join(root, 'src'))).toBe(false)
})

describe.each([
  ['TypeScript 7', () => installed('typescript/bin/tsc')],
  ['TypeScript 5.9', () => path.join(others, 'node_modules/typescript/bin/tsc')],
] as const)('%s', (_, compiler) => {
  test('takes its types for every client, and refuses what is no transaction', async () => {
    const checked = run(process.execPath, [compiler(), '-p', 'tsconfig.json'], { cwd: directory })
    expect(
      await checked.then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      ),
    ).toBe('')
  })
})

const ofWriter = () => {
  const url = new URL(database.url)
  Object.assign(url, { username: 'writer', password: 'writer' })
  return url.href
}

let last = 0

describe.each([
  ['Node 24', () => process.execPath],
  ['Node 22', () => path.join(others, 'node_modules', NODE_22, 'bin/node')],
] as const)('%s', (_, binary) => {
  test('a role with few rights schedules in its own transaction, and the program publishes by the same file', async () => {
    const node = binary()
    last += 1
    await database.query(`insert into public.posts (id) values (${last})`)
    const program = path.join(directory, 'node_modules/yeyak/bin/yeyak.mjs')
    const yeyak = (url: string) => ({
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, DATABASE_URL: url, APP_DATABASE_URL: url },
    })
    const migrated = await run(node, [program, 'migrate', '--grant', 'writer'], yeyak(database.url))
    expect(migrated.stdout).toContain('role \\"writer\\" may schedule')
    const worker = run(node, [program, 'worker'], yeyak(database.url))
    try {
      const { stdout } = await run(node, ['application.ts', String(last), '4000'], yeyak(ofWriter()))
      expect(JSON.parse(stdout)).toEqual({
        ...{ state: 'scheduled', refused: 'not-found' },
        canceled: { outcome: 'canceled', state: 'canceled' },
      })
      const at = await eventually(
        'the post is published',
        async () => {
          const [post] = await database.query<{ status: string; published_at: Date | null }>(
            `select status, published_at from public.posts where id = ${last}`,
          )
          return post?.status === 'published' && post.published_at
        },
        20_000,
      )
      worker.child.kill('SIGTERM')
      expect((await worker).stdout).toContain(
        `[publish-worker] post:${last} → published @${at.toISOString()}`,
      )
    } finally {
      worker.child.kill('SIGKILL')
      await worker.catch(() => {})
    }
  })
})

test('a mistake in the file is named, with the file and the mend', async () => {
  const file = path.join(directory, 'yeyak.config.ts')
  writeFileSync(file, `export default { models: { post: { table: 'posts', statsu: 'x' } } }`)
  const program = path.join(directory, 'node_modules/yeyak/bin/yeyak.mjs')
  const env = { PATH: process.env['PATH'], HOME: directory, DATABASE_URL: database.url }
  const failed = await run(process.execPath, [program, 'worker'], { cwd: directory, env }).catch(
    (error: unknown) => error,
  )
  expect(failed).toMatchObject({ code: 1 })
  const { stdout } = failed as { stdout: string }
  expect(stdout).toContain('yeyak.config.ts: models.post.statsu')
  expect(stdout).toContain('Did you mean \\"status\\"?')
})

test(
  'the example with Fastify and Prisma does what its README says, on the installed package',
  { timeout: 90_000 },
  async () => {
    const example = path.join(directory, 'fastify-prisma')
    cpSync(path.join(ROOT, 'examples/fastify-prisma'), example, {
      recursive: true,
      filter: (source) => !/node_modules|generated/u.test(path.relative(ROOT, source)),
    })
    await database.query('create database example')
    const url = new URL(database.url)
    url.pathname = '/example'
    const env = {
      ...{ PATH: process.env['PATH'], HOME: directory, DATABASE_URL: url.href },
      // Not needed to generate a client, and not to be had without its own host.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    }
    const prisma = path.join(directory, 'node_modules/prisma/build/index.js')
    await run(process.execPath, [prisma, 'generate'], { cwd: example, env })
    const tested = await run(process.execPath, ['--test', '--test-reporter=tap', 'test/app.test.ts'], {
      cwd: example,
      env,
    }).catch((error: { stdout: string }) => error)
    expect(tested.stdout).toContain('# fail 0')
    expect(tested.stdout).not.toContain('# pass 0')
  },
)

test('the example of a report every morning does what its README says, on the installed package', async () => {
  await database.query('create database morning')
  const url = new URL(database.url)
  url.pathname = '/morning'
  const receiver = await startWebhookReceiver()
  const [runIt, everyMorning, whatBecame, one] = callsOfReadme()
  if (!runIt || !everyMorning || !whatBecame || !one) throw new Error('the README has fewer calls than four')
  const said = ({ method, path: at, body }: typeof runIt) => [method, at, body] as const

  const plain = await startMorningReport(directory, { DATABASE_URL: url.href })
  try {
    const begun = await plain.call(...said(runIt))
    expect(begun.status, begun.text).toBe(201)
    const { result } = await plain.runs.inState(begun.body.id, 'succeeded')
    expect(result.report).toMatch(/^Hello: /u)
    expect(plain.printed()).toContain(result.report)
    const made = await plain.call(...said(everyMorning))
    expect(made.status, made.text).toBe(201)
    // Seven o'clock in Seoul, on five mornings.
    expect(made.body.nextRuns.map((at: string) => at.slice(11))).toEqual(
      Array.from({ length: 5 }, () => '22:00:00.000Z'),
    )
    const due = await plain.call('POST', '/v1/schedules/morning-report/run-now', undefined, {
      'if-match': '*',
    })
    expect(due.status, due.text).toBe(201)
    const ran = await plain.runs.inState(due.body.item.id, 'succeeded')
    expect(ran.result.report).toMatch(/^Good morning: /u)
    const { items } = (await plain.call(...said(whatBecame))).body
    expect(items).toMatchObject([{ id: ran.id, task: 'morning-report', state: 'succeeded' }])
    const { body } = await plain.call(one.method, one.path.replace('{id}', ran.id))
    expect(body).toMatchObject({ result: ran.result, attempts: [{ outcome: 'succeeded' }] })
  } finally {
    await plain.end()
  }

  const posting = await startMorningReport(directory, { DATABASE_URL: url.href, REPORT_URL: receiver.url })
  try {
    const posted = await posting.runs.inState(await posting.runs.start('morning-report'), 'succeeded')
    expect(receiver.received).toMatchObject([
      { body: JSON.stringify({ text: posted.result.report }), headers: { 'idempotency-key': posted.id } },
    ])
    receiver.answer((response) => void response.writeHead(503).end())
    const failed = await posting.runs.inState(await posting.runs.start('morning-report'), 'retrying')
    expect(failed).toMatchObject({
      retry: { limit: 5 },
      attempts: [{ outcome: 'failed', error: { message: 'the chat answered 503' } }],
    })
    // It never answers.
    receiver.answer(() => {})
    const running = await posting.runs.start('morning-report')
    await posting.runs.inState(running, 'running')
    expect((await posting.runs.act(running, 'cancel')).status).toBe(202)
    await posting.runs.inState(running, 'canceled', 3_000)
  } finally {
    await posting.end()
    await receiver.stop()
  }
})
