export { createLogChannel } from './log-channel.ts'
