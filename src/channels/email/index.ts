export { createEmailChannel, type EmailChannel, type EmailTransport } from './channel.ts'
