import { expect, test } from 'vitest'
import { YeyakError } from '../../platform/errors.ts'
import { checkDraft } from './check.ts'

const CONFIGURED = { transport: true, from: true }
const draftOf = (content: Record<string, unknown>, to: unknown = 'a@b') => ({
  to,
  content: { subject: 's', text: 't', ...content },
})
const refusal = (draft: Parameters<typeof checkDraft>[0], configured = CONFIGURED): YeyakError | null => {
  try {
    checkDraft(draft, configured)
    return null
  } catch (error) {
    if (error instanceof YeyakError) return error
    throw error
  }
}
const pathsOf = (draft: Parameters<typeof checkDraft>[0]) =>
  refusal(draft)?.fieldErrors.map(({ path }) => path)
const attachment = (more: Record<string, unknown>) => ({
  attachments: [{ filename: 'a.txt', content: 'SGVsbG8=', ...more }],
})

test('a setting that is missing is named', () => {
  const none = refusal(draftOf({}), { transport: false, from: false })
  expect([none?.code, none?.members]).toEqual(['channel-not-configured', { setting: 'YEYAK_SMTP_URL' }])
  const noFrom = refusal(draftOf({}), { transport: true, from: false })
  expect([noFrom?.code, noFrom?.members]).toEqual(['channel-not-configured', { setting: 'YEYAK_SMTP_FROM' }])
  expect(refusal(draftOf({ from: 'me@x' }), { transport: true, from: false })).toBeNull()
})

test('every faulty field is named, by its place in a list', () => {
  const paths = pathsOf(
    draftOf({ cc: 'nobody', bcc: ['x@y', 'x@'], replyTo: '@', from: 'a b@c', subject: 'a\nb' }, [
      'a@b',
      'x',
      'c@d',
      '<>',
    ]),
  )
  expect(paths).toEqual(['to[1]', 'to[3]', 'cc', 'bcc[1]', 'replyTo', 'from', 'subject'])
})

const CONTROLS = ['\r\nBcc: evil@x', '\n', '\r', '\0', '\t', '\u001b', '\u007f', '\u0085', '\u2028']
const HEADERS: [path: string, draft: (text: string) => Parameters<typeof checkDraft>[0]][] = [
  ['to', (text) => draftOf({}, `a@b${text}`)],
  ['to', (text) => draftOf({}, `Na${text}me <a@b>`)],
  ['to[1]', (text) => draftOf({}, ['a@b', `"x${text}" <a@b>`])],
  ['cc', (text) => draftOf({ cc: `a${text}@b` })],
  ['bcc[0]', (text) => draftOf({ bcc: [`a@${text}b`] })],
  ['replyTo', (text) => draftOf({ replyTo: `${text}a@b` })],
  ['from', (text) => draftOf({ from: `x <a@b>${text}` })],
  ['subject', (text) => draftOf({ subject: `Hello${text}` })],
  ['attachments[0].filename', (text) => draftOf(attachment({ filename: `a${text}.txt` }))],
  ['attachments[0].contentType', (text) => draftOf(attachment({ contentType: `text/plain${text}` }))],
]
test.each(HEADERS)('no control character gets into the header that %s becomes', (path, draft) => {
  for (const text of CONTROLS) expect(pathsOf(draft(text))).toEqual([path])
})

test('of each list there are at most 50', () => {
  const many = Array.from({ length: 51 }, (_, i) => `a${i}@b`)
  expect(pathsOf(draftOf({ cc: many, bcc: many.slice(1) }, many))).toEqual(['to', 'cc'])
})

test.each([
  ['a line break', 'SGVs\nbG8='],
  ['base64url', 'SGVs_-8='],
  ['no filling up', 'SGVsbG8'],
  ['too much of it', 'SGVsbG8=='],
  ['= in the middle', 'SG=sbG8='],
  ['only =', '===='],
])('an attachment whose content is no base64 is named: %s', (_, content) => {
  expect(pathsOf(draftOf(attachment({ content })))).toEqual(['attachments[0].content'])
})

test('attachments may be empty, and have 10 MB in all, not one byte more', () => {
  expect(refusal(draftOf(attachment({ content: '' })))).toBeNull()
  const half = Buffer.alloc(5 * 1024 * 1024).toString('base64')
  const more = Buffer.alloc(5 * 1024 * 1024 + 1).toString('base64')
  const of = (...contents: string[]) =>
    draftOf({ attachments: contents.map((content) => ({ filename: 'a', content })) })
  expect(refusal(of(half, half))).toBeNull()
  expect(pathsOf(of(half, more))).toEqual(['attachments'])
})

test.each(['../a', 'a/b', String.raw`a\b`, '..', '.', ' '])('%s is no file name', (filename) => {
  expect(pathsOf(draftOf(attachment({ filename })))).toEqual(['attachments[0].filename'])
})

test('media types are those of files', () => {
  const ok = ['text/plain', 'text/calendar; method=REQUEST; charset="utf-8"', 'application/vnd.ms-excel']
  for (const contentType of ok) expect(refusal(draftOf(attachment({ contentType })))).toBeNull()
  for (const contentType of [
    'text',
    'text/',
    'a/b/c',
    'text/plain;',
    'multipart/mixed',
    'message/rfc822',
    'x/y; a="b',
  ])
    expect(pathsOf(draftOf(attachment({ contentType })))).toEqual(['attachments[0].contentType'])
})
