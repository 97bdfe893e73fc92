import { useRef } from 'react'
import { keyOf, newId } from './once.ts'

interface Identified {
  /** Of what is made of the draft: whatever happens on the way, one is made. Empty until it is sent for the first time. */
  id: string
}

/** Makes what a draft says once: however often it is pressed, and whatever becomes of the answer. */
export const useOnce = (draft: Identified, change: (next: Identified) => void) => {
  const id = useRef(draft.id)
  return {
    /** The Idempotency-Key of this body. */
    keyFor(body: unknown): string {
      // Kept with the draft before anything is sent, so that it is the same after a reload.
      id.current = draft.id !== '' ? draft.id : id.current !== '' ? id.current : newId()
      if (draft.id === '') change({ id: id.current })
      return keyOf(id.current, body)
    },
    /** What comes next is another one. */
    done(): void {
      id.current = ''
    },
  }
}
