import { type Logger, oneLine } from '../../platform/log.ts'
import type { Channel } from '../channel.ts'
import { messageField } from '../fields.ts'

/** Delivers into the server's own log: to try things out, and for the services that read it. */
export const createLogChannel = (log: Logger): Channel => ({
  name: 'log',
  provider: 'log',
  to: null,
  content: { message: messageField },
  requiredContent: ['message'],
  async send(message) {
    // The line is a contract with those who watch it: the message is all of it, and one record stays one line.
    log.info(`✅ [알림 발송 성공] ${oneLine(String(message.content['message']))}`)
    return { kind: 'delivered' }
  },
})
