import type { Server } from '../http/index.ts'
import { describeError } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import type { Create } from './create.ts'
import { lenientPost } from './lenient-post.ts'

/** The contract of the server that came before Yeyak: texts and statuses are kept to the letter, whatever the language. */
const TEXTS = {
  scheduled: '10초 뒤 알림이 예약되었습니다.',
  messageMissing: 'message가 필요합니다.',
  storageFailed: '서버 오류 발생',
} as const

const DELAY_SECONDS = 10

const messageOf = (body: unknown): string | null => {
  if (typeof body !== 'object' || body === null || !('message' in body)) return null
  return typeof body.message === 'string' && body.message !== '' ? body.message : null
}

export const scheduleNotificationRoutes = (
  app: Server,
  o: { create: Pick<Create, 'one'>; log: Logger },
): void =>
  lenientPost(app, {
    path: '/schedule-notification',
    summary: 'Log a message in 10 seconds',
    description:
      'Body: `{"message":"Hello World"}`. Kept from an earlier server; new callers use /v1/notifications.',
    missing: { error: TEXTS.messageMissing },
    async handle(body, reply, by) {
      const message = messageOf(body)
      if (message === null) return reply.code(400).send({ error: TEXTS.messageMissing })
      try {
        const sendAt = { delay: DELAY_SECONDS }
        const { notification } = await o.create.one(by, { channel: 'log', message, sendAt }, null)
        return await reply
          .header('location', `/v1/notifications/${notification.id}`)
          .type('text/plain; charset=utf-8')
          .send(TEXTS.scheduled)
      } catch (error) {
        // What is wrong with the message itself (too long, NUL) is the caller's to mend.
        if (error instanceof YeyakError && error.status < 500) throw error
        o.log.error({ err: error }, `작업 예약 실패: ${describeError(error)}`)
        return reply.code(500).type('text/plain; charset=utf-8').send(TEXTS.storageFailed)
      }
    },
  })
