import type { Logger } from '../platform/log.ts'
import { createOutgoingHttp } from '../platform/outgoing-http/index.ts'
import type { Channel } from './channel.ts'
import { createEmailChannel, type EmailTransport } from './email/index.ts'
import { createLogChannel } from './log/index.ts'
import { createWebhookChannel } from './webhook/index.ts'

export interface ChannelSettings {
  email: EmailTransport
  webhook: { secrets: readonly string[]; allow: readonly string[] }
}

/**
 * Every channel that comes with the program. Connects to nothing.
 * @throws Error naming the setting that cannot be read
 */
export const createBuiltInChannels = (
  { email, webhook }: ChannelSettings,
  o: { version: string; log: Logger },
): Channel[] => {
  const http = createOutgoingHttp({ allow: webhook.allow, userAgent: `Yeyak/${o.version}` })
  return [
    createLogChannel(o.log),
    createEmailChannel({ transport: email, log: o.log }),
    createWebhookChannel({ http, secrets: webhook.secrets, log: o.log }),
  ]
}
