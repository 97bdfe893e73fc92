import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { NAUGHTY } from '../kit/naughty.ts'

let t: TestApp
beforeAll(async () => {
  t = await startTestApp({
    roles: { api: true, worker: false },
    env: { YEYAK_SMTP_URL: 'smtp://127.0.0.1:9', YEYAK_SMTP_FROM: 'yeyak@example.com' },
  })
})
afterAll(() => t.end())

test.each(['message', 'groupKey', 'dedupeKey', 'tags', 'metadata', 'both'])(
  'any text in %s comes back as it was given, or is refused by name',
  async (field) => {
    const body = (text: string) => ({
      message: field === 'message' || field === 'both' ? text : 'x',
      ...(field === 'tags' && { tags: [text] }),
      ...(field === 'metadata' && { metadata: { [text]: [text, { [text]: text }] } }),
      ...((field === 'groupKey' || field === 'both') && { groupKey: text }),
      ...(field === 'dedupeKey' && { dedupeKey: text }),
      sendAt: { delay: '1h' },
    })
    for (const text of NAUGHTY) {
      const given = body(text)
      const reply = await t.client.call('POST', '/v1/notifications', given)
      // A member of that name could change what others are read as.
      const isRefused = field === 'tags' ? text.length > 64 : field === 'metadata' && text === '__proto__'
      expect(reply.status, JSON.stringify(text)).toBe(isRefused ? 422 : 201)
      if (isRefused) continue
      const found = await t.client.get(reply.body.id)
      for (const [name, value] of Object.entries(given))
        expect(found[name], `${name} of ${JSON.stringify(text)}`).toEqual(value)
    }
  },
)

const mail = { channel: 'email', to: 'min@example.com', subject: 's', text: 't', sendAt: { delay: '1h' } }
const hook = { channel: 'webhook', to: 'https://example.com/', message: 'm', sendAt: { delay: '1h' } }
/** They are shown to nobody. */
const storedHeaders = async (id: string) =>
  (
    await t.database.query<{ headers: unknown }>(
      `select content -> 'headers' as headers from yeyak.notifications where id = $1`,
      [id],
    )
  ).map(({ headers }) => headers)
const FIELDS: [string, (text: string) => Record<string, unknown>][] = [
  ['to', (text) => ({ ...mail, to: text })],
  ['to[1]', (text) => ({ ...mail, to: ['min@example.com', text] })],
  ['to', (text) => ({ ...mail, to: `${text} <min@example.com>` })],
  ['cc', (text) => ({ ...mail, cc: text })],
  ['bcc[0]', (text) => ({ ...mail, bcc: [text] })],
  ['replyTo', (text) => ({ ...mail, replyTo: text })],
  ['from', (text) => ({ ...mail, from: text })],
  ['subject', (text) => ({ ...mail, subject: text })],
  ['text', (text) => ({ ...mail, text })],
  ['html', (text) => ({ ...mail, html: text })],
  ['attachments[0].filename', (text) => ({ ...mail, attachments: [{ filename: text, content: 'eA==' }] })],
  [
    'attachments[0].contentType',
    (text) => ({ ...mail, attachments: [{ filename: 'a', contentType: text, content: 'eA==' }] }),
  ],
  ['attachments[0].content', (text) => ({ ...mail, attachments: [{ filename: 'a', content: text }] })],
  ['to', (text) => ({ ...hook, to: text })],
  ['to', (text) => ({ ...hook, to: `https://example.com/${text}` })],
  ['to', (text) => ({ ...hook, to: `https://${text}/` })],
  ['message', (text) => ({ ...hook, message: text })],
  ['payload', (text) => ({ ...hook, message: null, payload: { [text]: text } })],
  ['headers', (text) => ({ ...hook, headers: { 'x-text': text } })],
  ['headers', (text) => ({ ...hook, headers: { [text]: 'x' } })],
]
test.each(FIELDS)(
  'any text in %s of a mail or a webhook is taken as it is, or refused by that name',
  async (path, body) => {
    for (const text of NAUGHTY) {
      const given = body(text)
      const reply = await t.client.call('POST', '/v1/notifications', given)
      const named = JSON.stringify([given['channel'], text, reply.status, reply.text])
      expect([201, 422], named).toContain(reply.status)
      const field = path.split(/[[.]/u)[0] ?? ''
      if (reply.status === 422)
        expect(reply.body.errors[0].path, named).toMatch(new RegExp(`^${field}\\b`, 'u'))
      else if (field === 'headers')
        expect((await storedHeaders(reply.body.id))[0], named).toEqual(given[field])
      else expect((await t.client.get(reply.body.id))[field], named).toEqual(given[field])
    }
  },
)

test.each(['\u0000', 'a\u0000b', '\ud800', 'x\udc00'])(
  '%j is refused, wherever it stands, and named',
  async (text) => {
    const bodies: [string, object][] = [
      ['message', { message: text }],
      ['groupKey', { message: 'x', groupKey: text }],
      ['tags[0]', { message: 'x', tags: [text] }],
      ['metadata.deep[0]', { message: 'x', metadata: { deep: [text] } }],
      ['dedupeKey', { message: 'x', dedupeKey: text }],
    ]
    for (const [path, body] of bodies) {
      const reply = await t.client.call('POST', '/v1/notifications', body)
      expect(reply.status).toBe(422)
      expect(reply.body.errors[0].path).toBe(path)
      const batch = await t.client.call('POST', '/v1/notifications/batch', { notifications: [body] })
      expect(batch.status).toBe(422)
      expect(batch.body.errors[0].path).toBe(`notifications[0].${path}`)
    }
  },
)

test('texts in filters find what they say and nothing else', async () => {
  for (const text of NAUGHTY.filter((one) => one.length <= 200)) {
    const groupKey = `filter ${text}`
    const id = await t.client.create({ message: 'x', groupKey, sendAt: { delay: '1h' } })
    const query = new URLSearchParams({ groupKey })
    const list = await t.client.call('GET', `/v1/notifications?${query.toString()}`)
    expect(list.status, JSON.stringify(text)).toBe(200)
    expect(list.body.items.map((item: { id: string }) => item.id)).toEqual([id])
  }
})

/** After the cases of a well-known JSON parsing test suite: `n_` must be refused, `y_` must be read. */
const REFUSED = [
  '[1 true]', '[a\u00e5]', '["": 1]', '[""],', '[,1]', '[1,,2]', '["x"]]', '["",]', '["x"', '[x', '[3[4]]', '[1:2]', '[,]', '[-]', '["a",\n4\n,1,', '[*]',
  '[fals]', '[nul]', '[tru]', '[++1234]', '[+1]', '[+Inf]', '[-01]', '[-1.0.]', '[-2.]', '[-NaN]', '[.-1]', '[.2e-3]', '[0.1.2]', '[0.3e+]', '[0.e1]', '[0E]',
  '[1.0e]', '[1 000.0]', '[1eE2]', '[2.e3]', '[0x1]', '[0x42]', '[Infinity]', '[NaN]', '[-foo]', '[- 1]', '[012]', '[1.]', '{"x"::"b"}', '{"a":1,}', '{a: "b"}',
  "{'a':0}", '{"a" b}', '{:"b"}', '{"a" "b"}', '{"a":', '{"a"', '{1:1}', '{"id":0,,}', '{"a":"b"}/**/', '{"a":"b"}//', '{"a":"b"}#', '{"x", null}', '["\\x00"]',
  '["\\uD800\\u"]', '["\\u00A"]', '["\\a"]', "['single quote']", 'abc', '["\\', '["tab\t"]', '["new\nline"]', '\u00ef\u00bb\u00bf', '<.>', '[<null>]', '[1]x', '["asd]', '[True]',
  '1]', '{"x": true,', '[][]', ']', '{}}', '{"":{}', '[1', '{"a":/*comment*/"b"}', '"', '{[', '[\u000c]', '[\u2060]', '\u2060[]',
] // prettier-ignore
const READ = [
  ' {"message":"y"} ', '{"message":"y","metadata":{"a":"b","a":"c"}}', '{"message":"y","metadata":{"":0}}', '{"message":"\\u0060\\u012a\\u12AB"}', '{"message":"\\"\\\\\\/\\b\\f\\n\\r\\t"}',
  '{"message":"\\uD83d\\udE39"}', '{"message":"\u2028"}', '{"message":"y","priority":1e1}', '{"message":"y","priority":-0}', '{"message":"y","metadata":{"n":123e-10000000}}',
  '{"message":"y","metadata":{"n":-0.0000000000000000000000000000001}}', '{"message":"y","metadata":{"deep":[[[[[[[[[[1]]]]]]]]]]}}',
] // prettier-ignore

const raw = (body: string | Uint8Array<ArrayBuffer>) =>
  fetch(new URL('/v1/notifications', t.app.url?.replace('localhost', '127.0.0.1')), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })

test('what is no JSON is 400 malformed-json, never anything else', async () => {
  for (const text of REFUSED) {
    const reply = await raw(text)
    const { code } = (await reply.json()) as { code: string }
    expect([text, reply.status, code]).toEqual([text, 400, 'malformed-json'])
  }
  for (const bytes of [
    [0xff],
    [0x22, 0xe5, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0xfe, 0xff, 0x00, 0x7b],
    [0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d],
  ])
    expect((await raw(new Uint8Array(bytes))).status).toBe(400)
})

test('what is JSON is read', async () => {
  for (const text of READ) expect([text, (await raw(text)).status]).toEqual([text, 201])
})
