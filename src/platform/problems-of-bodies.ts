import { problem } from './problem.ts'

/** Refusals for what a body says: 422. */
export const PROBLEMS_OF_BODIES = {
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
  'encryption-not-configured': problem(
    422,
    ['Encryption not configured', '설정되지 않은 암호화'],
    [
      'This keeps a secret in the database, and there is no key to seal it with. The setting that gives one is named in setting.',
      '데이터베이스에 비밀 값을 저장해야 하는데 암호화할 키가 없습니다. 키를 지정하는 설정의 이름은 setting에 있습니다.',
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
} as const
