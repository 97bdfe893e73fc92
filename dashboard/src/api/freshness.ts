import type { Query, QueryClient } from '@tanstack/react-query'
import type { Live } from './live.ts'

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: {
      /** Kinds of events, such as `notification`, or a subject, such as `notification:0199…`, after which what was read may no longer be so. */
      live?: readonly string[]
      /** Not more often than this; a second unless told. */
      everyMs?: number
    }
  }
}

const TICK_MS = 250
const EVERY_MS = 1_000
/** A view that takes long to read is not read all the time. */
const TIMES_ITS_DURATION = 5

/** Reads again what events have touched: only what is on the page, and each at its own pace, however many there are. */
export const keepFresh = (client: QueryClient, live: Live): (() => void) => {
  const stale = new Set<string>()
  const begun = new Map<string, number>()
  const tookMs = new Map<string, number>()
  let timer: ReturnType<typeof setTimeout> | null = null

  const isDue = (query: Query, now: number): boolean => {
    const pause = query.meta?.everyMs ?? EVERY_MS
    const slow = (tookMs.get(query.queryHash) ?? 0) * TIMES_ITS_DURATION
    return now - (begun.get(query.queryHash) ?? 0) >= Math.max(pause, slow)
  }
  const refresh = (): void => {
    timer = null
    const now = performance.now()
    const shown = client.getQueryCache().findAll({ type: 'active' })
    const hashes = new Set(shown.map(({ queryHash }) => queryHash))
    for (const hash of stale) {
      if (hashes.has(hash)) continue
      stale.delete(hash)
      // Left before it was read again: it is when somebody comes back, however soon.
      client.getQueryCache().get(hash)?.invalidate()
    }
    for (const query of shown) {
      const { queryHash } = query
      if (!stale.has(queryHash) || query.state.fetchStatus === 'fetching' || !isDue(query, now)) continue
      stale.delete(queryHash)
      begun.set(queryHash, now)
      void client.refetchQueries({ queryKey: query.queryKey, exact: true }).then(() => {
        tookMs.set(queryHash, performance.now() - now)
      })
    }
    if (stale.size > 0) timer = setTimeout(refresh, TICK_MS)
  }
  return live.listen(({ events, kinds, count, everything }) => {
    const subjects = new Set(events.map(({ subject }) => `${subject.kind}:${subject.id}`))
    // Of more than are told one by one, any may have been about it.
    const isTouched = (heeded: string): boolean =>
      heeded.includes(':')
        ? subjects.has(heeded) || (count > events.length && kinds.has(heeded.split(':', 1)[0] ?? ''))
        : kinds.has(heeded)
    for (const query of client.getQueryCache().findAll()) {
      const heeds = query.meta?.live
      if (heeds === undefined || !(everything || heeds.some(isTouched))) continue
      if (query.isActive()) stale.add(query.queryHash)
      else void client.invalidateQueries({ queryKey: query.queryKey, exact: true, refetchType: 'none' })
    }
    if (stale.size > 0) timer ??= setTimeout(refresh, 0)
  })
}
