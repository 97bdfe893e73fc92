import type { Request } from '../../parts/curl/curl.ts'
import { parsed } from '../../parts/message/draft.ts'
import { EMPTY_TIME, type TimeDraft, type TimeForm, timeOf } from '../../parts/when/when.ts'

/** A run as a form holds it. */
export interface RunDraft extends TimeDraft {
  task: string
  /** JSON as it is typed; empty for none. */
  data: string
  time: TimeForm
  id: string
}

export const EMPTY_RUN: RunDraft = { ...EMPTY_TIME, task: '', data: '', id: '' }

export const isBroken = ({ data }: RunDraft): boolean => data.trim() !== '' && parsed(data) === undefined

/** What is to be sent, and where. What is no JSON yet is left out: it cannot be sent. */
export const requestOf = (draft: RunDraft): Request => {
  const data = draft.data.trim() === '' ? undefined : parsed(draft.data)
  const runAt = timeOf(draft)
  return {
    path: `/v1/tasks/${encodeURIComponent(draft.task)}`,
    body: { ...(data !== undefined && { data }), ...(runAt !== undefined && { runAt }) },
  }
}
