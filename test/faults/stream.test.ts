import { expect, test } from 'vitest'
import { createDeployment } from '../kit/deployment.ts'
import { type EventStream, openStream } from '../kit/event-stream.ts'
import { eventually } from '../kit/poll.ts'

const CLIENTS = 6
const WRITERS = 4
/** Of each writer, once the process is killed; it has written all the time before. */
const CREATES_AFTER = 20
const MOST_CREATES = 2000
const KILLED_AFTER = 60

const byName = (a: string, b: string) => a.localeCompare(b)

test(
  'clients of an API process that is killed with -9 resume at another one and miss nothing, while 4 writers write',
  {
    timeout: 90_000,
  },
  async ({ onTestFinished }) => {
    const d = await createDeployment()
    onTestFinished(d.end)
    const [victim, survivor] = await Promise.all([d.spawn('api'), d.spawn('api')])
    const open: EventStream[] = []
    onTestFinished(() => {
      for (const stream of open) stream.cut()
    })
    const openAt = async (process: typeof victim, headers: Record<string, string>) => {
      const stream = await openStream(process.url ?? '', '/v1/stream', headers)
      expect(stream.status).toBe(200)
      open.push(stream)
      return stream
    }
    const firsts = await Promise.all(Array.from({ length: CLIENTS }, () => openAt(victim, {})))
    for (const stream of firsts) await eventually('its place', () => stream.lastId())

    let isKilled = false
    const writing = Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        const ids: string[] = []
        for (let i = 0, after = 0; after < CREATES_AFTER; i += 1) {
          if (i === MOST_CREATES) throw new Error('the clients were told of nothing')
          if (isKilled) after += 1
          const response = await fetch(new URL('/v1/notifications', survivor.url ?? ''), {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ message: `${writer}-${i}`, sendAt: { delay: '1h' } }),
          })
          if (response.status !== 201) throw new Error(await response.text())
          ids.push(((await response.json()) as { id: string }).id)
        }
        return ids
      }),
    )
    await eventually('events at the clients', () =>
      firsts.some(({ events }) => events.length >= KILLED_AFTER),
    )
    victim.kill('SIGKILL')
    await victim.exited
    isKilled = true
    await eventually('the clients cut off', () => firsts.every((stream) => stream.isOver()))

    // As an EventSource does, each with the last id that it has seen.
    const seconds = await Promise.all(
      firsts.map((stream) => openAt(survivor, { 'last-event-id': stream.lastId() ?? '' })),
    )
    const expected = (await writing).flat().toSorted(byName)
    for (const [i, second] of seconds.entries()) {
      const first = firsts[i]?.events ?? []
      const all = () => [...first, ...second.events]
      await eventually('all of them', () => all().length >= expected.length)
      expect(
        all()
          .map(({ data }) => data.subject.id)
          .toSorted(byName),
      ).toEqual(expected)
      const ids = all().map(({ id }) => BigInt(id))
      expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)))
      expect(second.events.length).toBeGreaterThan(0)
    }
  },
)
