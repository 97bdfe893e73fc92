import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { sendRaw } from '../kit/http-server.ts'
import {
  bodyOf,
  type Operation,
  pathWith,
  readOperations,
  sampleOf,
  type Schema,
} from '../kit/openapi-requests.ts'
import {
  type BoundedCall,
  createBoundedCall,
  expectRefusal,
  expectSane,
  leavingNothing,
  OLD,
} from '../kit/problems.ts'

// Some thousand requests each: seconds on a machine that is free.
vi.setConfig({ testTimeout: 120_000 })

let t: TestApp
let base: string
let operations: Operation[]
beforeAll(async () => {
  // Without a Host check and a first key that would close it: everyone may do everything here.
  t = await startTestApp({ roles: { api: true, worker: false }, env: { YEYAK_AUTH: 'off' } })
  base = t.app.url?.replace('localhost', '127.0.0.1') ?? ''
  operations = await readOperations(t.client)
  await t.client.create({ message: 'one that stays', sendAt: { delay: '1h' } })
})
afterAll(() => t.end())

/** Where a version must be named, any is: what is wrong beside that is tried here. */
const call: BoundedCall = (method, path, body, headers) =>
  createBoundedCall(base)(method, path, body, { 'if-match': '*', ...headers })

const UNKNOWN_ID = '0199f0a0-0000-7000-8000-00000000dead'
const placeOf = (operation: Operation) => pathWith(operation, () => UNKNOWN_ID)
const withBody = () =>
  operations.flatMap(({ body, ...operation }) => (body === null ? [] : [{ ...operation, body }]))

test('the document names every kind of call', () => {
  expect(operations.length).toBeGreaterThan(25)
  expect(withBody().length).toBeGreaterThan(8)
})

test('every route refuses a body that is no JSON, of another kind, or with a name that it does not know', () =>
  leavingNothing(t.database, async () => {
    for (const operation of operations) {
      if (operation.method === 'GET' || OLD.has(operation.path)) continue
      const path = placeOf(operation)
      const send = (body: unknown, headers?: Record<string, string>) =>
        call(operation.method, path, body, headers)
      const expectCode = (what: string, code: string, reply: Awaited<ReturnType<BoundedCall>>) => {
        expectRefusal(reply, operation.path, `${operation.name}: ${what}`)
        // A route that takes no body may pass over one: it is refused for its id then.
        const codes = operation.body === null ? [code, 'not-found'] : [code]
        expect(codes, `${operation.name}: ${what}: ${reply.text}`).toContain(reply.body.code)
      }
      for (const text of ['{', '{"a":', 'x', '{"a":1}}', "{'a':1}", '\u0000', '{"a":"\\x"}'])
        expectCode(`the text ${JSON.stringify(text)}`, 'malformed-json', await send(text))
      for (const value of [[], 'x', 5, true, [[]], [{}]])
        expectCode(`the body ${JSON.stringify(value)}`, 'invalid-request', await send(JSON.stringify(value)))
      const known = Object.keys(operation.body?.properties ?? {})
      const filled = operation.body === null ? {} : (sampleOf(operation.body) as object)
      for (const name of ['zzunknown', 'constructor', 'toString', '__defineGetter__', ''])
        if (!known.includes(name))
          expectCode(`the name ${name}`, 'invalid-request', await send({ ...filled, [name]: 1 }))
      expectCode('poison', 'invalid-request', await send('{"__proto__":{"a":1}}'))
      expectCode('NUL', 'invalid-request', await send('{"a":"\\u0000"}'))
      expectCode(
        'another type',
        'unsupported-media-type',
        await send('a=b', { 'content-type': 'text/plain' }),
      )
    }
  }))

test('every route refuses a body that is too large before it has come', async () => {
  const port = Number(new URL(t.app.url ?? '').port)
  for (const operation of operations) {
    if (operation.method === 'GET') continue
    const head = `${operation.method} ${placeOf(operation)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{`
    const text = await sendRaw(port, head)
    expect(text, operation.name).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"too-large"/u)
  }
})

/** A value of every kind that JSON has, and the corners of each. */
const VALUES: unknown[] = [
  null, true, false, 0, -1, 1e308, 0.5, '', ' ', 'x', 'hidden', '2026-13-45', [], [[]], [null], {}, { a: 1 }, { delay: 'x' }, 'x'.repeat(5000), '\ud83d\ude00', '%00', '../..', "';--",
] // prettier-ignore

const fieldsOf = (schema: Schema, path: string[] = []): { path: string[]; schema: Schema }[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, one]) => [
    { path: [...path, name], schema: one },
    ...fieldsOf(one, [...path, name]),
  ])

const withValue = (body: unknown, [name, ...rest]: readonly string[], value: unknown): unknown => {
  if (name === undefined) return value
  const members = typeof body === 'object' && body !== null ? { ...body } : {}
  const inner: unknown = Reflect.get(members, name)
  return { ...members, [name]: withValue(inner, rest, value) }
}

test('every field of every body, with a value of every kind: taken or refused by its path, never the server’s fault', async () => {
  for (const operation of withBody()) {
    const { body } = operation
    for (const { path, schema } of fieldsOf(body)) {
      for (const value of [...VALUES, sampleOf(schema)]) {
        const what = `${operation.name} with ${path.join('.')} = ${JSON.stringify(value).slice(0, 60)}`
        const reply = await call(operation.method, placeOf(operation), withValue(sampleOf(body), path, value))
        expectSane(reply, operation.path, what)
        if (reply.body?.code === 'invalid-request') expect(reply.body.errors.length, what).toBeGreaterThan(0)
      }
    }
  }
})

test('every optional field may be absent, and every required one is named where it is', async () => {
  for (const operation of withBody()) {
    const { body } = operation
    const full = Object.fromEntries(
      Object.entries(body.properties ?? {}).map(([name, schema]) => [name, sampleOf(schema)]),
    )
    for (const name of Object.keys(full)) {
      const { [name]: _left, ...rest } = full
      const reply = await call(operation.method, placeOf(operation), rest)
      const what = `${operation.name} without ${name}: ${reply.text.slice(0, 200)}`
      expectSane(reply, operation.path, what)
      const isNamed = reply.body?.errors?.some((fault: { path: string }) => fault.path === name) === true
      if (body.required?.includes(name) === true) expect(isNamed, what).toBe(true)
    }
  }
})

const WRONG_IDS = [
  UNKNOWN_ID, UNKNOWN_ID.toUpperCase(), 'x', '0', '-1', '1e9', 'null', '%', ' ', '예약', '\u0000', '\ud83d\ude00', '...', "' or 1=1", '9'.repeat(30), 'a'.repeat(1500), 'a/b', '{}',
] // prettier-ignore

test('an id that is none, or of nothing, is refused on every route, and changes nothing', () =>
  leavingNothing(t.database, async () => {
    for (const operation of operations) {
      if (operation.params.length === 0) continue
      for (const id of WRONG_IDS) {
        const reply = await call(
          operation.method,
          pathWith(operation, () => id),
          bodyOf(operation),
        )
        const what = `${operation.name} of ${JSON.stringify(id)}`
        expectRefusal(reply, operation.path, what)
      }
    }
  }))

test('a query that a route does not know, or a value that does not fit, is refused by its name', async () => {
  for (const operation of operations) {
    if (operation.access === 'public' || OLD.has(operation.path)) continue
    const path = placeOf(operation)
    const unknown = await call(operation.method, `${path}?zzunknown=1`)
    expectRefusal(unknown, operation.path, `${operation.name}?zzunknown`)
    for (const { name, schema } of operation.query) {
      for (const value of [
        '',
        ' ',
        '-1',
        '0',
        '1e99',
        'x',
        '\u0000',
        '예약',
        'x'.repeat(3000),
        '{}',
        "';--",
        '2026-13-45',
      ])
        expectSane(
          await call(operation.method, `${path}?${new URLSearchParams({ [name]: value }).toString()}`),
          operation.path,
          `${operation.name}?${name}=${value.slice(0, 40)}`,
        )
      const twice = new URLSearchParams([
        [name, String(sampleOf(schema))],
        [name, 'x'],
      ])
      expectSane(await call(operation.method, `${path}?${twice.toString()}`), operation.path, `${name} twice`)
    }
  }
})

test('every header that a route heeds, with values of every kind', async () => {
  for (const operation of operations) {
    for (const header of operation.headers) {
      for (const value of [
        '',
        '*',
        'x',
        '"',
        '""',
        '"-1"',
        '"99999999999999999999"',
        'W/"1"',
        '"1", "2"',
        '\u00ff',
        'a'.repeat(300),
        '0'.repeat(4000),
      ]) {
        expectSane(
          await call(operation.method, placeOf(operation), bodyOf(operation), { [header]: value }),
          operation.path,
          `${operation.name} with ${header}: ${value.slice(0, 40)}`,
        )
      }
    }
  }
})
