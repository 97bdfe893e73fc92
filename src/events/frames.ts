import type { Position } from './position.ts'
import type { StoredEvent } from './repository.ts'
import { toEvent } from './schema.ts'

/** How soon a browser that was cut off comes again. */
const RETRY_MS = 2000

/** JSON has no line breaks, so that an event is one line of data. */
export const frameOf = (event: StoredEvent): string =>
  `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(toEvent(event))}\n\n`

/** Tells a client how far it has come, though nothing was there for it: it need not look at all that again. */
export const placeFrame = (position: Position): string => `id: ${position}\n\n`

export const openingFrame = `retry: ${RETRY_MS}\n\n`

export const COMMENT = ': still here\n\n'

/** What came right after the client's last id is no longer kept; what follows are the oldest that are. */
export const resetFrame = (after: string): string =>
  `id: 0\nevent: reset\ndata: ${JSON.stringify({ after })}\n\n`
