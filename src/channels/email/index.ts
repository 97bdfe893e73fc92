export { createEmailChannel, type EmailChannel, type EmailTransport } from './channel.ts'
export { checkSmtp, type SmtpCheck } from './smtp-check.ts'
