import { refusal } from '../refusal.ts'
import type { RuleParts } from './parts.ts'

/** Refuses parts that contradict each other. */
export function checkParts(parts: RuleParts): void {
  const { freq, byDay, byWeekNo, bySetPos } = parts
  if (parts.count !== null && parts.until !== null) {
    throw refusal('rrule', {
      en: 'A rule ends by COUNT or by UNTIL, not by both.',
      ko: '규칙의 끝은 COUNT와 UNTIL 중 하나로만 정할 수 있습니다.',
    })
  }
  const isNumbered = byDay.some(({ n }) => n !== 0)
  if (isNumbered && freq !== 'MONTHLY' && freq !== 'YEARLY') {
    throw refusal('rrule', {
      en: 'A numbered day in BYDAY, such as 2MO, is one of a month or a year: it needs FREQ=MONTHLY or YEARLY.',
      ko: 'BYDAY에서 2MO처럼 번호가 붙은 요일은 한 달이나 한 해 안의 순서이므로 FREQ=MONTHLY 또는 YEARLY가 필요합니다.',
    })
  }
  if (isNumbered && byWeekNo.length > 0) {
    throw refusal('rrule', {
      en: 'A week has each day once: with BYWEEKNO the days of BYDAY have no number.',
      ko: '한 주에는 각 요일이 한 번뿐이므로 BYWEEKNO와 함께 쓰는 BYDAY에는 번호를 붙일 수 없습니다.',
    })
  }
  const others = [
    parts.byMonth,
    byWeekNo,
    parts.byYearDay,
    parts.byMonthDay,
    parts.byHour,
    parts.byMinute,
    parts.bySecond,
  ]
  if (bySetPos.length > 0 && byDay.length === 0 && others.every((list) => list.length === 0)) {
    throw refusal('rrule', {
      en: 'BYSETPOS chooses among what other BY parts give: it needs one of them.',
      ko: 'BYSETPOS는 다른 BY 항목이 만든 것 중에서 고르므로 다른 BY 항목이 하나는 있어야 합니다.',
    })
  }
}
