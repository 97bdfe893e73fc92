import type { Outcome } from '../channel.ts'
import type { Mail } from './message.ts'

/** Where mails go. */
export interface Transport {
  /** Settles once `signal` is aborted; throws nothing that it expects. */
  send(mail: Mail, signal: AbortSignal): Promise<Outcome>
  close(): Promise<void>
}
