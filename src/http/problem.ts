import { type Language, type Text, YeyakError } from '../platform/errors.ts'
import { isUnavailable } from '../platform/database.ts'
import { PROBLEMS } from '../platform/problems.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** RFC 9457, as every refusal is answered. `docs/errors.md` explains the members. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  code: string
  detail: string
  requestId: string
  errors?: { path: string; message: string; suggestion?: string }[]
  [member: string]: unknown
}

const MOST_ERRORS = 100

/** What the caller is shown of a refusal, in his language. Nothing of the error's cause is in it. */
export function problemBody(error: YeyakError, requestId: string, language: Language): ProblemBody {
  const errors = error.fieldErrors.slice(0, MOST_ERRORS).map(({ path, message, suggestion }) => ({
    path,
    message: message[language],
    ...(suggestion === undefined ? {} : { suggestion }),
  }))
  return {
    type: `urn:yeyak:problem:${error.code}`,
    title: PROBLEMS[error.code].title[language],
    status: error.status,
    code: error.code,
    detail: error.detail[language],
    requestId,
    ...(errors.length === 0 ? {} : { errors }),
    ...error.members,
  }
}

/** The refusal that an error of Fastify's, of a plugin's or of anyone's stands for; what is not known is `internal`. */
export function asYeyakError(error: unknown, limitBytes: number): YeyakError {
  if (error instanceof YeyakError) return error
  if (isUnavailable(error)) return unavailable('database', 1, error)
  const { code, statusCode } = facts(error)
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge(limitBytes, error)
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new YeyakError('unsupported-media-type', { cause: error })
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new YeyakError('invalid-parameter', { detail: CONTENT_LENGTH, cause: error })
  }
  // What Node calls a body that ended with its connection. By its code alone it could be any other connection's end.
  if (code === 'ECONNRESET' && error instanceof Error && error.message === 'aborted') {
    return new YeyakError('invalid-parameter', { detail: CUT_OFF, cause: error })
  }
  if (statusCode === 404) return new YeyakError('unknown-route', { cause: error })
  if (statusCode === 413) return tooLarge(limitBytes, error)
  if (statusCode === 415) return new YeyakError('unsupported-media-type', { cause: error })
  if (statusCode >= 400 && statusCode < 500) return new YeyakError('invalid-parameter', { cause: error })
  return new YeyakError('internal', { cause: error })
}

/** The server cannot serve at the moment; the request may be repeated after `retryAfterSeconds`. */
export function unavailable(
  reason: 'starting' | 'database' | 'overloaded' | 'draining',
  retryAfterSeconds: number,
  cause?: unknown,
): YeyakError {
  return new YeyakError('unavailable', {
    members: { reason },
    headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
    cause,
  })
}

const tooLarge = (limitBytes: number, cause: unknown): YeyakError =>
  new YeyakError('too-large', { members: { limitBytes }, cause })

const CONTENT_LENGTH: Text = {
  en: 'The body is not as long as Content-Length says.',
  ko: '본문의 길이가 Content-Length와 다릅니다.',
}
const CUT_OFF: Text = {
  en: 'The connection was cut off before the whole body had arrived.',
  ko: '본문이 모두 도착하기 전에 연결이 끊어졌습니다.',
}

function facts(error: unknown): { code: string; statusCode: number } {
  if (typeof error !== 'object' || error === null) return { code: '', statusCode: 500 }
  return {
    code: 'code' in error ? String(error.code) : '',
    statusCode: 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500,
  }
}
