import { defineTexts } from '../../i18n/texts.ts'

export const texts = defineTexts(
  {
    when: 'When',
    forms: { now: 'Now', delay: 'After a while', local: 'Date and time', instant: 'Instant' },
    delay: 'After',
    delayHint: 'Such as 10s, 5m, 2h, 1d, 1h30m; a day is 24 hours',
    instant: 'Instant',
    instantHint: 'RFC 3339, with its offset or Z',
    wall: 'Date and time',
    thatIs: 'That is',
  },
  {
    when: '언제',
    forms: { now: '지금', delay: '일정 시간 뒤', local: '날짜와 시각', instant: '절대 시각' },
    delay: '얼마 뒤',
    delayHint: '예: 10s, 5m, 2h, 1d, 1h30m. 하루는 24시간입니다',
    instant: '절대 시각',
    instantHint: 'RFC 3339 형식, 오프셋 또는 Z 포함',
    wall: '날짜와 시각',
    thatIs: '즉',
  },
)
