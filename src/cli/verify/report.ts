import type { Language } from '../../platform/errors.ts'
import { align } from '../table.ts'
import { duration, localTime } from '../time.ts'
import { type Finding, instant, type Kind, KINDS } from './finding.ts'
import type { Verification } from './run.ts'

const texts = {
  period: {
    en: (from: string, to: string) => `due or accepted from ${from} to ${to}`,
    ko: (from: string, to: string) => `${from} ~ ${to}에 예정되었거나 접수된 것`,
  },
  looked: {
    en: (what: string, took: string) => `checked ${what} in ${took}`,
    ko: (what: string, took: string) => `확인: ${what}(${took})`,
  },
  well: { en: 'all is well', ko: '이상이 없습니다' },
  names: {
    en: {},
    ko: { notifications: '알림', attempts: '시도', accepted: '접수 이벤트', schedules: '일정', runs: '실행' },
  },
  expected: { en: 'expected', ko: '기대' },
  found: { en: 'found', ko: '실제' },
  reason: { en: 'because', ko: '이유' },
  due: { en: 'due', ko: '예정' },
  more: {
    en: (kind: string, count: number) => `… and ${count} more that are ${kind}: see them with --limit`,
    ko: (kind: string, count: number) => `… ${kind} ${count}개가 더 있습니다: --limit으로 볼 수 있습니다`,
  },
} as const

const KIND_NAMES: Readonly<Record<Language, Readonly<Record<Kind, string>>>> = {
  en: {
    lost: 'lost',
    early: 'early',
    'after-cancel': 'begun after a cancellation',
    'after-expiry': 'begun after expiry',
    double: 'double',
    late: 'late',
  },
  ko: {
    lost: '유실',
    early: '이른 시작',
    'after-cancel': '취소 뒤 시작',
    'after-expiry': '만료 뒤 시작',
    double: '중복',
    late: '지연',
  },
}

const lookedOf = (looked: Verification['looked'], language: Language): string => {
  const names: Readonly<Record<string, string>> = texts.names[language]
  return Object.entries(looked)
    .map(([name, count]) =>
      language === 'ko'
        ? `${names[name] ?? name} ${count.toLocaleString('en')}`
        : `${count.toLocaleString('en')} ${name}`,
    )
    .join(', ')
}

const describe = (finding: Finding, language: Language): string[] => {
  const { dueMs, reason, id, subject, kind } = finding
  const due = dueMs === null ? '' : `  ${texts.due[language]} ${localTime(new Date(dueMs), true)}`
  return [
    `${KIND_NAMES[language][kind]}: ${subject} ${id}${due}`,
    `  ${texts.expected[language]}: ${finding.expected[language]}`,
    `  ${texts.found[language]}: ${finding.found[language]}`,
    ...(reason === null ? [] : [`  ${texts.reason[language]}: ${reason[language]}`]),
  ]
}

/** Nothing was found. */
export const isWell = ({ counts }: Verification): boolean =>
  Object.values(counts).every((count) => count === 0)

/** For people. */
export const textOf = (done: Verification, language: Language): string => {
  const { fromMs, toMs } = done.period
  const found = KINDS.filter((kind) => done.counts[kind] > 0)
  const rows = found.map((kind) => [`  ${KIND_NAMES[language][kind]}`, String(done.counts[kind])])
  const hidden = (kind: Kind) => done.counts[kind] - done.findings.filter((one) => one.kind === kind).length
  return [
    ...done.findings.flatMap((finding) => describe(finding, language)),
    ...found
      .filter((kind) => hidden(kind) > 0)
      .map((kind) => texts.more[language](KIND_NAMES[language][kind], hidden(kind))),
    ...(found.length === 0 ? [] : ['']),
    texts.period[language](localTime(new Date(fromMs)), localTime(new Date(toMs))),
    texts.looked[language](lookedOf(done.looked, language), duration(done.tookMs)),
    ...(found.length === 0 ? [texts.well[language]] : align(rows)),
  ].join('\n')
}

/** For programs: one object, whose codes never change with the language. */
export const jsonOf = (done: Verification, lateMs: number, language: Language) => ({
  ok: isWell(done),
  from: instant(done.period.fromMs),
  to: instant(done.period.toMs),
  lateSeconds: lateMs / 1000,
  checked: done.looked,
  counts: done.counts,
  findings: done.findings.map(({ dueMs, projectId, expected, found, reason, ...finding }) => ({
    ...finding,
    project: done.projects.find(({ id }) => id === projectId)?.name ?? null,
    dueAt: dueMs === null ? null : instant(dueMs),
    expected: expected[language],
    found: found[language],
    reason: reason?.[language] ?? null,
  })),
  tookMs: Math.round(done.tookMs),
})
