import { type FieldError, type Text, YeyakError } from '../../platform/errors.ts'
import type { Draft } from '../channel.ts'
import { parseAddress } from './addresses.ts'
import { type Attachment, attachmentFaults } from './attachments.ts'
import { CONTROLS_TEXT, fault, hasControls } from './faults.ts'
import { LIMITS } from './fields.ts'

/** What the server has been told to send mails with. */
export interface Configured {
  transport: boolean
  from: boolean
}

const TOO_MANY: Text = {
  en: `takes at most ${LIMITS.addresses} addresses: schedule several notifications`,
  ko: `주소는 ${LIMITS.addresses}개까지 쓸 수 있습니다. 알림을 여러 개로 나누어 예약해야 합니다.`,
}

/**
 * What schema and limits have let through, held against what a mail can be.
 * @throws YeyakError `channel-not-configured` naming the setting, `invalid-request` naming each faulty field
 */
export const checkDraft = ({ to, content }: Draft, configured: Configured): void => {
  if (!configured.transport) throw notConfigured('YEYAK_SMTP_URL')
  if (!configured.from && content['from'] === undefined) throw notConfigured('YEYAK_SMTP_FROM')
  const faults = [
    ...addressFaults('to', to),
    ...['cc', 'bcc', 'replyTo', 'from'].flatMap((field) => addressFaults(field, content[field])),
    ...subjectFaults(content['subject']),
    ...attachmentFaults((content['attachments'] ?? []) as readonly Attachment[]),
  ]
  if (faults.length > 0) throw new YeyakError('invalid-request', { errors: faults })
}

export const textsOf = (value: unknown): string[] =>
  value === undefined || value === null ? [] : [value].flat().map(String)

const addressFaults = (field: string, value: unknown): FieldError[] => {
  const texts = textsOf(value)
  if (texts.length > LIMITS.addresses) return [fault(field, TOO_MANY)]
  return texts.flatMap((text, i) => {
    const parsed = parseAddress(text)
    const path = Array.isArray(value) ? `${field}[${i}]` : field
    return 'wrong' in parsed ? [fault(path, parsed.wrong, suggestionFor(field, parsed.suggestion))] : []
  })
}

/** A list is no mend where only one is taken. */
const suggestionFor = (field: string, suggestion: string | undefined): string | undefined =>
  suggestion?.startsWith('[') && (field === 'from' || field === 'replyTo') ? undefined : suggestion

const subjectFaults = (subject: unknown): FieldError[] =>
  typeof subject === 'string' && hasControls(subject) ? [fault('subject', CONTROLS_TEXT)] : []

const notConfigured = (setting: 'YEYAK_SMTP_URL' | 'YEYAK_SMTP_FROM'): YeyakError =>
  new YeyakError('channel-not-configured', {
    detail: {
      en: `E-mail is not configured on this server: it needs the setting ${setting}.`,
      ko: `이 서버에 이메일이 설정되지 않았습니다. ${setting} 설정이 필요합니다.`,
    },
    members: { setting },
  })
