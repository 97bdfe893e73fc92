import { type Problem, problem } from './problem.ts'
import { PROBLEMS_OF_BODIES } from './problems-of-bodies.ts'
import { PROBLEMS_OF_CALLS } from './problems-of-calls.ts'

export type { Problem } from './problem.ts'

const catalogue = {
  ...PROBLEMS_OF_CALLS,
  ...PROBLEMS_OF_BODIES,
  'if-match-required': problem(
    428,
    ['If-Match required', 'If-Match 필요'],
    [
      'This call needs the version that you have read: send If-Match with the value of ETag, or * for any.',
      '이 호출에는 조회한 버전이 필요합니다. ETag 값을 If-Match로 보내거나, 어떤 버전이든 괜찮으면 *를 보내야 합니다.',
    ],
  ),
  'rate-limited': problem(
    429,
    ['Rate limited', '요청 한도 초과'],
    [
      'Too many requests. Wait for the seconds in Retry-After, then repeat.',
      '요청이 너무 많습니다. Retry-After에 적힌 초만큼 기다린 뒤 다시 보내야 합니다.',
    ],
    { headers: ['Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] },
  ),
  'not-in-transaction': problem(
    409,
    ['Not in a transaction', '트랜잭션이 아님'],
    [
      'Library only: tx is no open transaction. Give the one that your client handed you, before it has ended.',
      '라이브러리 전용: tx가 열려 있는 트랜잭션이 아닙니다. 클라이언트가 넘겨준 트랜잭션을 끝나기 전에 전달해야 합니다.',
    ],
  ),
  'wrong-database': problem(
    409,
    ['Wrong database', '다른 데이터베이스'],
    [
      'Library only: client and database lead to different databases. What is scheduled must be where the worker looks.',
      '라이브러리 전용: client와 database가 서로 다른 데이터베이스를 가리킵니다. 예약은 워커가 보는 곳에 있어야 합니다.',
    ],
  ),
  rejected: problem(
    422,
    ['Rejected', '거부됨'],
    [
      'Library only: a model refused to publish this. It is not tried again.',
      '라이브러리 전용: 모델이 게시를 거부했습니다. 다시 시도하지 않습니다.',
    ],
  ),
  'not-migrated': problem(
    503,
    ['Not migrated', '마이그레이션되지 않음'],
    [
      'Library only: the tables are not there, or of an older version. Call migrate(), or run yeyak migrate.',
      '라이브러리 전용: 테이블이 없거나 이전 버전입니다. migrate()를 호출하거나 yeyak migrate를 실행해야 합니다.',
    ],
  ),
  internal: problem(
    500,
    ['Internal error', '서버 내부 오류'],
    [
      'Something went wrong in the server. It is logged under this requestId.',
      '서버에서 오류가 발생했습니다. 이 requestId로 로그에 기록되었습니다.',
    ],
  ),
  unavailable: problem(
    503,
    ['Unavailable', '사용할 수 없음'],
    [
      'The server cannot take this request at the moment. Repeat it after the seconds in Retry-After.',
      '지금은 서버가 요청을 처리할 수 없습니다. Retry-After에 적힌 초만큼 기다린 뒤 다시 보내야 합니다.',
    ],
    { members: ['reason'], headers: ['Retry-After'] },
  ),
} satisfies Record<string, Problem>

/** Every code that an answer can bear. A code never changes its meaning, nor with the language. */
export type ProblemCode = keyof typeof catalogue

export const PROBLEMS: Readonly<Record<ProblemCode, Problem>> = Object.freeze(catalogue)

/** Reads as a guard where a code comes from outside the type system. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}

/** The catalogue as the markdown table of `docs/errors.md`, ordered by status. */
export function problemsTable(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|')
  const names = (list: readonly string[] = []) => list.map((name) => `\`${name}\``).join(', ') || '–'
  const rows = Object.entries<Problem>(PROBLEMS)
    .toSorted(([, a], [, b]) => a.status - b.status)
    .map(([code, p]) => {
      const texts = `${cell(p.detail.en)}<br>${cell(p.detail.ko)}`
      return `| ${p.status} | \`${code}\` | ${p.title.en}<br>${p.title.ko} | ${texts} | ${names(p.members)} | ${names(p.headers)} |`
    })
  return [
    '| status | code | title | detail | members | headers |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
