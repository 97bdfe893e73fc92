import { readJson, type Server } from '../http/index.ts'
import { describeError } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import type { Create } from './create.ts'

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

/** Anything that cannot be read is as good as a missing message: the old server never answered 415. */
const readBody = (contentType: string | undefined, bytes: Buffer): unknown => {
  if (contentType?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') return null
  try {
    return readJson(bytes)
  } catch {
    return null
  }
}

export const scheduleNotificationRoutes = (
  app: Server,
  o: { create: Create; log: Logger; projectId: number },
): void => {
  // A scope of its own: its parser takes every content type, and must not reach the other routes.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
      done(null, readBody(request.headers['content-type'], body as Buffer))
    })
    // A Content-Type that is none is refused before any parser is asked: to this contract it is just another one.
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
        return reply.code(400).send({ error: TEXTS.messageMissing })
      }
      // To the handler of all other routes.
      throw error
    })
    for (const url of ['/schedule-notification', '/schedule-notification/']) {
      scope.post(
        url,
        {
          config: { lenient: true },
          schema: {
            tags: ['compatibility'],
            summary: 'Log a message in 10 seconds',
            description:
              'Body: `{"message":"Hello World"}`. Kept from an earlier server; new callers use /v1/notifications.',
            hide: url.endsWith('/'),
          },
        },
        async (request, reply) => {
          const message = messageOf(request.body)
          if (message === null) return reply.code(400).send({ error: TEXTS.messageMissing })
          try {
            const sendAt = { delay: DELAY_SECONDS }
            const { notification } = await o.create.one(
              o.projectId,
              { channel: 'log', message, sendAt },
              null,
            )
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
      )
    }
  })
}
