import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestDatabase } from '../kit/database.ts'
import { createDeployment } from '../kit/deployment.ts'
import { startOwnPostgres } from '../kit/own-postgres.ts'
import { eventually } from '../kit/poll.ts'
import type { TestPostgres } from '../kit/postgres.ts'
import { allDelivered, attemptsOf, takeStock } from '../kit/stock.ts'

let postgres: TestPostgres
let database: TestDatabase
beforeAll(async () => {
  // Commits are flushed, as in production: what a crash may take is what the program did not insist on.
  ;({ postgres, database } = await startOwnPostgres({ durable: true }))
})
afterAll(() => postgres.stop())

const terminateAll = () =>
  database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )

test('a restart, a crash and the loss of all backends under load: all that was accepted is delivered, nothing twice', async () => {
  const d = await createDeployment({ database })
  const workers = await Promise.all([d.spawn('worker'), d.spawn('worker')])
  try {
    // Long enough in the send that each fault hits some of them there.
    d.receiver.behave((r) => ({ kind: 'late', ms: r.message.length * 10 }))
    const accepted: string[] = []
    const refused: number[] = []
    let over = false
    const post = async (caller: number): Promise<void> => {
      for (let i = 0; !over; i += 1) {
        const reply = await d.client.call('POST', '/v1/notifications', {
          ...{ channel: 'probe', to: d.receiver.url, message: '.'.repeat(1 + ((caller + i) % 20)) },
          sendAt: { delay: (i % 20) / 10 },
        })
        if (reply.status === 201) accepted.push(reply.body.id)
        else refused.push(reply.status)
        await sleep(20)
      }
    }
    const callers = Array.from({ length: 8 }, (_, caller) => post(caller))
    const more = async () => {
      const before = accepted.length
      await eventually('200 more accepted', () => accepted.length > before + 200, 30_000)
    }
    await more()
    await postgres.restart('fast')
    await more()
    await postgres.restart('immediate')
    await more()
    for (let i = 0; i < 30; i += 1) {
      await terminateAll().catch(() => {})
      await sleep(100)
    }
    await more()
    over = true
    await Promise.all(callers)

    const stock = await eventually(
      'all delivered',
      async () => {
        const now = await takeStock(database, d.receiver.received)
        return now.open.length === 0 && now.waits === 0 && now
      },
      40_000,
    )
    // A caller who got no answer may have been heard; what he was told was accepted must be there.
    expect(stock).toEqual(allDelivered(stock.states['delivered'] ?? 0))
    const received = new Set(d.receiver.received.map((r) => r.id))
    expect(accepted.filter((id) => !received.has(id))).toEqual([])
    expect(new Set(refused)).toEqual(new Set([503]))
    // The workers live: what they were sending is nobody else's to send again.
    expect((await attemptsOf(database)).filter((attempt) => attempt.number > 1)).toEqual([])
    // Nobody ended, and nobody needed the net below the net.
    for (const worker of workers) {
      expect(worker.errors).toBe('')
      expect(worker.hasEnded).toBe(false)
      expect(worker.records.filter((record) => record.msg.includes('planted again'))).toEqual([])
    }
  } finally {
    await d.end()
  }
})
