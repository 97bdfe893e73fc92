import type { ChannelRegistry, Message } from '../channels/index.ts'
import type { Loaded, Sender } from '../delivery/index.ts'

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

/** Sends a notification by its channel. */
export const createSender = (channels: ChannelRegistry): Sender => ({
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
    const message: Message = {
      id: started.id,
      attempt: started.attempt,
      dueAt: started.dueAt,
      to: row.recipient ?? null,
      content: row.content,
    }
    return channel.send(message, signal)
  },
})
