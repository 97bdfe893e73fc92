import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Reply } from '../kit/client.ts'
import { createDeployment, type Deployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'
import { attemptsOf, takeStock } from '../kit/stock.ts'

/** One notification, and the change that was aimed at its start. */
interface Round {
  id: string
  kind: 'cancel' | 'reschedule' | 'left alone'
  reply: Reply | null
  answeredAtMs: number
}

const ROUNDS = 2_000
const AT_ONCE = 32
/**
 * When a change is sent, against the due instant: so that it hits from a little before it until well into the wait for
 * the retry. A reschedule reads before it writes, and so has a longer way.
 */
const AIM_MS = { cancel: { from: -25, to: 50 }, reschedule: { from: -45, to: 30 } }
/**
 * How long a call takes at the moment. On a busy machine what is due in 55 ms is over before its id is known, and a
 * reschedule that is sent 45 ms before it comes too late each time: both are aimed earlier by as much.
 */
let callMs = 5
const timed = async <Result>(call: () => Promise<Result>): Promise<Result> => {
  const beganAtMs = performance.now()
  const result = await call()
  callMs = callMs * 0.95 + (performance.now() - beganAtMs) * 0.05
  return result
}

const kindOf = (i: number): Round['kind'] =>
  i % 10 < 6 ? 'cancel' : i % 10 < 9 ? 'reschedule' : 'left alone'

const playRound = async (d: Deployment, i: number): Promise<Round> => {
  const dueAtMs = Date.now() + Math.ceil(50 + 3 * callMs) + (i % 7)
  const id = await timed(() =>
    d.schedule(i % 50 < 10 ? 'fails once' : 'plain', {
      sendAt: new Date(dueAtMs).toISOString(),
      retry: { delaySeconds: 0.03, backoff: 'fixed' },
    }),
  )
  const kind = kindOf(i)
  if (kind === 'left alone') return { id, kind, reply: null, answeredAtMs: 0 }
  const { from, to } = AIM_MS[kind]
  const aimedAtMs = dueAtMs - callMs + from + ((i * 7919) % (to - from))
  await sleep(Math.max(0, aimedAtMs - Date.now()))
  const reply =
    kind === 'cancel'
      ? await d.client.call('POST', `/v1/notifications/${id}/cancel`)
      : await d.client.call('PATCH', `/v1/notifications/${id}`, { sendAt: { delay: 0.2 } })
  return { id, kind, reply, answeredAtMs: Date.now() }
}

test('2,000 cancels and reschedules raced against the start: every answer was the truth', async () => {
  const d = await createDeployment()
  onTestFinished(d.end)
  await Promise.all([d.spawn('worker'), d.spawn('worker')])
  d.receiver.behave((r) =>
    r.message === 'fails once' && r.attempt === 1 ? { kind: 'fail' } : { kind: 'deliver' },
  )

  const rounds: Round[] = []
  let next = 0
  const play = async () => {
    while (next < ROUNDS) rounds.push(await playRound(d, next++))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, play))
  const stock = await eventually('everything final', async () => {
    const now = await takeStock(d.database, d.receiver.received)
    return now.open.length === 0 && now.waits === 0 && now
  })
  expect(stock).toMatchObject({ open: [], doubles: [], early: [], unrecorded: [], waits: 0 })

  const states = new Map(
    (await d.database.query<{ id: string; state: string }>('select id, state from yeyak.notifications')).map(
      (row) => [row.id, row.state],
    ),
  )
  const sends = Map.groupBy(d.receiver.received, (r) => r.id)
  const attempts = Map.groupBy(await attemptsOf(d.database), (attempt) => attempt.id)
  const moves = new Map(
    (
      await d.database.query<{ id: string; at: Date; to: Date }>(
        `select subject_id as id, at, (data ->> 'nextAttemptAt')::timestamptz as to from yeyak.events
         where type = 'notification.updated' and data ? 'nextAttemptAt'`,
      )
    ).map((row) => [row.id, row]),
  )
  const lies: string[] = []
  const count: Record<string, number> = {}
  for (const { id, kind, reply, answeredAtMs } of rounds) {
    const state = states.get(id)
    const sent = sends.get(id) ?? []
    const answer = reply === null ? 'none' : reply.status === 200 ? 'done' : String(reply.body?.outcome)
    count[`${kind}: ${answer}`] = (count[`${kind}: ${answer}`] ?? 0) + 1
    const lie = (text: string) => lies.push(`${id} ${kind}, answered ${answer}, ${text}`)
    if (sent.length !== (attempts.get(id) ?? []).length) lie('sends and attempts differ')
    if (kind === 'cancel' && answer === 'done') {
      if (state !== 'canceled') lie(`is ${state}`)
      if (sent.some((r) => r.atMs > answeredAtMs)) lie('was sent afterwards')
    } else if (answer === 'too_late') {
      // Its send had begun, so it was sent; and no further one followed.
      if (sent.length === 0) lie('was never sent')
      if (state !== 'delivered' && !(kind === 'cancel' && state === 'canceled')) lie(`is ${state}`)
    } else if (answer === 'already_final') {
      if (state !== 'delivered') lie(`is ${state}`)
    } else if (kind === 'reschedule' && answer === 'done') {
      // From the record, as the answer may be read late, and show what came after.
      const moved = moves.get(id)
      const later = (attempts.get(id) ?? []).filter(({ startedAt }) => moved && startedAt > moved.at)
      if (state !== 'delivered') lie(`is ${state}`)
      if (later.length === 0) lie('was not sent afterwards')
      if (later.some(({ startedAt }) => moved && startedAt < moved.to)) lie('was sent before its new time')
    } else if (kind !== 'left alone') lie(`is ${state}: ${reply?.text}`)
    else if (state !== 'delivered') lie(`is ${state}`)
  }
  expect(lies).toEqual([])
  expect(d.records.filter((record) => record.level >= 50)).toEqual([])
  // The race was one: both sides won often enough.
  for (const kind of ['cancel', 'reschedule'])
    for (const answer of ['done', 'too_late', 'already_final'])
      expect(count[`${kind}: ${answer}`], JSON.stringify(count)).toBeGreaterThan(5)
})
