import { isProblemCode, PROBLEMS, type ProblemCode } from '../platform/problems.ts'
import type { Access } from './scopes.ts'

/** The component `Problem` of the OpenAPI document. */
export const PROBLEM_SCHEMA = {
  $id: 'Problem',
  type: 'object',
  title: 'Problem',
  description: 'A refusal, as RFC 9457 has it. Some codes have further members: see docs/errors.md.',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string', description: 'urn:yeyak:problem:<code>' },
    title: { type: 'string', description: 'In the language of Accept-Language (ko, else en).' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(PROBLEMS), description: 'Never changes with the language.' },
    detail: {
      type: 'string',
      description: 'What is wrong in this case, in the language of Accept-Language.',
    },
    requestId: { type: 'string', description: 'As in X-Request-Id, and in the log.' },
    errors: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', description: 'For example notifications[3].to' },
          message: { type: 'string' },
          suggestion: { type: 'string' },
        },
      },
    },
  },
}

const OF_BODIES: readonly ProblemCode[] = [
  'malformed-json',
  'too-large',
  'unsupported-media-type',
  'invalid-request',
]
const OF_CALLERS: readonly ProblemCode[] = ['unauthenticated', 'csrf-token-required', 'rate-limited']
const OF_ALL: readonly ProblemCode[] = ['invalid-parameter', 'host-not-allowed', 'internal', 'unavailable']

const CODES = 'x-codes'

/**
 * The refusals that a route can answer, for its `schema.response`: `{ 201: Notification, ...problems(['too-late']) }`.
 * Those that any route can are added to the document by themselves. Typed as no entries at all, so that the type of
 * what a handler returns is that of its successes; refusals are thrown.
 */
export function problems(codes: readonly ProblemCode[]): object {
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status)
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, entry(group)]))
}

/** The entries of a route together with those of every route, for the document. */
export function withCommonProblems(
  response: object,
  takesBody: boolean,
  access: Access,
): Record<string, unknown> {
  const own = Object.values(response).flatMap(codesOf)
  const ofAccess: readonly ProblemCode[] =
    access === 'public' ? [] : access === 'any' ? OF_CALLERS : [...OF_CALLERS, 'missing-scope']
  const codes = new Set([...own, ...(takesBody ? OF_BODIES : []), ...ofAccess, ...OF_ALL])
  return { ...response, ...problems([...codes]) }
}

function codesOf(responseEntry: unknown): ProblemCode[] {
  if (typeof responseEntry !== 'object' || responseEntry === null || !(CODES in responseEntry)) return []
  const codes: unknown = responseEntry[CODES]
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string').filter(isProblemCode) : []
}

function entry(codes: readonly ProblemCode[]): object {
  const lines = codes.map((code) => `- \`${code}\`: ${PROBLEMS[code].detail.en}`)
  return {
    description: lines.join('\n'),
    [CODES]: codes,
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  }
}
