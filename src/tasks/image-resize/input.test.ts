import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createInput } from './input.ts'

test('images that come in one stream are told apart by their lengths, however they are cut up', async () => {
  const stream = new PassThrough()
  const input = createInput(stream)
  const first = input.take(5)
  stream.write('ab')
  stream.write('cdeFGH')
  expect(String(await first)).toBe('abcde')
  expect(String(await input.take(2))).toBe('FG')
  const last = input.take(3)
  stream.write('I')
  stream.write('J')
  expect(String(await last)).toBe('HIJ')
})

test('a large one comes whole', async () => {
  const stream = new PassThrough()
  const bytes = Buffer.alloc(3_000_000, 'image')
  const taking = createInput(stream).take(bytes.length)
  stream.write(bytes)
  expect((await taking).equals(bytes)).toBe(true)
})

test('one that does not come whole is none', async () => {
  const stream = new PassThrough()
  const taking = createInput(stream).take(3)
  stream.end('ab')
  await expect(taking).rejects.toThrow('did not come whole')
})
