import { once } from 'node:events'
import { createServer } from 'node:net'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createDatabase, describeError, isUnavailable, sqlState } from './database.ts'

const fromServer = (code: string): pg.DatabaseError => {
  const error = new pg.DatabaseError('refused', 0, 'error')
  error.code = code
  return error
}
const fromNetwork = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code })

test.each(['08006', '53300', '53100', '57P01', '57P03', '25006', '55P03', '40001', '40P01', '57014'])(
  'the server’s %s will pass: the same statement may succeed later',
  (code) => {
    expect(isUnavailable(fromServer(code))).toBe(true)
    expect(sqlState(fromServer(code))).toBe(code)
  },
)

test.each(['23505', '23514', '22P05', '42P01', '42501', 'XX000', '54001'])(
  'the server’s %s will not',
  (code) => {
    expect(isUnavailable(fromServer(code))).toBe(false)
  },
)

test('a network that is down will pass; an error of ours, or a caller who hung up, is something else', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', 'EPIPE'])
    expect(isUnavailable(fromNetwork(code))).toBe(true)
  for (const text of [
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Connection terminated',
  ])
    expect(isUnavailable(new Error(text))).toBe(true)
  expect(isUnavailable(new AggregateError([fromNetwork('ECONNREFUSED'), fromNetwork('ECONNREFUSED')]))).toBe(
    true,
  )
  expect(isUnavailable(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))).toBe(false)
  for (const other of [new TypeError('x is not a function'), new Error('no'), 'text', null, undefined, {}])
    expect(isUnavailable(other)).toBe(false)
})

test('whatever was thrown has a text, two refused addresses too', () => {
  const refused = [fromNetwork('ECONNREFUSED'), new Error('other')]
  expect(describeError(new AggregateError(refused))).toBe('connect ECONNREFUSED; other')
  expect(describeError(new AggregateError(refused, 'own text'))).toBe('own text')
  expect(describeError('text')).toBe('text')
  expect(sqlState(new Error('x'))).toBeUndefined()
})

test('a database that nobody answers for is unavailable, within the time that was set', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const db = createDatabase({
    connection: () => ({ host: '127.0.0.1', port, user: 'u', password: 'p', database: 'd' }),
    ...{ applicationName: 'test', maxConnections: 1, connectTimeoutMs: 100, onConnectionLost: () => {} },
  })
  const startedAt = performance.now()
  const error: unknown = await sql`select 1`.execute(db).catch((thrown: unknown) => thrown)
  expect(isUnavailable(error)).toBe(true)
  expect(performance.now() - startedAt).toBeLessThan(2_000)
  await db.destroy()
  silent.close()
})
