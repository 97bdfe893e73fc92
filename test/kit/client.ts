import { eventually } from './poll.ts'

export interface Reply {
  status: number
  headers: Headers
  text: string
  /** The body as JSON; tests assert on it, and so it is not typed here. */
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
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
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== ''
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : null,
    }
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
