import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_RETRY, toTimeline } from '../delivery/index.ts'
import type { Attempt, Notification, TimelineEvent } from './repository.ts'

const START = Date.parse('2026-12-01T00:00:00.000Z')
const after = (ms: number) => new Date(START + ms)

const notification = (more: Partial<Notification> = {}): Notification => ({
  id: '0199f0a0-0000-7000-8000-000000000000',
  projectId: 1,
  channel: 'log',
  recipient: null,
  content: { message: 'Hello' },
  sendAt: null,
  dueAt: after(1000),
  expiresAt: null,
  expiresGiven: null,
  priority: 0,
  groupKey: null,
  scheduleId: null,
  dedupeKey: null,
  lane: 'notifications.log',
  retry: DEFAULT_RETRY,
  onUnknown: 'retry',
  timeoutSeconds: 15,
  tags: [],
  state: 'delivered',
  stored: 'delivered',
  reason: null,
  nextAt: after(1000),
  metadata: {},
  generation: 3,
  attemptNo: 1,
  lateMs: 4,
  attemptStartedAt: null,
  attemptDueAt: null,
  handedAt: null,
  cancelRequested: false,
  createdAt: after(0),
  updatedAt: after(2000),
  finishedAt: after(2000),
  ...more,
})

const attempt = (number: number, dueMs: number, more: Partial<Attempt> = {}): Attempt => ({
  number,
  outcome: 'delivered',
  dueAt: after(dueMs),
  handedAt: after(dueMs + 1),
  startedAt: after(dueMs + 4),
  finishedAt: after(dueMs + 100),
  lateMs: 4,
  provider: 'log',
  providerId: null,
  statusCode: null,
  error: null,
  answer: null,
  ...more,
})

test('every wait of a life with a retry has its reason, in order', () => {
  const failed = attempt(1, 1000, {
    outcome: 'failed',
    error: { code: 'http-503', message: 'not now' },
  })
  const items = toTimeline(
    notification(),
    [failed, attempt(2, 5000)],
    [
      { at: after(0), type: 'notification.created', data: null },
      { at: after(1100), type: 'notification.attempt', data: { number: 1 } },
      { at: after(5100), type: 'notification.delivered', data: { number: 2, outcome: 'delivered' } },
    ],
  )
  expect(items.map(({ type, waitMs }) => [type, waitMs])).toEqual([
    ['created', 0],
    ['due', 1000],
    ['queued', 1],
    ['attempt_started', 3],
    ['attempt_failed', 96],
    ['retry_due', 3900],
    ['queued', 1],
    ['attempt_started', 3],
    ['attempt_delivered', 96],
    ['delivered', 0],
  ])
  expect(items[4]?.detail).toBe('attempt 1 ran: http-503, not now')
  expect(items.every((item) => item.detail !== '')).toBe(true)
})

test('an attempt under way shows up to its start', () => {
  const sending = notification({
    state: 'sending',
    stored: 'sending',
    finishedAt: null,
    attemptStartedAt: after(1003),
    attemptDueAt: after(1000),
    handedAt: after(1001),
  })
  expect(toTimeline(sending, [], []).map((item) => item.type)).toEqual([
    'created',
    'due',
    'queued',
    'attempt_started',
  ])
})

test('what was due before it was there waits from its creation on', () => {
  const items = toTimeline(notification(), [attempt(1, -50)], [])
  expect(items.every((item) => item.waitMs >= 0)).toBe(true)
  expect(items[0]).toMatchObject({ type: 'created', at: '2026-12-01T00:00:00.000Z' })
  expect(items[1]).toMatchObject({ type: 'due', at: '2026-12-01T00:00:00.000Z', waitMs: 0 })
})

test('a change tells what it changed', () => {
  const [, edited] = toTimeline(
    notification({ attemptNo: 0 }),
    [],
    [{ at: after(10), type: 'notification.updated', data: { nextAttemptAt: '2026-12-01T00:00:09Z' } }],
  )
  expect(edited).toMatchObject({
    type: 'updated',
    detail: 'changed by request, next attempt 2026-12-01T00:00:09.000Z',
    waitMs: 10,
  })
})

const ms = fc.integer({ min: -1000, max: 100_000 })
const attempts = fc.array(fc.tuple(ms, ms, ms, ms), { maxLength: 5 }).map((rows) =>
  rows.map(([due, handed, started, finished], i) =>
    attempt(i + 1, 0, {
      dueAt: after(due),
      handedAt: after(handed),
      startedAt: after(started),
      finishedAt: after(finished),
    }),
  ),
)
const events = fc
  .array(fc.tuple(ms, fc.constantFrom('updated', 'canceled', 'expired', 'created')), { maxLength: 5 })
  .map((rows) =>
    rows.map(([at, type]): TimelineEvent => ({ at: after(at), type: `notification.${type}`, data: null })),
  )

test('whatever happened, the items are in order and the waits add up to the whole', () => {
  fc.assert(
    fc.property(attempts, events, (tried, told) => {
      const items = toTimeline(notification(), tried, told)
      const instants = items.map((item) => Date.parse(item.at))
      expect(instants).toEqual(instants.toSorted((a, b) => a - b))
      const total = items.reduce((sum, item) => sum + item.waitMs, 0)
      expect(total).toBe((instants.at(-1) ?? 0) - START)
    }),
  )
})
