import { useTexts } from '../i18n/preferences.tsx'
import { defineTexts } from '../i18n/texts.ts'
import classes from './parts.module.css'

const TONES = {
  scheduled: 'idle',
  queued: 'busy',
  sending: 'busy',
  retrying: 'warn',
  delivered: 'good',
  failed: 'bad',
  canceled: 'idle',
  expired: 'warn',
  active: 'good',
  paused: 'warn',
  running: 'busy',
  done: 'good',
  aborted: 'warn',
  alive: 'good',
  lost: 'bad',
  draft: 'idle',
  published: 'good',
  archived: 'idle',
  succeeded: 'good',
  superseded: 'idle',
  missed: 'bad',
  finished: 'idle',
  disabled: 'bad',
} as const

export type ShownState = keyof typeof TONES

/** A dot and a word: the word alone says it, to who sees no colours. */
export const StateBadge = ({ state }: { state: string }) => {
  const t: Record<string, string> = useTexts(stateTexts)
  const tone = state in TONES ? TONES[state as ShownState] : 'idle'
  return (
    <span className={classes.state} data-tone={tone}>
      {t[state] ?? state}
    </span>
  )
}

export const stateTexts = defineTexts<Record<ShownState, string>>(
  {
    scheduled: 'Scheduled',
    queued: 'Queued',
    sending: 'Sending',
    retrying: 'Retrying',
    delivered: 'Delivered',
    failed: 'Failed',
    canceled: 'Canceled',
    expired: 'Expired',
    active: 'Active',
    paused: 'Paused',
    running: 'Running',
    done: 'Done',
    aborted: 'Aborted',
    alive: 'Alive',
    lost: 'Lost',
    draft: 'Draft',
    published: 'Published',
    archived: 'Archived',
    succeeded: 'Succeeded',
    superseded: 'Superseded',
    missed: 'Missed',
    finished: 'Finished',
    disabled: 'Disabled',
  },
  {
    scheduled: '예약됨',
    queued: '대기 중',
    sending: '발송 중',
    retrying: '재시도 대기',
    delivered: '전달됨',
    failed: '실패',
    canceled: '취소됨',
    expired: '만료됨',
    active: '작동 중',
    paused: '일시 정지',
    running: '진행 중',
    done: '완료',
    aborted: '중단됨',
    alive: '살아 있음',
    lost: '응답 없음',
    draft: '초안',
    published: '게시됨',
    archived: '보관됨',
    succeeded: '성공',
    superseded: '대체됨',
    missed: '놓침',
    finished: '종료됨',
    disabled: '비활성',
  },
)
