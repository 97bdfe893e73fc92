import type { Channel, ChannelRegistry, Outcome } from '../channels/index.ts'
import { type Encryption, ENCRYPTION_SETTING, EncryptionError } from '../platform/encryption.ts'
import { isObject } from '../platform/merge-patch.ts'

type Content = Readonly<Record<string, unknown>>

/** A member as it is stored where there is a key. No member that a caller gives is an object, so that none can pass for one. */
interface Sealed {
  sealed: string
}

export type SecretFields = ReturnType<typeof createSecretFields>

/** What is shown in the place of each secret, and leaves it as it is in a merge patch. */
export const HIDDEN = 'hidden'
/** Shorter ones could be any word of an answer. */
const SHORTEST_REDACTED = 6

const isSealed = (value: unknown): value is Sealed => isObject(value) && typeof value['sealed'] === 'string'

/** Where a member belongs: sealed, it can be opened nowhere else. */
export const placeOf = (id: string, field: string, member: string): string =>
  `notifications:${id}:${field}.${member}`

/** Where the members of a merge patch for many belong, which are of no notification yet. */
const PATCH = 'patch'

const isSecretInPatch = (value: unknown): boolean => value !== null && value !== HIDDEN

/** The members of the secret fields as `change` makes them. Without such a field it is the same object, and nothing is done. */
const changed = (
  secretFields: readonly string[] | undefined,
  content: Content,
  change: (value: unknown, field: string, member: string) => unknown,
): Content => {
  if (secretFields === undefined) return content
  let result = content
  for (const field of secretFields) {
    const members = content[field]
    if (!isObject(members)) continue
    const entries = Object.entries(members).map(([name, value]): [string, unknown] => [
      name,
      change(value, field, name),
    ])
    const written: Record<string, unknown> = Object.fromEntries(entries)
    result = { ...result, [field]: written }
  }
  return result
}

/** An answer that cites what it was sent: a far side that echoes headers would put them on record. */
const forms = (secret: string): string[] =>
  [secret, ...secret.split(' ')]
    .filter((text) => text.length >= SHORTEST_REDACTED)
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1)])

const redacted = (text: string, secrets: readonly string[]): string =>
  secrets.flatMap(forms).reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text)

/** The outcome of a send without what was secret in it. */
export const withoutSecrets = (outcome: Outcome, secrets: readonly string[]): Outcome => {
  if (secrets.length === 0) return outcome
  const { answer } = outcome
  const response = answer?.response
  return {
    ...outcome,
    ...('reason' in outcome && {
      reason: { ...outcome.reason, message: redacted(outcome.reason.message, secrets) },
    }),
    ...(response !== undefined && { answer: { ...answer, response: redacted(response, secrets) } }),
  }
}

/**
 * The fields that a channel declares secret: sealed where there is a key, stored as they are where there is none, opened
 * right before the send, and shown to nobody.
 */
export const createSecretFields = (o: {
  channels: Pick<ChannelRegistry, 'get' | 'names'>
  encryption: Encryption | null
}) => {
  const { encryption } = o
  const fields = [...new Set(o.channels.names.flatMap((name) => o.channels.get(name)?.secretFields ?? []))]
  const sealed = (id: string, value: unknown, field: string, member: string): unknown =>
    encryption === null || isSealed(value)
      ? value
      : ({ sealed: encryption.seal(String(value), placeOf(id, field, member)) } satisfies Sealed)
  /** @throws EncryptionError where it cannot be opened */
  const opened = (id: string, value: unknown, field: string, member: string): unknown => {
    if (!isSealed(value)) return value
    if (encryption === null) throw new EncryptionError(`it is sealed, and ${ENCRYPTION_SETTING} is not set`)
    return encryption.open(value.sealed, placeOf(id, field, member))
  }
  /** Not sealed, or with another key than the first. */
  const isOutdated = (value: unknown): boolean =>
    !isSealed(value) || encryption?.needsRotation(value.sealed) === true
  const some = (
    secretFields: readonly string[] | undefined,
    stored: Content,
    is: (value: unknown) => boolean,
  ): boolean => {
    let found = false
    changed(secretFields, stored, (value) => {
      found ||= is(value)
    })
    return found
  }
  const seal = (channel: Channel, id: string, given: Content, stored: Content = {}): Content =>
    changed(channel.secretFields, given, (value, field, member) => {
      const before = stored[field]
      const isKept = value === HIDDEN && isObject(before) && Object.hasOwn(before, member)
      return isKept ? before[member] : sealed(id, value, field, member)
    })
  const open = (
    channel: Channel,
    id: string,
    stored: Content,
  ): { content: Content; secrets: readonly string[] } => {
    const secrets: string[] = []
    const content = changed(channel.secretFields, stored, (value, field, member) => {
      const text = opened(id, value, field, member)
      secrets.push(String(text))
      return text
    })
    return { content, secrets }
  }
  const needsSealing = (channel: Channel, stored: Content): boolean =>
    some(channel.secretFields, stored, isOutdated)
  const sealPatch = (patch: Content): Content =>
    changed(fields, patch, (value, field, member) =>
      isSecretInPatch(value) ? sealed(PATCH, value, field, member) : value,
    )
  const openPatch = (stored: Content): Content =>
    changed(fields, stored, (value, field, member) => opened(PATCH, value, field, member))

  return {
    /** Of all channels. */
    fields,

    /** As it is shown: the names, and no value. */
    hide: (channel: string, content: Content): Content =>
      changed(o.channels.get(channel)?.secretFields, content, () => HIDDEN),

    /** What was given for the notification `id`, as it is stored. What still reads `hidden` is kept from `stored`. */
    seal,

    /** As it is sent, and the values that are secret. Throws where one cannot be opened. */
    open,

    /** Whether there is a value that is not sealed, or with another key than the first. */
    needsSealing,

    /** With the first key; null where it is already, or the channel is not known. @throws EncryptionError */
    sealAgain(name: string, id: string, stored: Content): Content | null {
      const channel = o.channels.get(name)
      if (channel === undefined || !needsSealing(channel, stored)) return null
      return seal(channel, id, open(channel, id, stored).content)
    },

    /** A merge patch for many, as it is stored until they are changed. What it removes or keeps is no secret. */
    sealPatch,

    /** @throws EncryptionError where it cannot be opened */
    openPatch,

    /** As `sealAgain`. */
    sealPatchAgain: (stored: Content): Content | null =>
      some(fields, stored, (value) => isSecretInPatch(value) && isOutdated(value))
        ? sealPatch(openPatch(stored))
        : null,

    /** As it is stored for another notification. */
    move: (channel: string, content: Content, from: string, to: string): Content =>
      changed(o.channels.get(channel)?.secretFields, content, (value, field, member) =>
        sealed(to, opened(from, value, field, member), field, member),
      ),
  }
}
