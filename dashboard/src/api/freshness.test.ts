import { QueryClient, QueryObserver, queryOptions } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { keepFresh } from './freshness.ts'
import type { Batch, Live } from './live.ts'

const BATCH: Batch = { events: [], kinds: new Set(['run']), count: 1, everything: false }

test('what an event has touched is read again when somebody comes back, also where he left before it was', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } })
  let tell: (batch: Batch) => void = () => {}
  const listen: Live['listen'] = (listener) => {
    tell = listener
    return () => {}
  }
  keepFresh(client, { listen } as Live)
  let reads = 0
  const query = queryOptions({
    queryKey: ['runs'],
    queryFn: () => (reads += 1),
    // It is not read at once.
    meta: { live: ['run'], everyMs: 60_000 },
  })
  const leave = new QueryObserver(client, query).subscribe(() => {})
  await vi.waitUntil(() => reads === 1 && client.isFetching() === 0)
  tell(BATCH)
  leave()
  await vi.waitUntil(() => client.getQueryState(query.queryKey)?.isInvalidated)
  const leaveAgain = new QueryObserver(client, query).subscribe(() => {})
  await vi.waitUntil(() => reads === 2)
  leaveAgain()
  expect(reads).toBe(2)
  client.clear()
})
