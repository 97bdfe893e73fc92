import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestApp } from '../kit/app.ts'
import { runCommand } from '../kit/command.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'

let database: TestDatabase

beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

const uninstall = (args: readonly string[] = [], input = '', env: Record<string, string> = {}) =>
  runCommandHere(['uninstall', ...args], { env: { DATABASE_URL: database.url, ...env }, input })

const schemas = async () => {
  const rows = await database.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname like 'yeyak%' order by 1`,
  )
  return rows.map(({ name }) => name)
}

const BOTH = ['yeyak', 'yeyak_queue']

/** Two that wait, one that is delivered; and nobody connected afterwards. */
const fill = async () => {
  const app = await startTestApp({ database })
  await app.client.create({ message: 'first', sendAt: '2034-06-01T00:00:00Z' })
  await app.client.create({ message: 'second', sendAt: '2035-06-01T00:00:00Z' })
  await app.client.inState(await app.client.create({ message: 'sent' }), 'delivered')
  await app.end()
  await eventually('the end of its connections', async () => {
    const rows = await database.query(
      `select 1 from pg_stat_activity where datname = $1 and application_name like 'yeyak%'`,
      [database.name],
    )
    return rows.length === 0
  })
}

test('it shows what still waits, and removes both schemas once the name was typed', async () => {
  await fill()
  await database.query('create table public.mine (id int)')
  const { code, out, errors } = await runCommand(['uninstall'], {
    ...{ env: { DATABASE_URL: database.url }, input: 'yeyak\n' },
  })
  expect({ code, errors }).toEqual({ code: 0, errors: 'Type yeyak to remove it: ' })
  expect(out).toContain('2 notifications that still wait')
  expect(out).toMatch(/^ {4}log {2}scheduled {2}2 {2}earliest due 2034-06-01 00:00:00 \+00:00$/mu)
  expect(out).toContain('1 that are final')
  expect(out).toContain('removed: yeyak, yeyak_queue')
  expect(await schemas()).toEqual([])
  expect(await database.query('select 1 from public.mine')).toEqual([])
})

test.each([
  ['another name', 'yes\n'],
  ['no answer at all', ''],
])('%s keeps everything, with exit code 1', async (_, input) => {
  const { code, errors } = await uninstall([], input)
  expect(code).toBe(1)
  expect(errors).toContain('nothing was removed')
  expect(await schemas()).toEqual(BOTH)
})

test('while Yeyak is connected it refuses, and names who; --force removes all the same', async () => {
  const worker = new pg.Client({ connectionString: database.url, application_name: 'yeyak-worker' })
  await worker.connect()
  const refused = await uninstall(['--yes'])
  expect(refused.code).toBe(1)
  expect(refused.errors).toMatch(/stop it first.*\n {2}yeyak-worker /u)
  expect(await schemas()).toEqual(BOTH)
  expect(await uninstall(['--yes', '--force'])).toMatchObject({ code: 0, errors: '' })
  expect(await schemas()).toEqual([])
  await worker.end()
})

test('a lock that somebody holds on one table keeps both schemas', async () => {
  const holder = await database.session()
  await holder.query('begin')
  await holder.query('select 1 from yeyak_queue.job limit 1')
  const { code, errors } = await uninstall(['--yes'])
  expect(code).toBe(1)
  expect(errors).toContain('lock timeout')
  expect(await schemas()).toEqual(BOTH)
  await holder.query('rollback')
  await holder.end()
})

test('what others have built on it is named before it goes with it', async () => {
  await database.query('create view public.next_up as select * from yeyak.upcoming limit 10')
  const { out } = await uninstall([], 'no\n')
  expect(out).toContain('    view next_up')
})

test('where nothing is installed it says so, and that is no fault', async () => {
  await uninstall(['--yes'])
  const { code, out } = await uninstall(['--yes'])
  expect({ code, out }).toEqual({ code: 0, out: 'there is nothing to remove: no schema yeyak\n' })
})

test('a schema that holds anything of somebody else is not removed, whatever is asked', async () => {
  await database.query('create schema app')
  await database.query('create table app.customers (id int)')
  const wrong = await uninstall(['--yes', '--force'], '', { YEYAK_SCHEMA: 'app' })
  expect(wrong.out).toBe('there is nothing to remove: no schema app\n')
  await database.query('create table yeyak.mine (id int)')
  const shared = await uninstall(['--yes', '--force'])
  expect(shared.code).toBe(1)
  expect(shared.errors).toMatch(/not tables of Yeyak.*\n {2}yeyak\.mine\n/u)
  expect(await schemas()).toEqual(BOTH)
  expect(await database.query('select 1 from app.customers')).toEqual([])
})

test('in Korean where the locale says so', async () => {
  const { code, out, errors } = await uninstall([], '\n', { LANG: 'ko_KR.UTF-8' })
  expect(code).toBe(1)
  expect(out).toContain('알림 0개')
  expect(errors).toContain('아무것도 지우지 않았습니다')
})
