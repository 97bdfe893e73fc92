import { useEffect, useRef, useSyncExternalStore } from 'react'
import { type Batch, createLive, type LiveState } from '../api/live.ts'

export const live = createLive()

export const useLiveState = (): LiveState =>
  useSyncExternalStore(
    (watcher) => live.watch(watcher),
    () => live.state,
  )

/** Told of events in portions, four a second at most. */
export const useLive = (listener: (batch: Batch) => void): void => {
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => live.listen((batch) => latest.current(batch)), [])
}
