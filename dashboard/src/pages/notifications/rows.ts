import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import type { Answer, Notification, NotificationState } from '../../api/types.ts'
import { mayHaveFallenDue } from '../../parts/life/falling-due.ts'
import { useLiveRows } from '../../parts/list/use-live-rows.ts'
import type { Sort } from './filter.ts'

type Item = Answer<'/v1/notifications'>['items'][number]
export interface Row extends Omit<Item, 'html' | 'text' | 'payload' | 'attachments' | 'metadata'> {
  readMs: number
}

const TITLE = 300

/** Of a page only what the table shows: thousands of bodies would fill the memory. */
const slim = (item: Item): Row => {
  const { html: _html, text, payload: _payload, attachments: _files, metadata: _metadata, ...row } = item
  const title = row.subject ?? row.message ?? text
  return { ...row, ...(title !== undefined && { message: title.slice(0, TITLE) }), readMs: Date.now() }
}

const ENDED: Record<string, NotificationState> = {
  'notification.delivered': 'delivered',
  'notification.failed': 'failed',
  'notification.canceled': 'canceled',
  'notification.expired': 'expired',
  'notification.attempt': 'retrying',
}

export const useRows = (filter: Readonly<Record<string, string>>, sort: Sort) =>
  useLiveRows<Row>({
    queryKey: useMemo(() => ['notifications', 'list', filter, sort], [filter, sort]),
    kind: 'notification',
    async readPage({ cursor, limit, signal }) {
      const { items, nextCursor } = await api.get('/v1/notifications', {
        query: { ...filter, sort, limit, ...(cursor !== null && { cursor }) },
        signal,
      })
      return { items: items.map(slim), nextCursor }
    },
    readOne: async (id) => slim(await api.get('/v1/notifications/{id}', { path: { id } })),
    changeOf({ type }) {
      const state = ENDED[type]
      return state === undefined ? null : { state }
    },
    isOutdated: (row, now) => mayHaveFallenDue(row, row.readMs, now),
  })

export const titleOf = ({ message, subject, to }: Pick<Notification, 'message' | 'subject' | 'to'>): string =>
  subject ?? message ?? (typeof to === 'string' ? to : '')

export const recipientOf = (to: unknown): string => {
  if (to === null || to === undefined) return ''
  return typeof to === 'string' ? to : Array.isArray(to) ? to.join(', ') : JSON.stringify(to)
}
