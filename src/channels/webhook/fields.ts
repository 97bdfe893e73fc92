import { Type } from 'typebox'

export const HEADER_LIMITS = { count: 20, valueBytes: 4096 } as const

/** Optional here too: in a merge patch it is taken as it is, whatever its type. */
export const payloadField = Type.Optional(
  Type.Unknown({
    description: 'Any JSON value but null, sent as it is, up to 256 kB. Not together with message.',
    examples: [{ event: 'invoice.due', invoice: 'inv_42' }],
  }),
)

/** Which names and values there may be is said by `check`, which names the one at fault. */
export const headersField = Type.Object(
  {},
  {
    additionalProperties: true,
    description: `Headers to send along, up to ${HEADER_LIMITS.count}, each value up to ${HEADER_LIMITS.valueBytes} bytes. Their values are secret, and shown as "hidden". Not host, content-*, webhook-*, yeyak-* and what belongs to the connection.`,
    examples: [{ authorization: 'Bearer …' }],
  },
)
