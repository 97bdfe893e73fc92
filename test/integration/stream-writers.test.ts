import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EventServer, startEventServer } from '../kit/event-server.ts'
import { type EventStream, openStream } from '../kit/event-stream.ts'
import { writeEvents } from '../kit/event-writer.ts'
import { eventually } from '../kit/poll.ts'

let t: EventServer
beforeAll(async () => {
  t = await startEventServer()
})
afterAll(() => t.end())

const WRITERS = 8
const CLIENTS = 6
const TRANSACTIONS = 60
const byName = (a: string, b: string) => a.localeCompare(b)
const below = (limit: number) => Math.floor(Math.random() * limit)

/**
 * Transactions of all kinds, held open for a while, so that they commit in another order than they began: the pauses wait for
 * nothing, they are the disturbance.
 */
const writeMany = async (writer: number): Promise<string[]> => {
  const session = await t.database.session()
  const kept: string[] = []
  const insert = async (name: string) => {
    await writeEvents(session, { subject: name })
    return name
  }
  for (let i = 0; i < TRANSACTIONS; i += 1) {
    const name = (part: string) => `${writer}-${i}-${part}`
    await session.query('begin')
    const mine = [await insert(name('a'))]
    await sleep(below(4) === 0 ? below(60) : below(5))
    if (below(3) === 0) {
      await session.query('savepoint s')
      const part = await insert(name('b'))
      if (below(2) === 0) await session.query('rollback to s')
      else mine.push(part)
    }
    mine.push(await insert(name('c')))
    await sleep(below(5))
    const isKept = below(5) !== 0
    await session.query(isKept ? 'commit' : 'rollback')
    if (isKept) kept.push(...mine)
  }
  await session.end()
  return kept
}

/** Reads until it is told to stop, and is cut off after any while and comes again: the pause is the disturbance here, too. */
const readAll = async (isOver: (seen: readonly string[]) => boolean) => {
  const seen: string[] = []
  const ids: bigint[] = []
  let last = '0'
  let cuts = 0
  const take = (stream: EventStream) => {
    for (const { id, data } of stream.events) {
      seen.push(data.subject.id)
      ids.push(BigInt(id))
    }
    last = stream.lastId() ?? last
  }
  do {
    const stream = await openStream(t.url, '/v1/stream', { 'last-event-id': last })
    await sleep(below(80))
    stream.cut()
    cuts += 1
    take(stream)
  } while (!isOver(seen))
  return { seen, ids, cuts }
}

test(
  'clients that are cut off and come again miss nothing and see nothing twice, while 8 writers commit out of order',
  {
    timeout: 120_000,
  },
  async () => {
    let written: string[] | null = null
    const readers = Array.from({ length: CLIENTS }, () =>
      readAll((seen) => written !== null && seen.length >= written.length),
    )
    // One that stays, and sees it live.
    const steady = await openStream(t.url, '/v1/stream?after=0')
    written = (await Promise.all(Array.from({ length: WRITERS }, (_, i) => writeMany(i)))).flat()
    const expected = written.toSorted(byName)
    await eventually('all of it at the one that stays', () => steady.events.length >= expected.length)
    steady.cut()
    const results = await Promise.all(readers)
    const steadyResult = {
      seen: steady.events.map(({ data }) => data.subject.id),
      ids: steady.events.map(({ id }) => BigInt(id)),
    }
    for (const { seen, ids } of [...results, steadyResult]) {
      expect(seen.toSorted(byName)).toEqual(expected)
      expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)))
      expect(new Set(ids).size).toBe(ids.length)
    }
    for (const { cuts } of results) expect(cuts).toBeGreaterThan(10)
    // The feed says the same as the stream, in the same order.
    const { body } = await t.client.call('GET', '/v1/events?limit=200')
    expect(body.items.map((item: { id: string }) => BigInt(item.id))).toEqual(steadyResult.ids.slice(0, 200))
  },
)
