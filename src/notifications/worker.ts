import type { ChannelRegistry, Message } from '../channels/index.ts'
import type { Loaded, Sender } from '../delivery/index.ts'
import { EncryptionError } from '../platform/encryption.ts'
import { type SecretFields, withoutSecrets } from './secret-fields.ts'

/** What the select list of `notificationSubject` brings along. */
interface Row {
  channel: string
  recipient: unknown
  content: Record<string, unknown>
}

const rowOf = (started: Loaded): Row => {
  const { channel, recipient, content } = started.content
  return { channel: String(channel), recipient, content: { ...(typeof content === 'object' ? content : {}) } }
}

/** Sends a notification by its channel, with its secrets opened for as long as that takes. */
export const createSender = (
  channels: ChannelRegistry,
  secretFields: Pick<SecretFields, 'open'>,
): Sender => ({
  provider: (started) => channels.get(rowOf(started).channel)?.provider ?? rowOf(started).channel,
  async send(started, signal) {
    const row = rowOf(started)
    const channel = channels.get(row.channel)
    if (channel === undefined) {
      return {
        kind: 'retry',
        reason: { code: 'unknown-channel', message: `this worker has no channel ${row.channel}` },
      }
    }
    let opened: ReturnType<SecretFields['open']>
    try {
      opened = secretFields.open(channel, started.id, row.content)
    } catch (error) {
      if (!(error instanceof EncryptionError)) throw error
      // Not for ever: whoever puts the key back finds it waiting, or among the dead letters.
      return { kind: 'retry', reason: { code: 'secret-unreadable', message: error.message } }
    }
    const message: Message = {
      id: started.id,
      attempt: started.attempt,
      dueAt: started.dueAt,
      to: row.recipient ?? null,
      content: opened.content,
    }
    const sent = channel.send(message, signal)
    // Of most there is nothing secret: those pay for no further promise.
    return opened.secrets.length === 0 ? sent : withoutSecrets(await sent, opened.secrets)
  },
})
