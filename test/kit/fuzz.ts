import fc from 'fast-check'
import { NAUGHTY } from './naughty.ts'
import { type Operation, pathWith, sampleOf, type Schema } from './openapi-requests.ts'

/** A request as it goes out; the path has its parameters in it. */
export interface FuzzRequest {
  operation: string
  method: string
  path: string
  headers: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
}

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAUGHTY) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom('\u0000', '\ud800', 'x'.repeat(300), '예'.repeat(3000), '2026-02-30T00:00:00Z', '9999-12-31T23:59:59Z') },
) // prettier-ignore

const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 1, 2 ** 31, 2 ** 31 - 1, -(2 ** 31), 2 ** 53, 1e308, 5e-324, 32_767, 32_768),
)

const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
)

/** Times are the one thing that no schema says: mostly such that are taken, and then what only looks like one. */
const when: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({
    delay: fc.oneof(fc.constantFrom('1h', '90m', 'PT2H', 3600, '100w', '0s', '-1s', '1y'), anything),
  }),
  fc.record(
    {
      local: fc.constantFrom('2099-03-31T02:30', '2099-01-01T09:00', '2099-13-01T00:00', 'x'),
      timeZone: fc.constantFrom('Asia/Seoul', 'Europe/Berlin', 'Nowhere/None', '+09:00'),
      ifSkipped: anything,
      ifRepeated: anything,
    },
    { requiredKeys: ['local', 'timeZone'] },
  ),
  fc.constantFrom('2099-01-01T00:00:00Z', '2099-01-01T00:00:00+09:00', '+275760-09-13T00:00:00Z'),
)

const textFor = (schema: Schema): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(sampleOf(schema)) },
    { weight: 1, arbitrary: fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 40, 40) }) },
    { weight: 1, arbitrary: text },
  ) // prettier-ignore

const numberFor = ({ minimum = -1000, maximum = 1000, type }: Schema): fc.Arbitrary<unknown> => {
  const inside =
    type === 'integer'
      ? fc.integer({ min: Math.ceil(minimum), max: Math.min(maximum, 2 ** 31 - 1) })
      : fc.double({ min: minimum, max: maximum, noNaN: true })
  return fc.oneof({ weight: 4, arbitrary: inside }, { weight: 1, arbitrary: number })
}

const objectFor = ({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> => {
  const members = Object.entries(properties)
  if (members.length === 0)
    return fc.dictionary(text, fc.oneof(text, anything), { maxKeys: 4, noNullPrototype: true })
  const fields = Object.fromEntries(members.map(([name, schema]) => [name, valueFor(schema)]))
  const known = fc.record(fields, {
    requiredKeys: required.filter((name) => name in fields),
    noNullPrototype: true,
  })
  // A request of all fields is refused for one of them: most have few.
  const few = fc
    .tuple(
      known,
      fc.subarray(
        members.map(([name]) => name),
        { maxLength: Math.min(members.length, 5) },
      ),
    ) // prettier-ignore
    .map(([all, names]) =>
      Object.fromEntries(
        Object.entries(all).filter(([name]) => required.includes(name) || names.includes(name)),
      ),
    )
  return fc.oneof(
    { weight: 12, arbitrary: few },
    { weight: 1, arbitrary: known },
    { weight: 1, arbitrary: fc.tuple(few, text, anything).map(([value, name, more]) => ({ ...value, [name]: more })) },
  ) // prettier-ignore
}

/** Mostly what the schema takes, now and then something else in its place. */
export const valueFor = (schema: Schema): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 14, arbitrary: fitting(schema) }, { weight: 1, arbitrary: anything })

const fitting = (schema: Schema): fc.Arbitrary<unknown> => {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const branches = schema.anyOf ?? schema.oneOf
  if (branches !== undefined && branches.length > 0) return fc.oneof(...branches.map(valueFor))
  switch ([schema.type].flat()[0]) {
    case 'string':
      return textFor(schema)
    case 'integer':
    case 'number':
      return numberFor(schema)
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(valueFor(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 5, 5) })
    case 'object':
      return objectFor(schema)
    default:
      return when
  }
} // prettier-ignore

/** What one channel or the other takes: with them most notifications are made, and not refused for a field that is missing. */
const DRAFTS: readonly Record<string, unknown>[] = [
  { message: 'Hello', sendAt: { delay: '1h' } },
  { channel: 'webhook', to: 'https://example.com/', payload: { a: 1 }, headers: { 'x-secret': 'fuzz-header' }, sendAt: { delay: '1h' } },
  { channel: 'email', to: 'min@example.com', subject: 's', text: 't', sendAt: { delay: '1h' } },
  { message: 'Hello', dedupeKey: 'one', onDuplicate: 'replace', groupKey: 'g', sendAt: { delay: '1h' } },
] // prettier-ignore

const draftOf = (schema: Schema): fc.Arbitrary<unknown> => {
  const few = fc.tuple(fc.constantFrom(...DRAFTS), objectFor(schema)).map(([draft, more]) => {
    // Of what was drawn two members at most, so that most of them are right.
    const drawn = Object.entries(typeof more === 'object' && more !== null ? more : {}).slice(0, 2)
    return { ...draft, ...Object.fromEntries(drawn.filter(([name]) => name !== 'channel')) }
  })
  return fc.oneof({ weight: 6, arbitrary: few }, { weight: 1, arbitrary: valueFor(schema) })
}

/** Of the bodies that make notifications, and of all others. */
const bodyFor = ({ name, body }: Operation, create: Schema | null): fc.Arbitrary<unknown> => {
  if (body === null || create === null) return fc.constant(undefined)
  if (name === 'POST /v1/notifications') return draftOf(create)
  if (name !== 'POST /v1/notifications/batch') return valueFor(body)
  // The document leaves the items of a batch to the route for one.
  return fc.record(
    { notifications: fc.array(draftOf(create), { maxLength: 8 }), mode: fc.constantFrom('all', 'each') },
    { requiredKeys: ['notifications'], noNullPrototype: true },
  )
}

/** The bytes of a body: nearly always its JSON, else JSON that was cut, doubled or spoilt. */
const bytesOf = (value: unknown): fc.Arbitrary<string | Uint8Array<ArrayBuffer>> => {
  const json = JSON.stringify(value) ?? 'null'
  return fc.oneof(
    { weight: 20, arbitrary: fc.constant(json) },
    { weight: 1, arbitrary: fc.nat(json.length).map((at) => json.slice(0, at)) },
    { weight: 1, arbitrary: fc.constantFrom(json + json, `\ufeff${json}`, `[${json}]`, json.replace('{', '{"__proto__":{"a":1},'), '['.repeat(5000), '{"a":'.repeat(5000)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => new Uint8Array(bytes)) },
  ) // prettier-ignore
}

const headerText = fc.oneof(
  fc.constantFrom('"1"', '*', '"2"', 'x', 'key-1', 'key-2', ''),
  fc.string({ maxLength: 40 }).map((value) => value.replaceAll(/[^\u0021-\u007e]/gu, '')),
)

/** Requests to every route of the document. `known` are ids that exist, so that some of the calls meet something. */
export const requestsTo = (
  operations: readonly Operation[],
  known: readonly string[],
): fc.Arbitrary<FuzzRequest> => {
  const id = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: text.filter((value) => value !== '' && value.isWellFormed()) },
  ) // prettier-ignore
  const create = operations.find(({ name }) => name === 'POST /v1/notifications')?.body ?? null
  return fc.oneof(
    ...operations.map((operation) => ({
      weight: MAKING.has(operation.name) ? 8 : 1,
      arbitrary: requestTo(operation, id, bodyFor(operation, create)),
    })),
  )
}

const MAKING = new Set([
  'POST /v1/notifications',
  'POST /v1/notifications/batch',
  'PATCH /v1/notifications/{id}',
])

const requestTo = (
  operation: Operation,
  id: fc.Arbitrary<string>,
  body: fc.Arbitrary<unknown>,
): fc.Arbitrary<FuzzRequest> => {
  const { method, name } = operation
  const query = Object.fromEntries(operation.query.map((one) => [one.name, valueFor(one.schema)]))
  // Where a version must be named, nearly always any is.
  const version = fc.oneof({ weight: 5, arbitrary: fc.constant('*') }, { weight: 1, arbitrary: headerText })
  const headers = Object.fromEntries(
    operation.headers.map((header) => [header, header === 'If-Match' ? version : headerText]),
  )
  return fc
    .record({
      ids: fc.array(id, { minLength: operation.params.length, maxLength: operation.params.length }),
      query: fc.record(query, { requiredKeys: [], noNullPrototype: true }),
      headers: fc.record(headers, {
        requiredKeys: operation.headers.filter((header) => header === 'If-Match'),
        noNullPrototype: true,
      }),
      body: operation.body === null ? fc.constant(undefined) : body.chain(bytesOf),
      mediaType: fc.oneof(
        { weight: 30, arbitrary: fc.constant('application/json') },
        { weight: 1, arbitrary: fc.constantFrom('application/merge-patch+json', 'text/plain', 'application/json; charset=utf-16') },
      ), // prettier-ignore
    })
    .map((o) => {
      let at = 0
      const target = pathWith(operation, () => o.ids[at++] ?? '')
      const search = new URLSearchParams(
        Object.entries(o.query).map(([key, value]): [string, string] => [
          key,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ).toString()
      return {
        operation: name,
        method,
        path: search === '' ? target : `${target}?${search}`,
        headers: { ...o.headers, ...(o.body !== undefined && { 'content-type': o.mediaType }) },
        ...(o.body !== undefined && { body: o.body }),
      }
    })
}
