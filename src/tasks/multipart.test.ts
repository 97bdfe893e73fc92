import { expect, test } from 'vitest'
import { YeyakError } from '../platform/errors.ts'
import { identityOf, isParts, parseParts } from './multipart.ts'

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
  expect(parts.data).toEqual({ sizes: [320] })
  expect(parts.file.bytes).toEqual(bytes)
  expect(parseParts(TYPE, body(FILE))).toMatchObject({ data: {}, file: { filename: 'a "b".png' } })
})

test('who sends JSON cannot pass for one who sends parts', () => {
  expect(isParts(JSON.parse('{"isParts":true,"data":{},"file":{}}'))).toBe(false)
})

test('the same file is the same request', () => {
  const [one, two] = [parseParts(TYPE, body(FILE)), parseParts(TYPE, body(FILE))]
  expect(identityOf(one)).toEqual(identityOf(two))
  const other = parseParts(TYPE, body(part('name="file"; filename="a"', 'other')))
  expect(identityOf(one)).not.toEqual(identityOf(other))
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
  [TYPE, body(FILE, part('name="data"', '{')), 'malformed-json '],
  [TYPE, body(...Array.from({ length: 20 }, () => FILE)), 'invalid-request '],
])('%s with a body that is none is refused (%#)', (type, bytes, expected) => {
  expect(codeAndPath(type, bytes)).toBe(expected)
})
