import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import PostalMime from 'postal-mime'
import { afterEach, expect, test } from 'vitest'
import type { Channel, Message } from '../../src/channels/index.ts'
import { createEmailChannel } from '../../src/channels/email/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { eventually } from '../kit/poll.ts'
import { CLOSE, type ScriptedAnswer, type SmtpBehaviour, startScriptedSmtp } from '../kit/smtp-sink.ts'
import { type SmtpMoment, type SmtpStep, startSmtpSink } from '../kit/smtp-sink.ts'

const FROM = 'Yeyak <yeyak@example.com>'
const ID = '0199f0a0-0000-7000-8000-000000000001'
const DUE = new Date('2026-12-01T00:00:00Z')

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  // The channel first, and the server that it talks to after it.
  while (ends.length > 0) await ends.pop()?.()
})

const messageOf = (content: Record<string, unknown> = {}, to: unknown = 'min@example.com'): Message => ({
  ...{ id: ID, attempt: 1, dueAt: DUE, to },
  content: { subject: 'Hello', text: 'Hello World', ...content },
})

const channelFor = (url: string, from = FROM): Channel & { lines: string[] } => {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push((JSON.parse(chunk.toString('utf8')) as { msg: string }).msg)
      done()
    },
  })
  const log = createLog({ format: 'json', level: 'info', destination })
  const channel = createEmailChannel({ transport: { kind: 'smtp', url, from }, log })
  ends.push(async () => channel.close?.())
  return { ...channel, lines }
}

type SinkOptions = Parameters<typeof startSmtpSink>[0]
const setUp = async (o: SinkOptions & { query?: string } = {}) => {
  const { query = '', ...options } = o
  const sink = await startSmtpSink(options)
  ends.push(sink.stop)
  const login = o.login === undefined ? '' : `${o.login.user}:${encodeURIComponent(o.login.password)}@`
  const scheme = o.secure === true ? 'smtps' : 'smtp'
  return { sink, channel: channelFor(`${scheme}://${login}127.0.0.1:${sink.port}${query}`) }
}

const at = (step: SmtpStep, behaviour: SmtpBehaviour) => (moment: SmtpMoment) =>
  moment.step === step ? behaviour : undefined

const send = (channel: Channel, message = messageOf(), timeoutMs = 20_000) =>
  channel.send(message, AbortSignal.timeout(timeoutMs))

const delivered = async (content: Record<string, unknown>, to?: unknown) => {
  const { sink, channel } = await setUp()
  channel.check?.(messageOf(content, to))
  expect(await send(channel, messageOf(content, to))).toMatchObject({ kind: 'delivered' })
  const [mail] = sink.mails
  if (mail === undefined) throw new Error('no mail arrived')
  return { mail, parsed: await PostalMime.parse(mail.raw), lines: channel.lines }
}

test('a mail arrives with everything that it was given, and one log line says to whom', async () => {
  const pdf = Buffer.from([0, 1, 2, 255, 10, 13, 46, 13, 10])
  const { mail, parsed, lines } = await delivered(
    {
      ...{ subject: '예약 알림 🎉', text: '안녕하세요', html: '<p>안녕하세요</p>' },
      ...{ cc: ['Cc Person <cc@example.com>'], bcc: 'hidden@example.com' },
      ...{ replyTo: 'answers@example.com', from: '김민수 <minsu@example.com>' },
      attachments: [{ filename: '영수증.pdf', content: pdf.toString('base64') }],
    },
    ['홍길동 <gildong@example.com>', '"Kim, Sol" <sol@한국.kr>'],
  )
  expect(mail.from).toBe('minsu@example.com')
  expect(mail.recipients).toEqual([
    'gildong@example.com',
    // The library of the sink shows it as it was written; in the mail itself it is ASCII.
    'sol@한국.kr',
    'cc@example.com',
    'hidden@example.com',
  ])
  expect(parsed).toMatchObject({
    subject: '예약 알림 🎉',
    from: { name: '김민수', address: 'minsu@example.com' },
    to: [
      { name: '홍길동', address: 'gildong@example.com' },
      { name: 'Kim, Sol', address: 'sol@xn--3e0b707e.kr' },
    ],
    cc: [{ name: 'Cc Person', address: 'cc@example.com' }],
    replyTo: [{ address: 'answers@example.com' }],
    messageId: `<${ID}@example.com>`,
    date: DUE.toISOString(),
    attachments: [{ filename: '영수증.pdf', mimeType: 'application/pdf' }],
  })
  expect(parsed.text?.trim()).toBe('안녕하세요')
  expect(parsed.html?.trim()).toBe('<p>안녕하세요</p>')
  expect(Buffer.from(parsed.attachments[0]?.content as ArrayBuffer)).toEqual(pdf)
  expect(mail.raw.toString('latin1')).not.toContain('hidden@example.com')
  expect(lines).toEqual(['Email sent to 홍길동 <gildong@example.com>, "Kim, Sol" <sol@한국.kr>'])
})

const NAUGHTY: [name: string, text: string][] = [
  ['emoji', '👩‍👩‍👧‍👦 🇰🇷 💩'],
  ['right to left', 'שלום \u202eevil\u202c مرحبا'],
  ['combining', 'Z̷̢̛a̸l̵g̶o̵'],
  ['lone dots', 'one\n.\n..\n.\nQUIT\nend'],
  ['long lines', `${'x'.repeat(5000)}\n${'가'.repeat(3000)}\n.${'y'.repeat(1200)}`],
  ['looks like headers', 'Bcc: evil@example.com\n\n--boundary\nContent-Type: text/html\n\n<b>x</b>'],
  ['looks like MIME', '=?utf-8?Q?=41?= =3D =\n=20 %00 {{x}} ${y} \\r\\n'],
  ['trailing blanks', 'a \t \nb\t\n\n\nc'],
]
test.each(NAUGHTY)('the text arrives as it was sent: %s', async (_name, text) => {
  const { parsed, mail } = await delivered({ text, html: `<pre>${text}</pre>` })
  expect(parsed.text?.replace(/\n$/, '')).toBe(text)
  expect(parsed.html?.replace(/\n$/, '')).toBe(`<pre>${text}</pre>`)
  const longest = Math.max(
    ...mail.raw
      .toString('latin1')
      .split('\r\n')
      .map((line) => line.length),
  )
  expect(longest).toBeLessThanOrEqual(998)
})

const SUBJECTS = [
  ['한국어 제목 '.repeat(1000).trim(), '10,000 characters of Korean'],
  ['x'.repeat(10_000), '10,000 characters without a blank'],
  ['🎉'.repeat(3000), 'emoji only'],
  ['=?utf-8?B?aGVsbG8=?= not encoded', 'what looks encoded'],
  ['שלום \u202eevil\u202c', 'right to left'],
] as const
test.each(SUBJECTS)('a subject arrives as it was sent, in lines that every server takes', async (subject) => {
  const { parsed, mail } = await delivered({ subject })
  expect(parsed.subject).toBe(subject)
  const longest = Math.max(
    ...mail.raw
      .toString('latin1')
      .split('\r\n')
      .map((line) => line.length),
  )
  expect(longest).toBeLessThanOrEqual(998)
})

test('`message` is the text where there is no `text`, and HTML alone is enough', async () => {
  const { sink, channel } = await setUp()
  const plain = { id: ID, attempt: 1, dueAt: DUE, to: 'a@b' }
  await send(channel, { ...plain, content: { subject: 's', message: 'from message' } })
  await send(channel, { ...plain, content: { subject: 's', html: '<p>only</p>' } })
  const [first, second] = await Promise.all(sink.mails.map(({ raw }) => PostalMime.parse(raw)))
  expect(first?.text?.trim()).toBe('from message')
  expect(second?.html?.trim()).toBe('<p>only</p>')
})

test('every attempt sends the same Message-ID and Date', async () => {
  const { sink, channel } = await setUp()
  sink.behave(at('end', { reply: [451, 'later'] }))
  expect(await send(channel)).toMatchObject({ kind: 'retry', statusCode: 451 })
  sink.behave(() => undefined)
  await send(channel, { ...messageOf(), attempt: 2 })
  await send(channel, { ...messageOf(), attempt: 3 })
  const parsed = await Promise.all(sink.mails.map(({ raw }) => PostalMime.parse(raw)))
  expect(parsed.map(({ messageId }) => messageId)).toEqual(Array(2).fill(`<${ID}@example.com>`))
  expect(new Set(parsed.map(({ date }) => date))).toEqual(new Set([DUE.toISOString()]))
})

const REFUSALS: [step: SmtpStep, code: number, kind: string, reason: string][] = [
  ['connect', 421, 'retry', 'smtp-unreachable'],
  ['connect', 554, 'retry', 'smtp-unreachable'],
  ['mail', 451, 'retry', 'smtp-deferred'],
  ['mail', 550, 'rejected', 'smtp-refused'],
  ['mail', 530, 'retry', 'smtp-login'],
  ['rcpt', 450, 'retry', 'smtp-deferred'],
  ['rcpt', 550, 'rejected', 'smtp-refused'],
  ['end', 421, 'retry', 'smtp-deferred'],
  ['end', 452, 'retry', 'smtp-deferred'],
  ['end', 554, 'rejected', 'smtp-refused'],
]
test.each(REFUSALS)('refused at %s with %i: %s', async (step, code, kind, reason) => {
  for (const hidePIPELINING of [false, true]) {
    const { sink, channel } = await setUp({ hidePIPELINING })
    sink.behave(at(step, { reply: [code, 'because of <min@example.com> and you@x.kr'] }))
    const outcome = await send(channel)
    expect(outcome).toMatchObject({ kind, statusCode: code, reason: { code: reason } })
    // Addresses are personal data: they stand in `answer.rejected`, and nowhere else.
    const rest = JSON.stringify({ ...outcome, answer: { ...outcome.answer, rejected: [] } })
    expect(rest).not.toMatch(/@/)
    expect(rest).toContain('because of')
    sink.behave(() => undefined)
    expect(await send(channel)).toMatchObject({ kind: 'delivered', statusCode: 250 })
    expect(sink.mails).toHaveLength(1)
  }
})

test('refused by some only is delivered, and says by whom; by all, it is not', async () => {
  const { sink, channel } = await setUp()
  const to = ['good@example.com', 'gone@example.com', 'later@example.com']
  sink.behave(({ address }) => {
    if (address.startsWith('gone')) return { reply: [550, 'no such user gone@example.com'] }
    return address.startsWith('later') ? { reply: [450, 'greylisted'] } : undefined
  })
  expect(await send(channel, messageOf({}, to))).toMatchObject({
    kind: 'delivered',
    answer: {
      rejected: [
        { address: 'gone@example.com', message: '550 no such user …' },
        { address: 'later@example.com', message: '450 greylisted' },
      ],
    },
  })
  expect(sink.mails.map(({ recipients }) => recipients)).toEqual([['good@example.com']])
  // One that may still be taken later keeps all of them from being given up.
  expect(await send(channel, messageOf({}, to.slice(1)))).toMatchObject({ kind: 'retry' })
  expect(await send(channel, messageOf({}, to.slice(1, 2)))).toMatchObject({
    kind: 'rejected',
    answer: { rejected: [{ address: 'gone@example.com' }] },
  })
})

const BIG = { text: '0123456789 abcdefghij\n'.repeat(400_000) }
const LOST: [name: string, step: SmtpStep, content: Record<string, unknown>, kind: string][] = [
  ['when connecting', 'connect', {}, 'retry'],
  ['at the sender', 'mail', {}, 'retry'],
  ['at a recipient', 'rcpt', {}, 'retry'],
  ['in the middle of the mail', 'begin', BIG, 'retry'],
  ['after the whole mail', 'end', {}, 'unknown'],
  ['after the whole of a big mail', 'end', BIG, 'unknown'],
]
for (const tls of [false, true])
  test.each(LOST)(`connection lost %s (TLS: ${tls})`, async (_name, step, content, kind) => {
    const { sink, channel } = await setUp({ secure: tls, ...(tls && { query: '?rejectUnauthorized=false' }) })
    sink.behave(at(step, { close: true }))
    expect(await send(channel, messageOf(content))).toMatchObject({ kind })
    sink.behave(() => undefined)
    expect(await send(channel)).toMatchObject({ kind: 'delivered' })
    expect(sink.mails).toHaveLength(1)
  })

for (const tls of [false, true])
  test.each(LOST)(
    `no answer %s: cut off, and the next mail goes through (TLS: ${tls})`,
    async (...[, step, content, kind]) => {
      const { sink, channel } = await setUp({
        secure: tls,
        query: tls ? '?pool=1&rejectUnauthorized=false' : '?pool=1',
      })
      sink.behave(at(step, { hang: true }))
      const controller = new AbortController()
      const outcome = channel.send(messageOf(content), controller.signal)
      await eventually(`the sink at ${step}`, () => sink.moments.some((moment) => moment.step === step))
      // For the big one: until the socket has taken what it can.
      if (step === 'begin') await new Promise((resolve) => setTimeout(resolve, 200))
      controller.abort(new Error('timeout'))
      const before = performance.now()
      expect(await outcome).toMatchObject({ kind })
      expect(performance.now() - before).toBeLessThan(100)
      sink.behave(() => undefined)
      expect(await send(channel)).toMatchObject({ kind: 'delivered' })
      // A server that has stopped reading does not notice.
      if (step !== 'begin') await eventually('the hanging connection gone', () => sink.open === 1)
      expect(sink.mails.map(({ connection }) => connection)).toEqual([2])
    },
  )

/** Answers as it should, but for what is told. */
const scripted = (odd: (line: string, isMail: boolean) => ScriptedAnswer | undefined) => {
  let isMail = false
  return (line: string): ScriptedAnswer => {
    const own = odd(line, isMail)
    if (line === 'DATA') isMail = true
    if (line === '.') isMail = false
    if (own !== undefined) return own
    if (isMail && line !== 'DATA') return null
    if (line === '') return '220 odd ESMTP\r\n'
    return line === 'DATA' ? '354 go on\r\n' : '250 ok\r\n'
  }
}
const ODD: [
  name: string,
  kind: string,
  odd: (line: string, isMail: boolean) => ScriptedAnswer | undefined,
][] = [
  ['DATA is refused for now', 'retry', (line) => (line === 'DATA' ? '451 later\r\n' : undefined)],
  ['DATA is refused', 'rejected', (line) => (line === 'DATA' ? '554 no\r\n' : undefined)],
  ['DATA is not answered but with a close', 'retry', (line) => (line === 'DATA' ? CLOSE : undefined)],
  ['nonsense after the mail', 'unknown', (line, m) => (m && line === '.' ? 'what?\r\n' : undefined)],
  ['half an answer after the mail', 'unknown', (line, m) => (m && line === '.' ? '250-half\r\n' : undefined)],
  ['a 354 after the mail', 'unknown', (line, m) => (m && line === '.' ? '354 more\r\n' : undefined)],
  ['a greeting that is none', 'retry', (line, m) => (!m && line === '' ? 'SSH-2.0-x\r\n' : undefined)],
  ['no greeting', 'retry', (line, m) => (!m && line === '' ? CLOSE : undefined)],
  ['a 421 instead of an answer', 'retry', (line, m) => (m && line === '.' ? '421 bye\r\n' : undefined)],
]
test.each(ODD)('a server that is odd: %s', async (_name, kind, odd) => {
  const server = await startScriptedSmtp(scripted(odd))
  ends.push(server.stop)
  const channel = channelFor(`smtp://127.0.0.1:${server.port}`)
  expect(await send(channel, messageOf(), 1000)).toMatchObject({ kind })
})

test('an answer before the mail has ended is no answer to it: 250 is not believed, 550 is', async () => {
  for (const [early, kind] of [
    ['250 ok', 'retry'],
    ['550 no', 'rejected'],
  ] as const) {
    const server = await startScriptedSmtp(
      scripted((line) => (line === 'DATA' ? `354 go\r\n${early}\r\n` : undefined)),
    )
    ends.push(server.stop)
    expect(await send(channelFor(`smtp://127.0.0.1:${server.port}`), messageOf(BIG))).toMatchObject({ kind })
    await eventually('the connection gone', () => server.open === 0)
  }
})

test('connections are kept and shared, no more than told, and renewed when the server has dropped them', async () => {
  const { sink, channel } = await setUp({ query: '?pool=3' })
  const burst = (count: number) => Promise.all(Array.from({ length: count }, () => send(channel)))
  expect(new Set((await burst(60)).map(({ kind }) => kind))).toEqual(new Set(['delivered']))
  expect(sink.connections).toBe(3)
  sink.closeAll()
  expect(new Set((await burst(60)).map(({ kind }) => kind))).toEqual(new Set(['delivered']))
  expect(sink.mails).toHaveLength(120)
  expect(sink.connections).toBe(6)
})

test('a connection that the server ends just as it is used again costs no attempt, and sends nothing twice', async () => {
  const { sink, channel } = await setUp({ query: '?pool=1' })
  await send(channel)
  sink.behave(({ step, connection }) => (step === 'mail' && connection === 1 ? { close: true } : undefined))
  expect(await send(channel)).toMatchObject({ kind: 'delivered' })
  expect(sink.mails.map(({ connection }) => connection)).toEqual([1, 2])
})

test('a slow server is waited for', async () => {
  const { sink, channel } = await setUp()
  sink.behave(() => ({ delayMs: 100 }))
  expect(await send(channel)).toMatchObject({ kind: 'delivered' })
})

test('who finds no free connection in time is not sent', async () => {
  const { sink, channel } = await setUp({ query: '?pool=1' })
  sink.behave(at('end', { hang: true }))
  const first = new AbortController()
  const hanging = channel.send(messageOf(), first.signal)
  expect(await send(channel, messageOf(), 50)).toMatchObject({ kind: 'retry', reason: { code: 'smtp-busy' } })
  first.abort()
  await hanging
})

test('nobody listening is a retry that names no address', async () => {
  const { sink, channel } = await setUp()
  await sink.stop()
  expect(await send(channel)).toMatchObject({
    kind: 'retry',
    reason: {
      code: 'smtp-unreachable',
      message: 'no connection to the mail server came about (ECONNREFUSED)',
    },
  })
  const unknown = channelFor('smtp://no-such-host.invalid')
  expect(await send(unknown)).toMatchObject({ kind: 'retry' })
})

const SIGNED_BY_NOBODY: [name: string, o: SinkOptions][] = [
  ['TLS from the start', { secure: true }],
  ['STARTTLS', { disabledCommands: ['AUTH'] }],
]
test.each(SIGNED_BY_NOBODY)(
  '%s: a certificate that nobody has signed is refused, unless that is wanted',
  async (_, o) => {
    const strict = await setUp(o)
    expect(await send(strict.channel)).toMatchObject({ kind: 'retry', reason: { code: 'smtp-tls' } })
    expect(strict.sink.mails).toHaveLength(0)
    const lax = await setUp({ ...o, query: '?rejectUnauthorized=false&tls=require' })
    expect(await send(lax.channel)).toMatchObject({ kind: 'delivered' })
    expect(lax.sink.mails[0]?.isTls).toBe(true)
  },
)

test('tls=require sends nothing to a server without TLS', async () => {
  const { sink, channel } = await setUp({ query: '?tls=require' })
  expect(await send(channel)).toMatchObject({ kind: 'retry', reason: { code: 'smtp-tls' } })
  expect(sink.moments.map(({ step }) => step)).toEqual(['connect'])
})

test('the login is that of the URL; one that is refused is the operator’s to mend, and shows no password', async () => {
  const login = { user: 'yeyak', password: 'p@ss:w/rd%#' }
  const right = await setUp({ login })
  expect(await send(right.channel)).toMatchObject({ kind: 'delivered' })
  expect(right.sink.mails[0]?.user).toBe('yeyak')
  right.sink.behave(at('auth', { reply: [535, `5.7.8 no, ${login.password} is not the password of yeyak`] }))
  const wrong = channelFor(`smtp://yeyak:${encodeURIComponent(login.password)}@127.0.0.1:${right.sink.port}`)
  const outcome = await send(wrong)
  expect(outcome).toMatchObject({ kind: 'retry', statusCode: 535, reason: { code: 'smtp-login' } })
  expect(JSON.stringify(outcome)).not.toContain(login.password)
  expect(JSON.stringify(outcome)).toContain('5.7.8 no')
  const open = await setUp()
  const useless = channelFor(`smtp://u:p@127.0.0.1:${open.sink.port}`)
  expect(await send(useless)).toMatchObject({ kind: 'retry', reason: { code: 'smtp-login' } })
  expect(open.sink.mails).toHaveLength(0)
})

test('a mail that is larger than the server takes is rejected', async () => {
  const { channel } = await setUp({ size: 100_000 })
  expect(await send(channel, messageOf(BIG))).toMatchObject({
    kind: 'rejected',
    reason: { code: 'smtp-too-large' },
  })
  expect(await send(channel)).toMatchObject({ kind: 'delivered' })
})

test('ten megabytes of attachments arrive byte by byte', async () => {
  const content = Buffer.alloc(10 * 1024 * 1024, 'Yeyak\r\n.\r\n')
  const { parsed } = await delivered({
    attachments: [
      { filename: 'a.bin', contentType: 'application/octet-stream', content: content.toString('base64') },
    ],
  })
  expect(content.equals(Buffer.from(parsed.attachments[0]?.content as ArrayBuffer))).toBe(true)
})

test('closing says goodbye to the server, and leaves no connection', async () => {
  const { sink, channel } = await setUp()
  await send(channel)
  expect(sink.open).toBe(1)
  await channel.close?.()
  await eventually('no connection left', () => sink.open === 0)
})

test('captured mails are whole files, named by the notification, with the hidden recipients', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'yeyak-mail-'))
  ends.push(() => rm(root, { recursive: true }))
  const directory = path.join(root, 'a', 'mail')
  const log = createLog({ format: 'json', level: 'silent' })
  const channel = createEmailChannel({ transport: { kind: 'capture', directory, from: '' }, log })
  expect(channel.provider).toBe('capture')
  channel.check?.(messageOf())
  const message = messageOf({ bcc: 'hidden@example.com' })
  expect(await send(channel, message)).toEqual({ kind: 'delivered', providerId: `<${ID}@localhost>` })
  await send(channel, { ...message, attempt: 2 })
  expect(await readdir(directory)).toEqual([`${ID}.eml`])
  const modes = await Promise.all([directory, path.join(directory, `${ID}.eml`)].map((one) => stat(one)))
  expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600])
  const parsed = await PostalMime.parse(await readFile(path.join(directory, `${ID}.eml`)))
  expect(parsed).toMatchObject({
    ...{ from: { address: 'yeyak@localhost' }, bcc: [{ address: 'hidden@example.com' }] },
    ...{ subject: 'Hello', messageId: `<${ID}@localhost>` },
  })
  const file = path.join(root, 'file')
  await writeFile(file, '')
  const broken = createEmailChannel({ transport: { kind: 'capture', directory: file, from: FROM }, log })
  expect(await send(broken)).toMatchObject({ kind: 'retry', reason: { code: 'capture-failed' } })
})
