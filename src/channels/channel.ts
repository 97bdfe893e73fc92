import type { TSchema } from 'typebox'

/**
 * What a send came to. A channel returns one of these for everything that it expects;
 * an exception means a bug, and is recorded as `unknown`, since nobody can say how far the send had got.
 */
export type Outcome = (
  | { kind: 'delivered'; providerId?: string }
  /** Not delivered, may work later. `afterMs`: the provider's own `Retry-After`, which wins over the policy. */
  | { kind: 'retry'; reason: Reason; afterMs?: number }
  /** Not delivered, and never will be: straight to the dead letters. */
  | { kind: 'rejected'; reason: Reason }
  /** The far side may or may not have acted: the answer was lost. */
  | { kind: 'unknown'; reason: Reason }
) & {
  statusCode?: number
  answer?: Answer
  /** JSON text that is kept with what was delivered, where that keeps any: the result of a task. */
  result?: string
}

/** What an operator wants to see of an answer; stored with the attempt, and shown by it. */
export interface Answer {
  /** Recipients that were refused while others were not. */
  rejected?: readonly { address: string; message: string }[]
  /** The beginning of what the far side answered, at most `RESPONSE_BYTES`. */
  response?: string
}

export const RESPONSE_BYTES = 20_000

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
  /** A text, or an array of 1 to 50 of them where `to` is `many`; null on channels without a recipient. */
  to: unknown
  /** The channel's own content fields, as accepted by `content`. */
  content: Readonly<Record<string, unknown>>
}

/** What is checked before a message is accepted: as it will be sent, and nothing of when. */
export interface Draft {
  to: unknown
  content: Readonly<Record<string, unknown>>
}

export interface Channel {
  readonly name: string
  /** Shown in `attempts[].provider`. */
  readonly provider: string
  /** How many recipients a message has; null where the channel has none. */
  readonly to: 'one' | 'many' | null
  /** JSON Schemas of the content fields by name. Channels that share a field share its schema: see `fields.ts`. */
  readonly content: Readonly<Record<string, TSchema>>
  /** Sends at a time that it is good for, where that is fewer than a worker would make. */
  readonly concurrency?: number
  /** The content fields that it needs. Of those in a list of their own, one is enough. */
  readonly requiredContent: readonly (string | readonly string[])[]
  /** Those of its content fields whose members are secret: their names are shown, their values never. Each is an object of texts. */
  readonly secretFields?: readonly string[]
  /** Bytes that a content field may have, as JSON where it is no string; 256 kB where left out. */
  readonly limits?: Readonly<Record<string, number>>
  /**
   * What JSON Schema cannot say, asked when a notification is scheduled or edited: addresses, headers, settings that are
   * missing. Synchronous, and quick: it is on the path of every create.
   * @throws YeyakError `invalid-request` naming each faulty field, `channel-not-configured`, `address-not-allowed`
   */
  check?(draft: Draft): void
  /** Must settle once `signal` is aborted; delivery cuts it off at the timeout in any case. */
  send(message: Message, signal: AbortSignal): Promise<Outcome>
  /** Lets go of connections, once nothing is sent any more. */
  close?(): Promise<void>
}
