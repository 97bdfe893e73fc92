import { Type } from 'typebox'

/** A time as it is given over HTTP: an RFC 3339 instant, a delay, or the wall clock of a zone. */
export type When =
  | string
  | { delay: string | number }
  | { local: string; timeZone: string; disambiguation?: 'reject' | 'earlier' | 'later' }

const description =
  'A time, in one of three forms: an RFC 3339 instant with seconds and an offset or Z, as a string; a delay ' +
  '{"delay":…} in seconds, in units (10s, 5m, 2h, 1d, 1w, 1h30m) or in ISO 8601 without years and months (PT10S); ' +
  'or the wall clock of a zone {"local":…,"timeZone":…}, with an IANA name. Finer than a millisecond is rounded up.'

const examples: When[] = [
  '2026-12-01T09:00:00+09:00',
  { delay: 'PT10S' },
  { delay: '10s' },
  { delay: 10 },
  { local: '2026-12-01T09:00', timeZone: 'Asia/Seoul', disambiguation: 'reject' },
]

/**
 * For validating requests. It takes any JSON value on purpose: `resolveWhen` refuses what is wrong with a nearer
 * reason and a suggestion, where a schema could only say that none of three forms fits.
 */
export const WhenSchema = Type.Unsafe<When>({ title: 'When', description, examples })

/** For the OpenAPI document: the exact forms, for those who read it or make clients from it. */
export const WhenDocument = Type.Unsafe<When>({
  title: 'When',
  description,
  examples,
  oneOf: [
    {
      title: 'Instant',
      description: 'RFC 3339; seconds and an offset (or Z) are required.',
      type: 'string',
      format: 'date-time',
      maxLength: 100,
    },
    {
      title: 'Delay',
      description:
        'Counted from the moment the request is taken up; in expiresAt, from dueAt. A day is 24 hours.',
      type: 'object',
      properties: {
        delay: {
          description: 'Seconds as a number, units such as 1h30m, or an ISO 8601 duration such as PT10S.',
          oneOf: [
            { type: 'number', minimum: 0 },
            { type: 'string', maxLength: 100 },
          ],
        },
      },
      required: ['delay'],
      additionalProperties: false,
    },
    {
      title: 'Wall clock',
      type: 'object',
      properties: {
        local: {
          description: 'YYYY-MM-DDTHH:MM[:SS[.fff]], without an offset.',
          type: 'string',
          maxLength: 100,
        },
        timeZone: { description: 'An IANA name, such as Asia/Seoul.', type: 'string', maxLength: 100 },
        disambiguation: {
          description: 'What to do where clocks change and the local time does not exist, or comes twice.',
          type: 'string',
          enum: ['reject', 'earlier', 'later'],
          default: 'reject',
        },
      },
      required: ['local', 'timeZone'],
      additionalProperties: false,
    },
  ],
})
