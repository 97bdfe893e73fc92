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
export { type ChannelSettings, createBuiltInChannels } from './built-in.ts'
export type { EmailTransport } from './email/index.ts'
export { createLogChannel } from './log/index.ts'
export { type ChannelRegistry, createRegistry } from './registry.ts'
