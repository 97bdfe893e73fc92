import type { TSchema } from 'typebox'

/**
 * What a send came to. A channel returns one of these for everything that it expects;
 * an exception means a bug, and is recorded as `unknown`, since nobody can say how far the send had got.
 */
export type Outcome =
  | { kind: 'delivered'; providerId?: string; statusCode?: number }
  /** Not delivered, may work later. `afterMs`: the provider's own `Retry-After`, which wins over the policy. */
  | { kind: 'retry'; reason: Reason; afterMs?: number; statusCode?: number }
  /** Not delivered, and never will be: straight to the dead letters. */
  | { kind: 'rejected'; reason: Reason; statusCode?: number }
  /** The far side may or may not have acted: the answer was lost. */
  | { kind: 'unknown'; reason: Reason; statusCode?: number }

/** Sanitised: it is stored and shown. `code` is kebab-case; `message` bears no secret and no personal data. */
export interface Reason {
  code: string
  message: string
}

/** What a channel is given to send: one attempt at one notification. */
export interface Message {
  /** The notification's id: the same on every attempt, so that receivers can drop a repeat. */
  id: string
  attempt: number
  dueAt: Date
  /** The recipient, as the channel's own `to` has it; null on channels without one. */
  to: unknown
  /** The channel's own content fields, as accepted by `content`. */
  content: Readonly<Record<string, unknown>>
}

export interface Channel {
  readonly name: string
  /** Shown in `attempts[].provider`. */
  readonly provider: string
  /** JSON Schema of `to`, or null where the channel has no recipient. */
  readonly to: TSchema | null
  /** JSON Schemas of the content fields by name; those without a default are required unless listed in `optional`. */
  readonly content: Readonly<Record<string, TSchema>>
  readonly requiredContent: readonly string[]
  /** Must settle once `signal` is aborted; delivery cuts it off at the timeout in any case. */
  send(message: Message, signal: AbortSignal): Promise<Outcome>
}
