import { request } from 'undici'
import { eventually } from './poll.ts'

export interface Reply {
  status: number
  headers: {
    get(name: string): string | null
    all: Readonly<Record<string, string | string[] | undefined>>
  }
  text: string
  /** The body as JSON; tests assert on it, and so it is not typed here. */
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

export interface Call {
  method: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  signal?: AbortSignal
}

/**
 * One call over real HTTP; an answer that never ends is not read. Not by `fetch`, which took a fifth of the processor time of
 * a file that makes many calls.
 */
export const send = async (url: URL, { body, ...o }: Call): Promise<Reply> => {
  const response = await request(url, { ...o, body: body ?? null })
  const get = (name: string): string | null => {
    const value = response.headers[name.toLowerCase()]
    return value === undefined ? null : [value].flat().join(', ')
  }
  const type = get('content-type') ?? ''
  const isStream = type.startsWith('text/event-stream')
  if (isStream) response.body.on('error', () => {}).destroy()
  const text = isStream ? '' : await response.body.text()
  return {
    status: response.statusCode,
    headers: { get, all: response.headers },
    text,
    body: type.includes('json') && text !== '' ? JSON.parse(text) : null,
  }
}

/** Real HTTP to an API. `before` is awaited ahead of each call. */
export const createClient = (
  baseUrl: string,
  before: (method: string, path: string) => Promise<void> = async () => {},
) => {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    await before(method, path)
    return send(new URL(path, baseUrl), {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }
  const create = async (notification: Record<string, unknown>): Promise<string> => {
    const reply = await call('POST', '/v1/notifications', notification)
    if (reply.status !== 201) throw new Error(`create answered ${reply.status}: ${reply.text}`)
    return reply.body.id
  }
  const get = async (id: string) => (await call('GET', `/v1/notifications/${id}`)).body
  /** The notification, once it is in this state. */
  const inState = (id: string, state: string, timeoutMs?: number) =>
    eventually(
      `notification ${id} in state ${state}`,
      async () => {
        const found = await get(id)
        return found?.state === state && found
      },
      timeoutMs,
    )
  return { call, create, get, inState }
}

export type Client = ReturnType<typeof createClient>
