import { expect, test } from 'vitest'
import { YeyakError } from '../platform/errors.ts'
import { identityOf, isParts, parseParts } from './parts.ts'

const TYPE = 'multipart/form-data; boundary=x'
const part = (disposition: string, body: string | Buffer) =>
  Buffer.concat([
    Buffer.from(`--x\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ])
const body = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from('--x--\r\n')])
const FILE = part('name="file"; filename="a \\"b\\".png"', 'bytes')
const codeAndPath = (type: string, bytes: Buffer): string => {
  try {
    parseParts(type, bytes)
    return 'taken'
  } catch (error) {
    if (!(error instanceof YeyakError)) throw error
    return `${error.code} ${error.fieldErrors.map(({ path }) => path).join()}`
  }
}

test('the parts file and data are read, bytes as they are', () => {
  // What looks like the end of a part, and is none.
  const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 120, 121, 13, 10, 13, 10])
  const parts = parseParts(
    'multipart/form-data; charset=utf-8; boundary="x"',
    body(part('name="data"', '{"sizes":[320]}'), part('name=file; filename=a.png', bytes)),
  )
  expect(isParts(parts)).toBe(true)
  expect(parts.fields).toEqual({ data: { sizes: [320] } })
  expect(parts.file.bytes).toEqual(bytes)
  expect(parseParts(TYPE, body(FILE))).toMatchObject({
    fields: { data: {} },
    file: { filename: 'a "b".png' },
  })
})

test('the other fields are parts of their names: texts and instants as they stand, the rest as JSON', () => {
  const fields = {
    runAt: '{"delay":"10s"}',
    expiresAt: '2030-01-01T00:00:00Z',
    dedupeKey: '5',
    onDuplicate: 'replace',
    groupKey: '묶음 "1"',
    priority: '5',
    retry: '{"limit":0}',
    timeoutSeconds: '9.5',
    tags: '["a"]',
    metadata: 'null',
  }
  const parts = Object.entries(fields).map(([name, text]) => part(`name="${name}"`, text))
  expect(parseParts(TYPE, body(FILE, ...parts)).fields).toEqual({
    ...{ data: {}, runAt: { delay: '10s' }, expiresAt: '2030-01-01T00:00:00Z', dedupeKey: '5' },
    ...{ onDuplicate: 'replace', groupKey: '묶음 "1"', priority: 5, retry: { limit: 0 } },
    ...{ timeoutSeconds: 9.5, tags: ['a'] },
  })
})

test('a part that there is not is refused with the one that was meant', () => {
  expect(() => parseParts(TYPE, body(FILE, part('name="run_at"', 'now')))).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      fieldErrors: [expect.objectContaining({ path: 'run_at', suggestion: 'runAt' })],
    }),
  )
})

test('who sends JSON cannot pass for one who sends parts', () => {
  expect(isParts(JSON.parse('{"isParts":true,"data":{},"file":{}}'))).toBe(false)
})

test('the same file is the same request', () => {
  const [one, two] = [parseParts(TYPE, body(FILE)), parseParts(TYPE, body(FILE))]
  expect(identityOf(one)).toEqual(identityOf(two))
  const other = parseParts(TYPE, body(part('name="file"; filename="a"', 'other')))
  expect(identityOf(one)).not.toEqual(identityOf(other))
  const later = parseParts(TYPE, body(FILE, part('name="priority"', '1')))
  expect(identityOf(one)).not.toEqual(identityOf(later))
})

test.each([
  ['multipart/form-data', body(FILE), 'invalid-request '],
  [TYPE, Buffer.from(''), 'invalid-request '],
  [TYPE, Buffer.from('--x\r\ncontent-disposition: form-data; name="file"'), 'invalid-request '],
  [TYPE, FILE, 'invalid-request '],
  [TYPE, body(part('name="data"', '{}')), 'invalid-request file'],
  [TYPE, body(part('name="file"', 'no filename')), 'invalid-request file'],
  [TYPE, body(FILE, FILE), 'invalid-request file'],
  [TYPE, body(FILE, part('name="path"', '/etc/passwd')), 'invalid-request path'],
  [TYPE, body(FILE, part('name="data"', '[1]')), 'invalid-request data'],
  [TYPE, body(FILE, part('name="data"', '{')), 'malformed-json data'],
  [TYPE, body(FILE, part('name="priority"', 'high')), 'malformed-json priority'],
  [TYPE, body(FILE, part('name="priority"', '')), 'malformed-json priority'],
  [TYPE, body(FILE, part('name="groupKey"', 'a\0b')), 'invalid-request groupKey'],
  [TYPE, body(FILE, part('name="tags"', '["\\ud800"]')), 'invalid-request tags[0]'],
  [TYPE, body(FILE, part('name="groupKey"', Buffer.from([0xff]))), 'invalid-request groupKey'],
  [TYPE, body(FILE, part('name="tags"', '1'), part('name="tags"', '2')), 'invalid-request tags'],
  [TYPE, body(FILE, part('name="data"', ' '.repeat(1024 * 1024 + 1))), 'too-large '],
  [TYPE, body(...Array.from({ length: 20 }, () => FILE)), 'invalid-request '],
])('%s with a body that is none is refused (%#)', (type, bytes, expected) => {
  expect(codeAndPath(type, bytes)).toBe(expected)
})
