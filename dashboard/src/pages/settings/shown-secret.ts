import { useSyncExternalStore } from 'react'

/** A secret that the server has just made, and never shows again. */
export interface ShownSecret {
  kind: 'key' | 'webhook'
  name: string
  secret: string
}

/**
 * Outside of the page and never written down: the first key closes the server while the page is shown, which may bring up the
 * door before the key is taken, and the page anew behind it.
 */
let shown: ShownSecret | null = null
const listeners = new Set<() => void>()

export const showSecret = (next: ShownSecret | null): void => {
  shown = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useShownSecret = (): ShownSecret | null => useSyncExternalStore(subscribe, () => shown)
