import { credentials } from './credentials.ts'
import type { paths } from './openapi.d.ts'
import { Problem, readProblem } from './problem.ts'
import type { Answer, CallOptions, Method, PathOf } from './types.ts'

const TIMEOUT_MS = 20_000

interface Call {
  path?: Record<string, string | number>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
  ifMatch?: number | '*'
  idempotencyKey?: string
  key?: string
}

let language = 'en'
/** The language in which refusals are to come. */
export const speak = (next: string): void => {
  language = next
}

const signedOut = new Set<() => void>()
/** Told when a call was refused as nobody's. */
export const onSignedOut = (listener: () => void): (() => void) => {
  signedOut.add(listener)
  return () => signedOut.delete(listener)
}

export const addressOf = (template: string, { path = {}, query = {} }: Call): string => {
  const address = template.replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
    encodeURIComponent(String(path[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const each of [value].flat())
      if (typeof each === 'number' || typeof each === 'boolean' || (typeof each === 'string' && each !== ''))
        search.append(name, String(each))
  return search.size === 0 ? address : `${address}?${search.toString()}`
}

/** What every request bears, whether it is a call or the stream of events. */
export const headersOf = (method: string): Record<string, string> => ({
  accept: 'application/json',
  'accept-language': language,
  ...credentials.headers(method),
})

const noAnswer = (error: unknown, signal: AbortSignal | undefined): unknown => {
  if (signal?.aborted === true) return error
  const isLate = error instanceof DOMException && error.name === 'TimeoutError'
  return new Problem(0, { code: isLate ? 'timed-out' : 'unreachable' })
}

/** Rejects with a `Problem`, or with the reason of `signal` where that was aborted. */
export const send = async (method: Method, template: string, call: Call): Promise<Response> => {
  const { body, signal, ifMatch, idempotencyKey, key } = call
  const verb = method.toUpperCase()
  const late = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetch(addressOf(template, call), {
    method: verb,
    headers: {
      ...headersOf(verb),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(ifMatch !== undefined && { 'if-match': String(ifMatch) }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    credentials: 'same-origin',
    signal: signal === undefined ? late : AbortSignal.any([signal, late]),
  }).catch((error: unknown) => {
    throw noAnswer(error, signal)
  })
  if (response.ok) return response
  // Whoever just tries to sign in was not signed in before.
  const isTrial = key !== undefined || (method === 'post' && template === '/v1/session')
  if (response.status === 401 && !isTrial) for (const listener of signedOut) listener()
  throw await readProblem(response)
}

const answerOf = async (response: Response): Promise<unknown> =>
  response.status === 204 ? undefined : response.json()

/** A call that needs none may be made without. */
interface NoOptions {
  signal?: AbortSignal
}

type Caller<M extends Method> = <P extends PathOf<M> & keyof paths>(
  path: P,
  ...options: NoOptions extends CallOptions<P, M> ? [CallOptions<P, M>?] : [CallOptions<P, M>]
) => Promise<Answer<P, M>>

const caller =
  <M extends Method>(method: M): Caller<M> =>
  async (path, ...[options]) =>
    (await answerOf(await send(method, path, options ?? {}))) as never

/** The API, typed by its own document. */
export const api = {
  get: caller('get'),
  post: caller('post'),
  put: caller('put'),
  patch: caller('patch'),
  delete: caller('delete'),
}
