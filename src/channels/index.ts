export {
  type Answer,
  type Channel,
  type Draft,
  type Message,
  type Outcome,
  type Reason,
  RESPONSE_BYTES,
} from './channel.ts'
export { messageField } from './fields.ts'
export { type ChannelSettings, createBuiltInChannels, createWebhookPoster } from './built-in.ts'
export { checkSmtp, type EmailTransport, type SmtpCheck } from './email/index.ts'
export { createLogChannel } from './log/index.ts'
export { type ChannelRegistry, createRegistry } from './registry.ts'
export { checkUrl, makeSecret, secretKey, signWith, type WebhookPoster } from './webhook/index.ts'
