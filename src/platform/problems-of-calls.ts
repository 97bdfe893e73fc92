import { problem } from './problem.ts'

/** Refusals for who calls, what is called, and how it stands: 400 to 415. */
export const PROBLEMS_OF_CALLS = {
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
  'csrf-token-required': problem(
    403,
    ['CSRF token required', 'CSRF 토큰 필요'],
    [
      'A call in a session needs its token: send X-CSRF-Token with csrfToken of GET /v1/session.',
      '세션으로 호출하려면 토큰이 필요합니다. GET /v1/session의 csrfToken을 X-CSRF-Token으로 보내야 합니다.',
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
  'last-admin': problem(
    409,
    ['Last admin', '마지막 관리자'],
    [
      'This is the last user who administers everything. Make another one first.',
      '전체를 관리하는 마지막 사용자입니다. 먼저 다른 관리자를 만들어야 합니다.',
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
} as const
