import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog, oneLine } from './log.ts'

const capture = (format: 'pretty' | 'json') => {
  const written: string[] = []
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString('utf8'))
      done()
    },
  })
  return { log: createLog({ format, level: 'info', destination }), text: () => written.join('') }
}

test.each([
  ['two\nlines', String.raw`two\nlines`],
  ['\r\n\t', String.raw`\r\n\t`],
  ['\u0000\u001b[31mred\u007f', String.raw`\u0000\u001b[31mred\u007f`],
  ['\u0085\u2028\u2029', String.raw`\u0085\u2028\u2029`],
  ['알림 🎉 "x" \\ %', '알림 🎉 "x" \\ %'],
])('%j is written as %s', (text, line) => {
  expect(oneLine(text)).toBe(line)
})

test('in json the message is the record’s msg, to the letter', () => {
  const { log, text } = capture('json')
  log.info({ id: 'x' }, '✅ [알림 발송 성공] Hello "World"')
  expect(JSON.parse(text())).toMatchObject({ level: 30, id: 'x', msg: '✅ [알림 발송 성공] Hello "World"' })
  expect(text().trimEnd().split('\n')).toHaveLength(1)
})

test('in pretty the line ends with the message, whatever fields stand beside it', () => {
  const { log, text } = capture('pretty')
  log.info('✅ [알림 발송 성공] {not} a %s template')
  log.warn({ count: 3, note: 'two\nlines', err: new Error('went\nwrong') }, '서버 오류 발생')
  const lines = text().trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/ ✅ \[알림 발송 성공\] \{not\} a %s template$/u)
  expect(lines[1]).toMatch(/\(count=3 note="two\\+nlines" err=went\\nwrong\) 서버 오류 발생$/u)
})

test('a level below the one in use is not written', () => {
  const { log, text } = capture('json')
  log.debug('hidden')
  expect(text()).toBe('')
})
