import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runCommand } from '../kit/command.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { sendRaw } from '../kit/http-server.ts'
import { pathWith, readOperations } from '../kit/openapi-requests.ts'
import { eventually } from '../kit/poll.ts'
import { createBoundedCall } from '../kit/problems.ts'
import { startProcess, type YeyakProcess } from '../kit/process.ts'
import { startScriptedSmtp } from '../kit/smtp-sink.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../kit/webhook-receiver.ts'

vi.setConfig({ testTimeout: 120_000 })

const run = promisify(execFile)

/** One for each place that a secret is kept in; each is recognisable, and nothing else looks like it. */
const SECRETS = {
  databasePassword: 'canaryDbPassword17',
  smtpPassword: 'canarySmtpPassword17',
  webhookSecret: Buffer.from('canaryWebhookSecret-0123456789ab').toString('base64'),
  apiKey: 'yk_canaryApiKey17_0123456789',
  encryptionKey: Buffer.from('canaryEncryptionKey-0123456789ab').toString('base64'),
  header: 'canaryHeaderValue17',
  userPassword: 'canary User Password 17',
  endpointSecret: Buffer.from('canaryEndpointSecret-0123456789a').toString('base64'),
}
/** Those that the server makes itself, once they were shown. */
const made: Record<string, string> = {}

/** As it is, and as it would look in a URL, in a JSON text, in base64 (of a login too) and in hexadecimal. */
const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/u, ''),
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret, 'base64').toString('hex'),
]

const expectNone = (where: string, text: string) => {
  for (const [name, secret] of Object.entries({ ...SECRETS, ...made }))
    for (const form of formsOf(secret).filter((one) => one.length >= 12))
      if (text.includes(form)) {
        const at = text.indexOf(form)
        throw new Error(
          `${name} shows in ${where}: …${text.slice(Math.max(0, at - 120), at + form.length + 20)}`,
        )
      }
}

let database: TestDatabase
let receiver: WebhookReceiver
let smtp: Awaited<ReturnType<typeof startScriptedSmtp>>
let process1: YeyakProcess
let env: Record<string, string>
beforeAll(async () => {
  database = await createTestDatabase()
  receiver = await startWebhookReceiver()
  // It repeats what it was told, as some do.
  smtp = await startScriptedSmtp((line) => {
    if (line === '') return '220 ready\r\n'
    if (line.startsWith('EHLO')) return '250-hello\r\n250 AUTH PLAIN LOGIN\r\n'
    if (line.startsWith('AUTH')) return `535 5.7.8 no such login: ${line}\r\n`
    return '250 ok\r\n'
  })
  const url = new URL(database.url)
  await database.query(`create role ${database.name} login superuser password '${SECRETS.databasePassword}'`)
  url.username = database.name
  url.password = SECRETS.databasePassword
  env = {
    DATABASE_URL: url.href,
    YEYAK_LOG_LEVEL: 'trace',
    YEYAK_SMTP_URL: `smtp://canary:${SECRETS.smtpPassword}@127.0.0.1:${smtp.port}`,
    YEYAK_SMTP_FROM: 'yeyak@example.com',
    YEYAK_WEBHOOK_SECRET: `whsec_${SECRETS.webhookSecret}`,
    YEYAK_WEBHOOK_ALLOW: '127.0.0.1',
    YEYAK_API_KEY: SECRETS.apiKey,
    YEYAK_ENCRYPTION_KEY: SECRETS.encryptionKey,
  }
  process1 = await startProcess({ role: 'start', env })
})
afterAll(async () => {
  await process1.end()
  await receiver.stop()
  await smtp.stop()
  await database.drop()
})

const logOf = (process: YeyakProcess) => JSON.stringify(process.records) + process.errors
const answers: string[] = []
const asAdmin = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
  const call = createBoundedCall(process1.url ?? '')
  return call(method, path, body, { authorization: `Bearer ${SECRETS.apiKey}`, ...more })
}
const seen = async (...o: Parameters<typeof asAdmin>) => {
  const reply = await asAdmin(...o)
  answers.push(`${o[0]} ${o[1]}: ${JSON.stringify(reply.headers.all)} ${reply.text}`)
  return reply
}

test('what is driven through every secret place goes well, or fails', async () => {
  receiver.answer((response, { headers, rawHeaders }) =>
    void response.writeHead(500).end(JSON.stringify({ headers, rawHeaders })),
  )
  const hook = {
    channel: 'webhook',
    to: receiver.url,
    message: 'm',
    headers: { authorization: `Bearer ${SECRETS.header}`, 'x-key': SECRETS.header },
    retry: { limit: 0 },
  }
  const [webhook, mail] = await Promise.all([
    seen('POST', '/v1/notifications', hook),
    seen('POST', '/v1/notifications', { channel: 'email', to: 'a@example.com', subject: 's', text: 't', retry: { limit: 0 } }),
  ])
  await seen('POST', '/v1/notifications', { ...hook, sendAt: { delay: '1h' }, dedupeKey: 'k', groupKey: 'g' })
  const user = await seen('POST', '/v1/users', { email: 'a@example.com', role: 'admin', password: SECRETS.userPassword })
  expect(user.status).toBe(201)
  const session = await asAdmin('POST', '/v1/session', { email: 'a@example.com', password: SECRETS.userPassword })
  expect(session.status).toBe(201)
  made['session'] = /yeyak_session=([^;]+)/u.exec(session.headers.get('set-cookie') ?? '')?.[1] ?? ''
  made['csrf'] = session.body.csrfToken
  const key = await asAdmin('POST', '/v1/api-keys', { name: 'canary', scopes: ['operate'] })
  made['key'] = key.body.key
  made['rotatedKey'] = (await asAdmin('POST', `/v1/api-keys/${key.body.id}/rotate`)).body.key
  const endpoint = await asAdmin('POST', '/v1/webhooks', { url: receiver.url, types: ['*'], secret: `whsec_${SECRETS.endpointSecret}` })
  expect(endpoint.status).toBe(201)
  await seen('POST', `/v1/webhooks/${endpoint.body.id}/test`)
  made['rotatedEndpoint'] = (await asAdmin('POST', `/v1/webhooks/${endpoint.body.id}/rotate`)).body.secret
  for (const secret of Object.values(made)) expect(secret.length).toBeGreaterThan(20)
  for (const { body } of [webhook, mail])
    await eventually('both to have failed', async () => (await asAdmin('GET', `/v1/notifications/${body.id}`)).body.state === 'failed')
  await eventually('a delivery to the endpoint', () => receiver.received.some(({ headers }) => headers['webhook-id']?.toString().startsWith('evt_')))
}) // prettier-ignore

test('refusals of requests that bear a secret do not repeat it', async () => {
  const { apiKey, userPassword, header } = SECRETS
  await seen('POST', '/v1/session', { email: 'a@example.com', password: `${userPassword} ${userPassword}` })
  await seen('POST', '/v1/session', { email: 'a@example.com', password: [userPassword] })
  await seen('POST', '/v1/users', { email: 'nobody', role: 'none', password: 17, secret: true })
  await seen('POST', '/v1/notifications', { channel: 'webhook', to: 'x', message: 'm', headers: { 'x-a': `${header}\n` } })
  await seen('POST', '/v1/webhooks', { url: 'x', types: ['*'], secret: `whsec_${SECRETS.endpointSecret}!` })
  await seen('GET', '/v1/notifications', undefined, { authorization: `Basic ${apiKey}` })
  await seen('GET', '/v1/notifications', undefined, { authorization: `Bearer ${apiKey}x` })
  const port = Number(new URL(process1.url ?? '').port)
  answers.push(await sendRaw(port, `GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${apiKey}\r\nBroken\r\n\r\n`))
  for (const answer of answers) expect(answer, answer.slice(0, 80)).toMatch(/"code":|"id":|204|202/u)
}) // prettier-ignore

test('no answer of any route shows one', async () => {
  const operations = (await readOperations({ call: asAdmin })).filter(({ method }) => method === 'GET')
  const ids = new Map<string, string[]>()
  for (const { path } of operations.filter((one) => one.params.length === 0)) {
    const { body } = await seen('GET', path)
    ids.set(
      path,
      (body?.items ?? []).flatMap((item: { id?: string }) => item.id ?? []),
    )
  }
  for (const operation of operations.filter((one) => one.params.length > 0))
    for (const id of ids.get(operation.path.split('/{')[0] ?? '') ?? [])
      await seen(
        'GET',
        pathWith(operation, () => id),
      )
  for (const path of ['/docs', '/openapi.json', '/metrics', '/v1/notifications?q=canary'])
    await seen('GET', path)
  expect(answers.length).toBeGreaterThan(50)
  for (const answer of answers) expectNone(answer.slice(0, 80), answer)
})

test('nor does the list of processes, or the log at its most talkative, also of a crash and of starts that fail', async () => {
  expectNone('the list of processes', (await run('ps', ['-eo', 'args'])).stdout)
  process1.kill('SIGKILL')
  await process1.exited
  expectNone('the log', logOf(process1))
  process1 = await startProcess({ role: 'start', env })
  const bad: Record<string, string>[] = [
    { DATABASE_URL: (env['DATABASE_URL'] ?? '').replace('//', '//nobody') },
    { DATABASE_URL: `postgres://x:${SECRETS.databasePassword}@127.0.0.1:1/x`, YEYAK_BOOT_WAIT_SECONDS: '1' },
    { YEYAK_ENCRYPTION_KEY: `${SECRETS.encryptionKey}x` },
    { YEYAK_WEBHOOK_SECRET: `whsec_${SECRETS.webhookSecret}!!` },
    { YEYAK_SMTP_URL: `http://canary:${SECRETS.smtpPassword}@127.0.0.1` },
    { YEYAK_API_KEY: ` ${SECRETS.apiKey}` },
    { YEYAK_ENCRYPTION_KEY_FILE: SECRETS.encryptionKey },
  ]
  for (const wrong of bad) {
    const failed = await startProcess({
      role: 'start',
      env: { ...env, ...wrong },
      wait: false,
      program: 'cli',
    })
    expect(await failed.exited, JSON.stringify(Object.keys(wrong))).toBe(1)
    expectNone(`a start with a wrong ${Object.keys(wrong).join()}`, logOf(failed))
  }
})

test('nor do the commands', async () => {
  for (const args of [['doctor'], ['doctor', '--json'], ['verify'], ['keys', 'list'], ['users', 'list'], ['keys', 'rotate-encryption'], ['list'], ['help']]) {
    const { out, errors } = await runCommand(args, { env: { ...env, YEYAK_URL: process1.url ?? '' } })
    expect(out + errors, args.join(' ')).not.toBe('')
    expectNone(`yeyak ${args.join(' ')}`, out + errors)
  }
}) // prettier-ignore

test('a dump of the database holds them sealed or hashed, or not at all', async () => {
  const tables = await database.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema in ('yeyak', 'yeyak_queue') and table_type = 'BASE TABLE'`,
  )
  expect(tables.length).toBeGreaterThan(15)
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(`select row_to_json(t)::text as row from ${name} t`)
    expectNone(`the table ${name}`, rows.map(({ row }) => row).join('\n'))
  }
})

test('they are recognised where they would show', () => {
  const login = Buffer.from(randomBytes(3).toString('hex')).toString()
  for (const text of [`x ${SECRETS.header} ${login}`, encodeURIComponent(SECRETS.userPassword), Buffer.from(SECRETS.apiKey).toString('hex')])
    expect(() => expectNone('here', text)).toThrow('shows in here')
}) // prettier-ignore
