export { checkUrl } from './check.ts'
export { createPoster, type WebhookPoster } from './poster.ts'
export { makeSecret, secretKey, signWith } from './signature.ts'
export { createWebhookChannel } from './webhook-channel.ts'
