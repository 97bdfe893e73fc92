import { expect, test } from 'vitest'
import { DEFAULT_RETRY } from '../delivery/index.ts'
import type { Notification } from './repository.ts'
import { createResource } from './resource.ts'

const toResource = createResource({ hide: (_channel, content) => content })
const at = new Date('2026-12-01T00:00:00.000Z')
const scheduled: Notification = {
  id: '0199f0a0-0000-7000-8000-000000000000',
  projectId: 1,
  channel: 'log',
  recipient: null,
  content: { message: 'Hello' },
  sendAt: { delay: 'PT10S' },
  dueAt: at,
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
  state: 'scheduled',
  stored: 'scheduled',
  reason: null,
  nextAt: at,
  metadata: {},
  generation: 1,
  attemptNo: 0,
  lateMs: null,
  attemptStartedAt: null,
  attemptDueAt: null,
  handedAt: null,
  cancelRequested: false,
  createdAt: at,
  updatedAt: at,
  finishedAt: null,
}

test('a notification is answered with exactly the members of the contract', () => {
  expect(toResource(scheduled, [])).toEqual({
    id: '0199f0a0-0000-7000-8000-000000000000',
    state: 'scheduled',
    reason: null,
    channel: 'log',
    to: null,
    message: 'Hello',
    sendAt: { delay: 'PT10S' },
    dueAt: '2026-12-01T00:00:00.000Z',
    expiresAt: null,
    nextAttemptAt: '2026-12-01T00:00:00.000Z',
    priority: 0,
    dedupeKey: null,
    groupKey: null,
    scheduleId: null,
    retry: { limit: 3, delaySeconds: 60, backoff: 'exponential', maxDelaySeconds: 3600 },
    onUnknown: 'retry',
    timeoutSeconds: 15,
    tags: [],
    metadata: {},
    attemptCount: 0,
    attempts: [],
    lateMs: null,
    version: 1,
    createdAt: '2026-12-01T00:00:00.000Z',
    updatedAt: '2026-12-01T00:00:00.000Z',
    finishedAt: null,
  })
})

test('in lists it has no attempts', () => {
  expect(toResource(scheduled)).not.toHaveProperty('attempts')
})

test('the next attempt is named only while there is one to come', () => {
  const next = (state: Notification['stored']) =>
    toResource({ ...scheduled, state, stored: state }).nextAttemptAt
  expect([next('scheduled'), next('retrying')]).toEqual([at.toISOString(), at.toISOString()])
  expect(['sending', 'delivered', 'failed', 'canceled', 'expired'].map((s) => next(s as 'sending'))).toEqual(
    Array.from({ length: 5 }, () => null),
  )
  expect(toResource({ ...scheduled, state: 'queued' }).nextAttemptAt).toBe(at.toISOString())
})

test('an attempt under way stands behind the closed ones, without an outcome', () => {
  const sending: Notification = {
    ...scheduled,
    state: 'sending',
    stored: 'sending',
    attemptNo: 2,
    attemptDueAt: at,
    attemptStartedAt: new Date(at.getTime() + 7),
  }
  const closed = {
    number: 1,
    outcome: 'failed',
    dueAt: at,
    handedAt: null,
    startedAt: at,
    finishedAt: at,
    lateMs: 3.1234,
    provider: 'probe',
    providerId: null,
    statusCode: 503,
    error: { code: 'http-503', message: 'not now' },
    answer: null,
  }
  expect(toResource(sending, [closed]).attempts).toEqual([
    expect.objectContaining({ number: 1, outcome: 'failed', lateMs: 3.1, statusCode: 503 }),
    expect.objectContaining({ number: 2, outcome: null, finishedAt: null, lateMs: 7, error: null }),
  ])
})
