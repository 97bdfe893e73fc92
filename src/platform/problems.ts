import type { Text } from './errors.ts'

/** One kind of refusal, as documented in `docs/errors.md`. */
export interface Problem {
  readonly status: number
  readonly title: Text
  /** Used where the case itself has nothing more exact to say. Names the mend where there is a general one. */
  readonly detail: Text
  /** Members that the answer has beside the standard ones. */
  readonly members?: readonly string[]
  /** Headers that the answer bears. */
  readonly headers?: readonly string[]
}

type Pair = readonly [en: string, ko: string]

function problem(
  status: number,
  title: Pair,
  detail: Pair,
  more: Pick<Problem, 'members' | 'headers'> = {},
): Problem {
  const text = ([en, ko]: Pair): Text => Object.freeze({ en, ko })
  return Object.freeze({ status, title: text(title), detail: text(detail), ...more })
}

const catalogue = {
  'malformed-json': problem(
    400,
    ['Malformed JSON', '잘못된 JSON'],
    [
      'The body is not valid JSON. Send one JSON value in UTF-8, or no Content-Type where there is no body.',
      '본문이 올바른 JSON이 아닙니다. UTF-8로 된 JSON 값 하나를 보내거나, 본문이 없으면 Content-Type을 빼야 합니다.',
    ],
  ),
  'invalid-parameter': problem(
    400,
    ['Invalid parameter', '잘못된 매개변수'],
    [
      'A query parameter, a part of the path or a header is not valid: see errors.',
      '쿼리 매개변수, 경로 또는 헤더가 올바르지 않습니다. errors를 확인해야 합니다.',
    ],
  ),
  'invalid-cursor': problem(
    400,
    ['Invalid cursor', '잘못된 커서'],
    [
      'This cursor does not belong to this query. Use nextCursor as it was given, with the same filters and sort, or start again without a cursor.',
      '이 커서는 이 조회에 속하지 않습니다. 같은 필터와 정렬로 nextCursor를 받은 그대로 쓰거나, 커서 없이 처음부터 다시 조회해야 합니다.',
    ],
  ),
  unauthenticated: problem(
    401,
    ['Not authenticated', '인증되지 않음'],
    [
      'No valid API key was given. Send Authorization: Bearer yk_….',
      '올바른 API 키가 없습니다. Authorization: Bearer yk_… 헤더를 보내야 합니다.',
    ],
    { headers: ['WWW-Authenticate'] },
  ),
  'missing-scope': problem(
    403,
    ['Missing scope', '권한 부족'],
    [
      'This API key does not have the scope that this call needs. Use a key that has it.',
      '이 API 키에는 이 호출에 필요한 권한이 없습니다. 해당 권한이 있는 키를 사용해야 합니다.',
    ],
    { members: ['scope'] },
  ),
  'host-not-allowed': problem(
    403,
    ['Host not allowed', '허용되지 않은 호스트'],
    [
      'This server has no API key, so it answers only to localhost, 127.0.0.1 and [::1]. Call it by one of these names, or configure a key.',
      '이 서버에는 API 키가 없어서 localhost, 127.0.0.1, [::1]로 온 요청에만 응답합니다. 이 이름 중 하나로 호출하거나 키를 설정해야 합니다.',
    ],
  ),
  'not-found': problem(
    404,
    ['Not found', '찾을 수 없음'],
    ['There is nothing with this id.', '이 id에 해당하는 항목이 없습니다.'],
  ),
  'unknown-route': problem(
    404,
    ['Unknown route', '알 수 없는 경로'],
    [
      'There is no such route. All of them are listed at /docs.',
      '존재하지 않는 경로입니다. 전체 경로는 /docs에서 볼 수 있습니다.',
    ],
  ),
  'unknown-model': problem(
    404,
    ['Unknown model', '알 수 없는 모델'],
    [
      'Unknown model. Register it, or use one that is registered.',
      '알 수 없는 모델입니다. 모델을 등록하거나 등록된 모델을 사용해야 합니다.',
    ],
  ),
  'unknown-task': problem(
    404,
    ['Unknown task', '알 수 없는 작업'],
    [
      'Unknown task. GET /v1/tasks lists the registered ones.',
      '알 수 없는 작업입니다. 등록된 작업은 GET /v1/tasks에서 볼 수 있습니다.',
    ],
  ),
  'method-not-allowed': problem(
    405,
    ['Method not allowed', '허용되지 않은 메서드'],
    [
      'This route does not take this method. Use one of those in the Allow header.',
      '이 경로에서는 이 메서드를 쓸 수 없습니다. Allow 헤더에 있는 메서드를 사용해야 합니다.',
    ],
    { headers: ['Allow'] },
  ),
  'too-late': problem(
    409,
    ['Too late', '너무 늦음'],
    ['It has already begun, so this can no longer be changed.', '이미 시작되어 더 이상 변경할 수 없습니다.'],
    { members: ['outcome', 'state'] },
  ),
  'already-final': problem(
    409,
    ['Already final', '이미 끝난 상태'],
    [
      'It has already ended, so this can no longer be changed.',
      '이미 끝난 상태여서 더 이상 변경할 수 없습니다.',
    ],
    { members: ['outcome', 'state'] },
  ),
  'not-final': problem(
    409,
    ['Not final yet', '아직 끝나지 않음'],
    [
      'It has not ended yet. Wait until it has, or cancel it first.',
      '아직 끝나지 않았습니다. 끝날 때까지 기다리거나 먼저 취소해야 합니다.',
    ],
  ),
  duplicate: problem(
    409,
    ['Duplicate', '중복'],
    [
      'One with this dedupeKey is still pending: existingId names it. Use another key, or onDuplicate "ignore" or "replace".',
      '같은 dedupeKey를 가진 항목이 아직 대기 중이며, existingId가 그 항목입니다. 다른 키를 쓰거나 onDuplicate를 "ignore" 또는 "replace"로 지정해야 합니다.',
    ],
    { members: ['existingId'] },
  ),
  'already-exists': problem(
    409,
    ['Already exists', '이미 존재함'],
    [
      'One with this id already exists. Use another id, or change the existing one.',
      '같은 id를 가진 항목이 이미 있습니다. 다른 id를 쓰거나 기존 항목을 변경해야 합니다.',
    ],
  ),
  'idempotency-in-progress': problem(
    409,
    ['Request in progress', '요청 처리 중'],
    [
      'Another request with this Idempotency-Key is still being processed. Repeat this one in a moment.',
      '같은 Idempotency-Key를 가진 다른 요청을 아직 처리하고 있습니다. 잠시 후 같은 요청을 다시 보내야 합니다.',
    ],
    { headers: ['Retry-After'] },
  ),
  'release-frozen': problem(
    409,
    ['Release is frozen', '변경할 수 없는 릴리스'],
    [
      'A release that is scheduled or has run cannot be changed. Cancel its schedule first, or make a new release.',
      '예약되었거나 실행된 릴리스는 변경할 수 없습니다. 먼저 예약을 취소하거나 새 릴리스를 만들어야 합니다.',
    ],
  ),
  'external-model': problem(
    409,
    ['External model', '외부 모델'],
    [
      'Content of this type lives in your own tables: only schedule, publish and unpublish work here.',
      '이 유형의 콘텐츠는 사용자의 테이블에 있습니다. 여기서는 schedule, publish, unpublish만 사용할 수 있습니다.',
    ],
  ),
  'undo-expired': problem(
    409,
    ['Undo has expired', '실행 취소 기한 만료'],
    [
      'The time in which this operation could be undone is over (undoUntil).',
      '이 작업을 되돌릴 수 있는 기한(undoUntil)이 지났습니다.',
    ],
  ),
  'version-conflict': problem(
    412,
    ['Version conflict', '버전 충돌'],
    [
      'It has changed since you read it. Read it again, and repeat the change with the new version in If-Match.',
      '조회한 뒤에 변경되었습니다. 다시 조회하여 새 버전을 If-Match에 넣고 변경을 다시 요청해야 합니다.',
    ],
    { members: ['expected', 'actual'] },
  ),
  'too-large': problem(
    413,
    ['Too large', '너무 큼'],
    [
      'The request is larger than the limit (limitBytes). Send less at once.',
      '요청이 한도(limitBytes)보다 큽니다. 한 번에 더 적게 보내야 합니다.',
    ],
    { members: ['limitBytes'] },
  ),
  'unsupported-media-type': problem(
    415,
    ['Unsupported media type', '지원하지 않는 미디어 유형'],
    [
      'The body has a media type that is not taken here. Send Content-Type: application/json.',
      '본문의 미디어 유형을 지원하지 않습니다. Content-Type: application/json으로 보내야 합니다.',
    ],
  ),
  'invalid-request': problem(
    422,
    ['Invalid request', '잘못된 요청'],
    ['The body is not valid: see errors.', '본문이 올바르지 않습니다. errors를 확인해야 합니다.'],
  ),
  'ambiguous-time': problem(
    422,
    ['Ambiguous time', '모호한 시각'],
    [
      'A time needs an offset or a zone: 2026-12-01T09:00:00+09:00, or {"local":"2026-12-01T09:00","timeZone":"Asia/Seoul"}.',
      '시각에는 오프셋이나 시간대가 필요합니다. 예: 2026-12-01T09:00:00+09:00 또는 {"local":"2026-12-01T09:00","timeZone":"Asia/Seoul"}.',
    ],
  ),
  'ambiguous-local-time': problem(
    422,
    ['Ambiguous local time', '모호한 현지 시각'],
    [
      'Clocks change at this local time, so it does not exist or exists twice. Send one of candidates, or set disambiguation to "earlier" or "later".',
      '시계가 바뀌는 때여서 이 현지 시각은 없거나 두 번 있습니다. candidates 중 하나를 보내거나 disambiguation을 "earlier" 또는 "later"로 지정해야 합니다.',
    ],
    { members: ['candidates'] },
  ),
  'unknown-time-zone': problem(
    422,
    ['Unknown time zone', '알 수 없는 시간대'],
    [
      'The time zone is not known. Use an IANA name such as Asia/Seoul; offsets and abbreviations are not taken.',
      '알 수 없는 시간대입니다. Asia/Seoul과 같은 IANA 이름을 써야 하며, 오프셋과 약어는 쓸 수 없습니다.',
    ],
  ),
  'time-in-past': problem(
    422,
    ['Time in the past', '과거 시각'],
    [
      'The time is more than 60 seconds in the past. Send a later one, or leave it out for now.',
      '60초 넘게 지난 시각입니다. 더 나중의 시각을 보내거나, 지금 바로 처리하려면 생략해야 합니다.',
    ],
  ),
  'time-too-far': problem(
    422,
    ['Time too far ahead', '너무 먼 시각'],
    [
      'The time is more than 10 years ahead. Send an earlier one.',
      '10년보다 더 뒤의 시각입니다. 더 이른 시각을 보내야 합니다.',
    ],
  ),
  'expires-before-due': problem(
    422,
    ['Expires before it is due', '예정 시각보다 이른 만료'],
    ['expiresAt must be after the time at which it is due.', 'expiresAt은 예정 시각보다 나중이어야 합니다.'],
  ),
  'publish-at-not-future': problem(
    422,
    ['publishAt is not in the future', '미래가 아닌 publishAt'],
    ['publishAt must be a time in the future.', 'publishAt은 미래 시각이어야 합니다.'],
  ),
  'channel-not-configured': problem(
    422,
    ['Channel not configured', '설정되지 않은 채널'],
    [
      'This channel is not configured on this server. The setting that it needs is named in setting.',
      '이 서버에 설정되지 않은 채널입니다. 필요한 설정의 이름은 setting에 있습니다.',
    ],
    { members: ['setting'] },
  ),
  'address-not-allowed': problem(
    422,
    ['Address not allowed', '허용되지 않은 주소'],
    [
      'This address is not public, so it is not called. The setting that allows it is named in setting.',
      '공개된 주소가 아니므로 호출하지 않습니다. 허용하는 설정의 이름은 setting에 있습니다.',
    ],
    { members: ['setting'] },
  ),
  'idempotency-key-reused': problem(
    422,
    ['Idempotency key reused', '재사용된 멱등 키'],
    [
      'This Idempotency-Key was used with another body. Use a new key for a new request.',
      '이 Idempotency-Key는 다른 본문에 이미 사용되었습니다. 새 요청에는 새 키를 사용해야 합니다.',
    ],
  ),
  'filter-required': problem(
    422,
    ['Filter required', '필터 필요'],
    [
      'This call would change everything. Give a filter, or send "all":true if that is what you want.',
      '이 호출은 모든 항목을 변경합니다. 필터를 지정하거나, 정말 모두 변경하려면 "all":true를 보내야 합니다.',
    ],
  ),
  'unbounded-schedule': problem(
    422,
    ['Unbounded schedule', '실행 시각을 정할 수 없는 일정'],
    [
      'This rule never runs, or its runs cannot be computed within the limits. Make it simpler, or give it an end.',
      '이 규칙은 한 번도 실행되지 않거나, 실행 시각을 한도 안에서 계산할 수 없습니다. 규칙을 단순하게 하거나 끝나는 시각을 지정해야 합니다.',
    ],
  ),
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
