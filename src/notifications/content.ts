import type { Channel } from '../channels/index.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import { LIMITS } from './schema.ts'

const tooLong = (path: string, bytes: number, limit: number): FieldError => ({
  path,
  message: {
    en: `takes at most ${limit} bytes of UTF-8, this has ${bytes}`,
    ko: `UTF-8로 ${limit}바이트까지 쓸 수 있습니다. 지금은 ${bytes}바이트입니다.`,
  },
})

const isAbsent = (value: unknown): boolean => value === undefined || value === null

const bytesOf = (value: unknown): number =>
  Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value))

/** No text can have more bytes than three times its length: short ones, nearly all, are not measured. */
const overLimit = (path: string, value: unknown, limit: number): FieldError[] => {
  if (typeof value === 'string' && value.length * 3 <= limit) return []
  const bytes = bytesOf(value)
  return bytes > limit ? [tooLong(path, bytes, limit)] : []
}

/**
 * Takes the content fields of `body` that belong to the channel. Throws `invalid-request` naming each that it needs and
 * lacks, each that belongs to another channel, and each that is too long.
 */
export const contentFor = (
  channel: Channel,
  body: Readonly<Record<string, unknown>>,
  allContentFields: readonly string[],
): Record<string, unknown> => {
  const faults: FieldError[] = []
  const content: Record<string, unknown> = {}
  for (const field of allContentFields) {
    const value = body[field]
    if (isAbsent(value)) continue
    if (!Object.hasOwn(channel.content, field)) faults.push(foreign(field, channel))
    else {
      faults.push(...overLimit(field, value, channel.limits?.[field] ?? LIMITS.textBytes))
      content[field] = value
    }
  }
  for (const required of channel.requiredContent) {
    const isThere =
      typeof required === 'string'
        ? content[required] !== undefined
        : required.some((field) => content[field] !== undefined)
    if (!isThere) faults.push(missing([required].flat(), channel))
  }
  if (channel.to === null && !isAbsent(body['to'])) faults.push(foreign('to', channel))
  if (channel.to !== null && isAbsent(body['to'])) faults.push(missing(['to'], channel))
  if (channel.to === 'one' && Array.isArray(body['to'])) faults.push(onlyOne(channel))
  faults.push(...overMetadata(body['metadata']))
  if (faults.length > 0) throw new YeyakError('invalid-request', { errors: faults })
  channel.check?.({ to: body['to'] ?? null, content })
  return content
}

const overMetadata = (metadata: unknown): FieldError[] => {
  if (isAbsent(metadata)) return []
  const bytes = bytesOf(metadata)
  return bytes > LIMITS.metadataBytes ? [tooLong('metadata', bytes, LIMITS.metadataBytes)] : []
}

const missing = (anyOf: readonly string[], { name }: Channel): FieldError => {
  const fields = anyOf.join(', ')
  const message =
    anyOf.length === 1
      ? { en: `is required on channel ${name}`, ko: `${name} 채널에 필요합니다.` }
      : {
          en: `one of ${fields} is required on channel ${name}`,
          ko: `${name} 채널에는 ${fields} 중 하나가 필요합니다.`,
        }
  return { path: anyOf[0] ?? '', message }
}

const onlyOne = ({ name }: Channel): FieldError => ({
  path: 'to',
  message: {
    en: `takes one recipient on channel ${name}: schedule one notification for each`,
    ko: `${name} 채널은 수신자를 하나만 받습니다. 수신자마다 알림을 하나씩 예약해야 합니다.`,
  },
})

const foreign = (path: string, channel: Channel): FieldError => {
  const own = [...(channel.to === null ? [] : ['to']), ...Object.keys(channel.content)].join(', ')
  return {
    path,
    message: {
      en: `is not a field of channel ${channel.name}, which has: ${own}`,
      ko: `${channel.name} 채널의 필드가 아닙니다. 이 채널의 필드: ${own}`,
    },
  }
}
