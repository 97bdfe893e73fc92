import { expect } from 'vitest'
import { PROBLEMS } from '../../src/platform/problems.ts'
import { type Call, type Reply, send } from './client.ts'
import type { TestDatabase } from './database.ts'

/** They answer in the form of the server before Yeyak. */
export const OLD = new Set(['/schedule-notification', '/send-email'])

/** A refusal in the one form that there is, and never the server's own fault. */
export const expectRefusal = (reply: Reply, path: string, what: string): void => {
  expect(reply.status, `${what}: ${reply.text.slice(0, 300)}`).toBeGreaterThanOrEqual(400)
  expect(reply.status, `${what}: ${reply.text.slice(0, 300)}`).toBeLessThan(500)
  if (OLD.has(path) && reply.status === 400) return
  expect(reply.headers.get('content-type'), what).toBe('application/problem+json; charset=utf-8')
  const { code, status, requestId, type } = reply.body
  expect(Object.keys(PROBLEMS), what).toContain(code)
  expect({ status, type, requestId }, what).toEqual({
    status: reply.status,
    type: `urn:yeyak:problem:${code}`,
    requestId: reply.headers.get('x-request-id'),
  })
}

/** Anything but the server's own fault; a refusal in its form. */
export const expectSane = (reply: Reply, path: string, what: string): void => {
  if (reply.status >= 400) expectRefusal(reply, path, what)
  else expect(reply.text, what).not.toContain('yeyak_queue.')
}

/** How many rows each of our tables has, and the newest change of those that bear one. */
const rowsOf = async (database: TestDatabase): Promise<Record<string, string>> => {
  const tables = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'yeyak' and table_type = 'BASE TABLE' order by 1`,
  )
  const counts = tables.map(
    ({ name }) => `select '${name}' as name, count(*)::text as n from yeyak."${name}"`,
  )
  const rows = await database.query<{ name: string; n: string }>(counts.join(' union all '))
  const changes = await database.query<{ n: string }>(
    `select md5(coalesce(string_agg(n::text, ',' order by id), '')) as n from yeyak.notifications n`,
  )
  return { ...Object.fromEntries(rows.map(({ name, n }) => [name, n])), notifications: changes[0]?.n ?? '' }
}

/** What was refused must have left nothing. */
export const leavingNothing = async (database: TestDatabase, run: () => Promise<void>): Promise<void> => {
  const before = await rowsOf(database)
  await run()
  expect(await rowsOf(database)).toEqual(before)
}

/** A call that is not waited for longer than this. */
export const callWithin = (
  base: string,
  { path, ...call }: Omit<Call, 'signal'> & { path: string },
  limitMs = 5000,
): Promise<Reply> => send(new URL(path, base), { ...call, signal: AbortSignal.timeout(limitMs) })

export type BoundedCall = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>

/** A client that gives up after 5 s. */
export const createBoundedCall =
  (base: string): BoundedCall =>
  (method, path, body, headers = {}) =>
    callWithin(base, {
      method,
      path,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
