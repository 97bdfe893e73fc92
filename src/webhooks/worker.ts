import { signWith, secretKey, type Outcome, type WebhookPoster } from '../channels/index.ts'
import type { Loaded, Sender } from '../delivery/index.ts'
import { type Encryption, EncryptionError } from '../platform/encryption.ts'
import type { Logger } from '../platform/log.ts'
import { sealContext } from './secret.ts'

/** The endpoint as it stood when the attempt began. */
export interface Target {
  id: string
  url: string
  secret: string
  /** Null where there is none, or its time is over. */
  previousSecret: string | null
  isFailing: boolean
  /** A failure need not be noted: one was a moment ago. */
  isNoted: boolean
}

/** What the select list of `deliverySubject` brings along. */
interface Content extends Record<string, unknown> {
  eventId: string
  event: unknown
  target: Target | null
}

export interface SenderOptions {
  poster: Pick<WebhookPoster, 'post'>
  encryption: Encryption | null
  health: { recovered(id: string): Promise<void>; failed(id: string, isGone: boolean): Promise<boolean> }
  log: Logger
}

const GONE_STATUS = 410

const DELETED: Outcome = {
  kind: 'rejected',
  reason: { code: 'endpoint-deleted', message: 'the endpoint was deleted' },
}
/** No fault of the endpoint's, and mended by the operator. */
const UNREADABLE: Outcome = {
  kind: 'retry',
  reason: {
    code: 'secret-unreadable',
    message: 'this worker has no key that opens the secret of the endpoint',
  },
}

/** Sends deliveries to their endpoints, signed with their secrets, and keeps account of how each endpoint does. */
export const createSender = ({ poster, encryption, health, log }: SenderOptions): Sender => {
  const keysOf = ({ id, secret, previousSecret }: Target): Buffer[] | null => {
    const sealed = previousSecret === null ? [secret] : [secret, previousSecret]
    try {
      const keys = sealed.map((text) => secretKey(encryption?.open(text, sealContext(id)) ?? ''))
      return keys.every((key) => key !== null) ? keys : null
    } catch (error) {
      if (!(error instanceof EncryptionError)) throw error
      log.error({ err: error, webhookId: id }, 'webhooks: a secret cannot be opened, so nothing is sent')
      return null
    }
  }

  /** The outcome stands whatever becomes of this: what could not be noted is noted with the next one. */
  const note = async (target: Target, outcome: Outcome): Promise<void> => {
    const isGone = outcome.kind === 'rejected' && outcome.statusCode === GONE_STATUS
    try {
      if (outcome.kind === 'delivered') {
        if (target.isFailing) await health.recovered(target.id)
      } else if ((isGone || !target.isNoted) && (await health.failed(target.id, isGone)))
        log.warn({ webhookId: target.id, isGone }, 'webhooks: an endpoint was disabled')
    } catch (err) {
      log.warn({ err, webhookId: target.id }, 'webhooks: how an endpoint does could not be noted')
    }
  }

  return {
    provider: () => 'webhook',
    async send(started: Loaded, signal) {
      const { eventId, event, target } = started.content as Partial<Content>
      if (target === null || target === undefined) return DELETED
      const keys = keysOf(target)
      if (keys === null) return UNREADABLE
      const { attempt, dueAt } = started
      const outcome = await poster.post(
        {
          ...{ url: target.url, attempt, dueAt, sign: signWith(keys) },
          id: `evt_${eventId}`,
          body: Buffer.from(JSON.stringify(event)),
        },
        signal,
      )
      await note(target, outcome)
      return outcome
    },
  }
}
