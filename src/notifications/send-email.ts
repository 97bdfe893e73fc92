import type { Server } from '../http/index.ts'
import { describeError } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import type { Create } from './create.ts'
import { lenientPost } from './lenient-post.ts'

/** The contract of the server that came before Yeyak: texts and statuses are kept to the letter, whatever the language. */
const TEXTS = {
  queued: 'Email queued',
  memberMissing: 'to, subject, body가 필요합니다.',
  storageFailed: '서버 오류 발생',
} as const

interface Order {
  to: string
  subject: string
  body: string
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const orderOf = (given: unknown): Order | null => {
  if (typeof given !== 'object' || given === null) return null
  const { to, subject, body } = given as Partial<Record<keyof Order, unknown>>
  return isText(to) && isText(subject) && isText(body) ? { to, subject, body } : null
}

/** In the words of this route, where the text of a mail is its `body`. */
const inItsWords = (error: YeyakError): YeyakError =>
  new YeyakError(error.code, {
    detail: error.detail,
    errors: error.fieldErrors.map((one) => (one.path === 'text' ? { ...one, path: 'body' } : one)),
    members: error.members,
    headers: error.headers,
    cause: error,
  })

/** `POST /send-email`: one mail, sent at once through channel `email`, with its retries. */
export const sendEmailRoutes = (app: Server, o: { create: Pick<Create, 'one'>; log: Logger }): void =>
  lenientPost(app, {
    path: '/send-email',
    summary: 'Send a mail now',
    description:
      'Body: `{"to":"min@example.com","subject":"Hello","body":"Hello World"}`. Kept from an earlier server; new callers use /v1/notifications.',
    missing: { error: TEXTS.memberMissing },
    async handle(given, reply, by) {
      const order = orderOf(given)
      if (order === null) return reply.code(400).send({ error: TEXTS.memberMissing })
      const { to, subject, body } = order
      try {
        const mail = { channel: 'email', to, subject, text: body }
        const { notification } = await o.create.one(by, mail, null)
        return await reply
          .header('location', `/v1/notifications/${notification.id}`)
          .type('text/plain; charset=utf-8')
          .send(TEXTS.queued)
      } catch (error) {
        // No address, no mail server, too long: the caller's or the operator's to mend.
        if (error instanceof YeyakError && error.status < 500) throw inItsWords(error)
        o.log.error({ err: error }, `이메일 예약 실패: ${describeError(error)}`)
        return reply.code(500).type('text/plain; charset=utf-8').send(TEXTS.storageFailed)
      }
    },
  })
