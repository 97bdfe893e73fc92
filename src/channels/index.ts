export type { Channel, Message, Outcome, Reason } from './channel.ts'
export { createLogChannel } from './log/index.ts'
export { type ChannelRegistry, createRegistry } from './registry.ts'
