import { JSON_OPTION, type Options } from './command.ts'

const several = { type: 'string', multiple: true } as const

/** `yeyak send`: each is a member of the request's body, under a shorter name. */
export const SEND_OPTIONS = {
  in: {
    type: 'string',
    value: '<delay>',
    doc: { en: 'when: after 10s, 5m, 2h, 1d, 1w or PT10S', ko: '시각: 10s, 5m, 2h, 1d, 1w, PT10S 뒤' },
  },
  at: {
    type: 'string',
    value: '<instant>',
    doc: { en: 'when: 2026-12-01T09:00:00+09:00 or …Z', ko: '시각: 2026-12-01T09:00:00+09:00 또는 …Z' },
  },
  local: {
    type: 'string',
    value: '<time>',
    doc: {
      en: 'when: 2026-12-01T09:00 on the clocks of --zone',
      ko: '시각: --zone의 현지 시각 2026-12-01T09:00',
    },
  },
  zone: {
    type: 'string',
    value: '<zone>',
    doc: { en: 'the time zone of --local, such as Asia/Seoul', ko: '--local의 시간대. 예: Asia/Seoul' },
  },
  disambiguation: {
    type: 'string',
    value: '<which>',
    doc: {
      en: 'where --local is in a gap or overlap: reject, earlier or later',
      ko: '--local이 없거나 두 번 오는 시각일 때: reject, earlier, later',
    },
  },
  'expires-in': {
    type: 'string',
    value: '<delay>',
    doc: {
      en: 'not begun later than this after its time',
      ko: '예약 시각에서 이만큼 지나면 보내지 않습니다',
    },
  },
  'expires-at': {
    type: 'string',
    value: '<instant>',
    doc: { en: 'not begun later than this', ko: '이 시각이 지나면 보내지 않습니다' },
  },
  channel: {
    type: 'string',
    value: '<name>',
    doc: { en: 'log (default), email, webhook', ko: 'log(기본), email, webhook' },
  },
  to: {
    ...several,
    value: '<to>',
    doc: { en: 'the recipient; may be repeated', ko: '수신자. 여러 번 쓸 수 있습니다' },
  },
  cc: {
    ...several,
    value: '<to>',
    doc: { en: 'e-mail: a copy to; may be repeated', ko: '이메일 참조. 여러 번 쓸 수 있습니다' },
  },
  bcc: {
    ...several,
    value: '<to>',
    doc: { en: 'e-mail: a blind copy to; may be repeated', ko: '이메일 숨은 참조. 여러 번 쓸 수 있습니다' },
  },
  from: { type: 'string', value: '<sender>', doc: { en: 'e-mail: the sender', ko: '이메일 발신자' } },
  'reply-to': {
    type: 'string',
    value: '<to>',
    doc: { en: 'e-mail: where answers go', ko: '이메일 답장 주소' },
  },
  subject: { type: 'string', value: '<text>', doc: { en: 'e-mail: the subject', ko: '이메일 제목' } },
  text: {
    type: 'string',
    value: '<text>',
    doc: { en: 'e-mail: the text, as the message', ko: '이메일 본문(글)' },
  },
  html: {
    type: 'string',
    value: '<html>',
    doc: {
      en: 'e-mail: the HTML; @file, or - for the input',
      ko: '이메일 본문(HTML). @파일 또는 -(표준 입력)',
    },
  },
  payload: {
    type: 'string',
    value: '<json>',
    doc: {
      en: 'webhook: the JSON to send; @file, or - for the input',
      ko: '웹훅으로 보낼 JSON. @파일 또는 -(표준 입력)',
    },
  },
  header: {
    ...several,
    value: "'Name: value'",
    doc: { en: 'webhook: a header; may be repeated', ko: '웹훅 헤더. 여러 번 쓸 수 있습니다' },
  },
  priority: {
    type: 'string',
    value: '<n>',
    doc: {
      en: '-100 to 100, higher first among those due',
      ko: '-100~100. 같은 때에는 높은 것부터 보냅니다',
    },
  },
  group: { type: 'string', value: '<key>', doc: { en: 'the group it belongs to', ko: '속하는 그룹' } },
  dedupe: {
    type: 'string',
    value: '<key>',
    doc: { en: 'one notification for this key while it waits', ko: '이 키로 기다리는 알림은 하나뿐입니다' },
  },
  'on-duplicate': {
    type: 'string',
    value: '<what>',
    doc: {
      en: 'with --dedupe: ignore (default), replace or reject',
      ko: '--dedupe와 함께: ignore(기본), replace, reject',
    },
  },
  'idempotency-key': {
    type: 'string',
    value: '<key>',
    doc: { en: 'makes the command safe to repeat', ko: '같은 명령을 다시 실행해도 한 번만 예약합니다' },
  },
  tag: {
    ...several,
    value: '<tag>',
    doc: { en: 'a tag; may be repeated', ko: '태그. 여러 번 쓸 수 있습니다' },
  },
  metadata: {
    type: 'string',
    value: '<json>',
    doc: { en: 'a JSON object of your own', ko: '직접 정하는 JSON 객체' },
  },
  body: {
    type: 'string',
    value: '<json>',
    doc: {
      en: 'the whole request as JSON; @file, or - for the input',
      ko: '요청 전체를 JSON으로. @파일 또는 -(표준 입력)',
    },
  },
  json: JSON_OPTION,
} as const satisfies Options
