import type { Logger } from '../platform/log.ts'
import { createOutgoingHttp } from '../platform/outgoing-http/index.ts'
import type { Channel } from './channel.ts'
import { createEmailChannel, type EmailTransport } from './email/index.ts'
import { createLogChannel } from './log/index.ts'
import { createPoster, createWebhookChannel, type WebhookPoster } from './webhook/index.ts'

export interface ChannelSettings {
  email: EmailTransport
  webhook: { secrets: readonly string[]; allow: readonly string[] }
}

const outgoing = ({ allow }: ChannelSettings['webhook'], version: string) =>
  createOutgoingHttp({ allow, userAgent: `Yeyak/${version}` })

/**
 * Every channel that comes with the program. Connects to nothing.
 * @throws Error naming each setting that cannot be read
 */
export const createBuiltInChannels = (
  { email, webhook }: ChannelSettings,
  o: { version: string; log: Logger },
): Channel[] => {
  const mistakes: string[] = []
  /** All mistakes are told together, as those of the other settings are. */
  const attempt = <Part>(make: () => Part): Part | null => {
    try {
      return make()
    } catch (error) {
      mistakes.push(error instanceof Error ? error.message : String(error))
      return null
    }
  }
  const mail = attempt(() => createEmailChannel({ transport: email, log: o.log }))
  const http = attempt(() => outgoing(webhook, o.version))
  const hooks = attempt(() =>
    http === null ? null : createWebhookChannel({ http, secrets: webhook.secrets, log: o.log }),
  )
  if (mail === null || hooks === null) throw new Error(mistakes.join('\n'))
  return [createLogChannel(o.log), mail, hooks]
}

/**
 * Posts to endpoints that subscribe to events, behind the same guard as channel `webhook`, on connections of its own: a
 * slow endpoint must not hold up notifications to the same host. Connects to nothing.
 */
export const createWebhookPoster = (
  { webhook }: Pick<ChannelSettings, 'webhook'>,
  o: { version: string; log: Logger },
): WebhookPoster => createPoster({ http: outgoing(webhook, o.version), log: o.log })
