import type { Config } from '../config.ts'
import type { Language } from '../platform/errors.ts'
import { CommandError } from './command.ts'
import { isRecord, listOf, textOf } from './json.ts'

/** The server has answered, and refused. `body` is the problem as it came. */
export class RefusedError extends CommandError {
  override readonly name = 'RefusedError'
  readonly body: Record<string, unknown>
  constructor(message: string, body: Record<string, unknown>) {
    super(message)
    this.body = body
  }
}

/** There was no answer, or none of Yeyak's. What was asked for may have been done all the same. */
export class UnreachableError extends CommandError {
  override readonly name = 'UnreachableError'
}

export interface Answer {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

export interface Call {
  method: 'GET' | 'POST'
  /** Beginning with `/`. */
  path: string
  /** A list is repeated; what is undefined is left out. */
  query?: Readonly<Record<string, string | readonly string[] | undefined>>
  body?: unknown
  headers?: Readonly<Record<string, string>>
}

export type Client = ReturnType<typeof createClient>

const TIMEOUT_MS = 30_000

const texts = {
  unreachable: {
    en: (url: string, why: string) =>
      `no Yeyak server answers at ${url} (${why}). Is it running? "npm start" starts one; YEYAK_URL names another.`,
    ko: (url: string, why: string) =>
      `${url}에서 응답하는 Yeyak 서버가 없습니다 (${why}). 서버는 "npm start"로 시작하고, 다른 서버는 YEYAK_URL로 정합니다.`,
  },
  foreign: {
    en: (url: string, what: string) => `what answers at ${url} is no Yeyak server (${what}): see YEYAK_URL.`,
    ko: (url: string, what: string) =>
      `${url}에서 응답한 것은 Yeyak 서버가 아닙니다 (${what}). YEYAK_URL을 확인해야 합니다.`,
  },
  timeout: {
    en: `no answer within ${TIMEOUT_MS / 1000} s`,
    ko: `${TIMEOUT_MS / 1000}초 동안 응답 없음`,
  },
  meant: { en: (text: string) => ` (did you mean ${text}?)`, ko: (text: string) => ` (${text}?)` },
  key: {
    en: 'The key comes from YEYAK_API_KEY.',
    ko: '키는 YEYAK_API_KEY에서 읽습니다.',
  },
}

/** What `fetch` throws says "fetch failed"; the reason is its cause, and of two addresses tried, an AggregateError. */
const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : reasonOf(error.cause)
}

/** Status and code, what is wrong, then a line for each field at fault. */
export const describeProblem = (
  problem: Record<string, unknown>,
  status: number,
  language: Language,
): string => {
  const faults = listOf(problem['errors']).map((fault) => {
    const suggestion = textOf(fault['suggestion'])
    return {
      text: `${textOf(fault['path'])}: ${textOf(fault['message'])}`,
      meant: suggestion === '' ? '' : texts.meant[language](suggestion),
    }
  })
  const detail = textOf(problem['detail']) || textOf(problem['title'])
  // Of a single fault the detail may say nothing else.
  const isRepeated = faults.some(({ text }) => text === detail)
  return [
    `${status} ${textOf(problem['code'])}${isRepeated ? '' : `: ${detail}`}`,
    ...faults.map(({ text, meant }) => `  ${text}${meant}`),
    ...(status === 401 ? [`  ${texts.key[language]}`] : []),
    ...(status >= 500 ? [`  X-Request-Id: ${textOf(problem['requestId'])}`] : []),
  ].join('\n')
}

/** Calls to the server of `config.client`. Each throws RefusedError or UnreachableError unless it was answered by 2xx. */
export const createClient = (o: { config: Pick<Config, 'client'>; language: Language }) => {
  const { url, apiKey } = o.config.client
  const { language } = o

  const request = async (call: Call, signal: AbortSignal | undefined): Promise<Response> => {
    const target = new URL(call.path, url)
    for (const [name, value] of Object.entries(call.query ?? {}))
      for (const item of value === undefined ? [] : [value].flat()) target.searchParams.append(name, item)
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    return fetch(target, {
      method: call.method,
      // Nothing here redirects; followed, one would take the key along.
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      headers: {
        accept: 'application/json',
        'accept-language': language,
        ...(apiKey !== '' && { authorization: `Bearer ${apiKey}` }),
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    })
  }

  const read = async (
    call: Call,
    signal: AbortSignal | undefined,
  ): Promise<{ response: Response; text: string }> => {
    try {
      const response = await request(call, signal)
      return { response, text: await response.text() }
    } catch (error) {
      signal?.throwIfAborted()
      const isLate = error instanceof Error && error.name === 'TimeoutError'
      throw new UnreachableError(
        texts.unreachable[language](url, isLate ? texts.timeout[language] : reasonOf(error)),
        { cause: error },
      )
    }
  }

  return {
    url,
    async call(call: Call, signal?: AbortSignal): Promise<Answer> {
      const { response, text } = await read(call, signal)
      const { status, headers } = response
      const type = headers.get('content-type') ?? 'no content type'
      const body = type.includes('json') ? parse(text) : null
      const foreign = () => new UnreachableError(texts.foreign[language](url, `${status}, ${type}`))
      if (body === null) throw foreign()
      if (response.ok) return { status, headers, body }
      if (typeof body['code'] !== 'string') throw foreign()
      throw new RefusedError(describeProblem(body, status, language), body)
    },
  }
}

const parse = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}
