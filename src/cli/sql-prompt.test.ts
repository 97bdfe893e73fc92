import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runPrompt } from './sql-prompt.ts'

let directory: string
let historyFile: string

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'yeyak-prompt-'))
  historyFile = path.join(directory, 'history')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A terminal of the test's own: what is typed is a stream, and readline takes it for a person's. */
const open = (onInput: (text: string) => Promise<boolean>) => {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  output.resume()
  let lose: (error: Error) => void = () => {}
  const lost = new Promise<Error>((resolve) => (lose = resolve))
  const canceled: string[] = []
  const ended = runPrompt({ input, output, historyFile, onInput, onCancel: () => canceled.push('x'), lost })
  return { input, ended, lose, canceled }
}

test('lines are gathered until a semicolon; a backslash line is run at once; Ctrl-D ends', async () => {
  const taken: string[] = []
  const { input, ended } = open(async (text) => {
    taken.push(text)
    return true
  })
  input.write('select 1\r  as a;\r\\dt\rselect 2; select 3;\r')
  input.write('\u0004')
  await ended
  expect(taken).toEqual(['select 1\n  as a;', '\\dt', 'select 2; select 3;'])
})

test('what was typed is there the next time, for its owner alone', async () => {
  const first = open(async () => true)
  first.input.write('select 1;\r\u0004')
  await first.ended
  expect(readFileSync(historyFile, 'utf8')).toBe('select 1;\n')
  expect(statSync(historyFile).mode & 0o077).toBe(0)
  const taken: string[] = []
  const second = open(async (text) => {
    taken.push(text)
    return false
  })
  // The arrow up, then return.
  second.input.write('\u001b[A\r')
  await second.ended
  expect(taken).toEqual(['select 1;'])
})

test('Ctrl-C drops what is typed, and gives up what runs', async () => {
  const taken: string[] = []
  let finish: () => void = () => {}
  let begun: () => void = () => {}
  const running = new Promise<void>((resolve) => (begun = resolve))
  const { input, ended, canceled } = open(async (text) => {
    taken.push(text)
    begun()
    await new Promise<void>((resolve) => (finish = resolve))
    return true
  })
  input.write('select oops\r\u0003select 2;\r')
  await running
  input.write('\u0003')
  finish()
  input.write('\u0004')
  await ended
  expect(taken).toEqual(['select 2;'])
  expect(canceled).toEqual(['x'])
})

test('a lost connection ends it', async () => {
  const { ended, lose } = open(async () => true)
  lose(new Error('gone'))
  await ended
  expect(true).toBe(true)
})
