import { expect, test, vi } from 'vitest'
import type { Outcome } from '../channels/index.ts'
import { type Loaded, startSend } from './send.ts'
import { DEFAULT_RETRY } from './policy.ts'

const started = (timeoutSeconds = 5): Loaded => ({
  id: '0199f0a0-0000-7000-8000-000000000000',
  state: 'sending',
  attempt: 1,
  dueAt: new Date(),
  timeoutSeconds,
  retry: DEFAULT_RETRY,
  onUnknown: 'retry',
  failures: 0,
  content: {},
  contentBytes: 0,
})

const run = (send: (signal: AbortSignal) => unknown, timeoutSeconds?: number) => {
  const bugs: unknown[] = []
  const sending = startSend(
    { provider: () => 'test', send: async (_started, signal) => (await send(signal)) as Outcome },
    started(timeoutSeconds),
    (error) => bugs.push(error),
  )
  return { ...sending, bugs }
}

test('the channel’s own answer is the outcome', async () => {
  const answer: Outcome = {
    kind: 'retry',
    reason: { code: 'busy', message: 'later' },
    afterMs: 5,
    statusCode: 503,
  }
  expect(await run(() => answer).outcome).toBe(answer)
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'delivered'],
  ['no kind', {}],
  ['a kind that there is not', { kind: 'certainly' }],
  ['a failure without its reason', { kind: 'retry' }],
  ['a refusal whose reason is no object', { kind: 'rejected', reason: 'no' }],
  ['a reason without a text', { kind: 'unknown', reason: { code: 'x' } }],
  ['a reason whose code is a number', { kind: 'retry', reason: { code: 503, message: 'x' } }],
])('a channel that answers %s is not believed: the outcome is unknown', async (_, answer) => {
  const { outcome, bugs } = run(() => answer)
  expect(await outcome).toEqual({
    kind: 'unknown',
    reason: { code: 'invalid-outcome', message: 'the channel gave an answer that is none' },
  })
  expect(bugs).toEqual([])
})

test('a channel that throws, at once or later, is a bug, and the outcome is unknown', async () => {
  const error = new Error('oops')
  const later = run(() => Promise.reject(error))
  expect(await later.outcome).toMatchObject({ kind: 'unknown', reason: { code: 'channel-error' } })
  expect(later.bugs).toEqual([error])
  const bugs: unknown[] = []
  const atOnce = startSend(
    {
      provider: () => 'test',
      send: () => {
        throw error
      },
    },
    started(),
    (bug) => bugs.push(bug),
  )
  expect(await atOnce.outcome).toMatchObject({ kind: 'unknown', reason: { code: 'channel-error' } })
  expect(bugs).toEqual([error])
})

test('a channel that hangs is told to stop and left behind at its timeout', async () => {
  vi.useFakeTimers()
  try {
    let told: AbortSignal | undefined
    const { outcome } = run((signal) => {
      told = signal
      return new Promise(() => {})
    }, 0.05)
    await vi.advanceTimersByTimeAsync(49)
    expect(told?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(told?.aborted).toBe(true)
    await vi.advanceTimersByTimeAsync(50)
    expect(await outcome).toEqual({
      kind: 'unknown',
      reason: { code: 'timeout', message: 'no answer within 0.05 s' },
    })
  } finally {
    vi.useRealTimers()
  }
})

const BUSY: Outcome = { kind: 'retry', reason: { code: 'busy', message: 'nothing was sent' } }
const LOST: Outcome = { kind: 'unknown', reason: { code: 'connection-lost', message: 'who knows' } }
test.each([
  ['that nothing was sent is believed', 0, BUSY, BUSY],
  ['that it was delivered is believed', 49, { kind: 'delivered' }, { kind: 'delivered' }],
  ['that it does not know is the time-out', 0, LOST, { kind: 'unknown', reason: { code: 'timeout' } }],
  ['anything later than a moment after it changes nothing', 60, BUSY, { kind: 'unknown' }],
] as const)('told to stop at its timeout, a channel that says %s', async (_, afterMs, answer, outcome) => {
  vi.useFakeTimers()
  try {
    const sending = run(
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => setTimeout(() => resolve(answer), afterMs))
        }),
      1,
    )
    await vi.advanceTimersByTimeAsync(1100)
    expect(await sending.outcome).toMatchObject(outcome)
  } finally {
    vi.useRealTimers()
  }
})

test('a shutdown cuts a send off at once; what is over stays as it is', async () => {
  let told: AbortSignal | undefined
  const cut = run((signal) => {
    told = signal
    return new Promise(() => {})
  })
  cut.cutOff()
  expect(await cut.outcome).toBe('cut-off')
  expect(told?.aborted).toBe(true)
  const over = run(() => ({ kind: 'delivered' }))
  expect(await over.outcome).toEqual({ kind: 'delivered' })
  over.cutOff()
  expect(await over.outcome).toEqual({ kind: 'delivered' })
})
