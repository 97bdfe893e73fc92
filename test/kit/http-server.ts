import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { Type } from 'typebox'
import { expect } from 'vitest'
import {
  checkIfMatch,
  closeServer,
  createServer,
  etagOf,
  isNotModified,
  problems,
  type ServerOptions,
} from '../../src/http/index.ts'
import { YeyakError } from '../../src/platform/errors.ts'
import { createLog } from '../../src/platform/log.ts'
import { PROBLEMS } from '../../src/platform/problems.ts'
import { send } from './client.ts'

/** A server that listens, with a few routes of the kinds that features have, and a client for it. */
export async function startHttpServer(options: Partial<ServerOptions> = {}) {
  const lines = new PassThrough()
  const logged: string[] = []
  lines.on('data', (chunk: Buffer) => logged.push(...chunk.toString().trim().split('\n')))
  const app = createServer({
    log: createLog({ format: 'json', level: 'info', destination: lines }),
    version: '1.2.3',
    dashboardDirectory: '/nowhere/',
    isOpen: () => false,
    authenticate: () => {
      throw new Error('no route asks who calls')
    },
    isReady: () => ({ ready: true }),
    checks: async () => ({ status: 'ready', checks: { database: { state: 'ok', detail: null } } }),
    ...options,
  })
  const config = { access: 'public' } as const
  const item = Type.Object(
    {
      channel: Type.Union([Type.Literal('log'), Type.Literal('email')]),
      message: Type.Optional(Type.String({ minLength: 1 })),
      priority: Type.Optional(Type.Integer({ minimum: -100, maximum: 100 })),
      metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    },
    { additionalProperties: false },
  )
  const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 }))
  app.post(
    '/items',
    {
      config: { access: 'public', nullIsAbsent: true },
      schema: { body: item, response: { 201: item, ...problems(['duplicate']) } },
    },
    (request, reply) => {
      reply.code(201)
      return request.body
    },
  )
  app.get(
    '/items',
    { config, schema: { querystring: Type.Object({ limit }, { additionalProperties: false }) } },
    ({ query }) => query,
  )
  app.get('/items/:id', { config }, ({ params, headers }, reply) => {
    if (isNotModified(headers['if-none-match'], 7)) return reply.code(304).send()
    return reply.header('etag', etagOf(7)).send({ params })
  })
  app.patch('/items/:id', { config, schema: { body: item } }, ({ headers, body }) => {
    checkIfMatch(headers['if-match'], 7)
    return body
  })
  app.post('/items/:id/cancel', { config }, (request, reply) => {
    reply.send({ body: request.body ?? null })
  })
  app.post(
    '/items/:id/retry',
    {
      config: { access: 'public', optionalBody: true },
      schema: { body: Type.Object({ note: Type.Optional(Type.String()) }, { additionalProperties: false }) },
    },
    ({ body }) => body,
  )
  app.post('/small', { bodyLimit: 100, config: { access: 'public', lenient: true } }, ({ body }) => ({
    body,
  }))
  app.get('/refused', { config, schema: { response: { 409: Type.Object({ code: Type.String() }) } } }, () => {
    throw new YeyakError('too-late', {
      members: { outcome: 'too_late', state: 'sending' },
      headers: { 'retry-after': '1' },
    })
  })
  app.get('/broken', { config }, async () => {
    await Promise.resolve()
    throw new Error('password=hunter2', { cause: new Error('the cause') })
  })
  const gate = Promise.withResolvers<void>()
  app.get('/slow', { config }, async () => {
    await gate.promise
    return { slow: true }
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const base = `http://127.0.0.1:${port}`
  const stop = async () => {
    gate.resolve()
    await closeServer(app, 1000)
  }
  const call = async (
    method: string,
    path: string,
    init: { body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const { body, headers = {} } = init
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const { body: answer, ...reply } = await send(new URL(base + path), {
      method,
      headers: { ...json, ...headers },
      ...(body !== undefined && {
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    })
    return { ...reply, json: answer ?? undefined }
  }
  return { app, port, call, gate, logged, stop }
}

/** Of an answer, however it was asked for. */
type Answer = Pick<
  Awaited<ReturnType<Awaited<ReturnType<typeof startHttpServer>>['call']>>,
  'status' | 'json'
> & {
  headers: { get(name: string): string | null }
}

/** Every refusal has the same shape, with the status that its code has in the catalogue. */
export function expectProblem(
  answer: Answer,
  code: keyof typeof PROBLEMS,
  language: 'en' | 'ko' = 'en',
): void {
  const { status, title } = PROBLEMS[code]
  expect(answer.json).toMatchObject({
    type: `urn:yeyak:problem:${code}`,
    title: title[language],
    status,
    code,
  })
  expect(answer.status).toBe(status)
  expect(answer.json.requestId).toBe(answer.headers.get('x-request-id'))
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(answer.headers.get('content-language')).toBe(language)
  expect(answer.headers.get('vary')).toBe('Accept-Language')
}

/** Sends bytes as they are, and reads until the server hangs up. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString()))
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  return text
}
