/** Headers that some routes take beside those of every call. Each route names its own, for the OpenAPI document. */
export const REQUEST_HEADERS = {
  'Idempotency-Key': {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    description: 'Visible ASCII. The same key and body again make nothing new.',
    examples: ['order-1042-reminder'],
  },
  'If-Match': {
    type: 'string',
    description:
      'The version that the change is meant for, as in ETag; refused with 412 where it is another.',
    examples: ['"3"'],
  },
  'If-None-Match': {
    type: 'string',
    description: 'Versions that are known, as in ETag; answered with 304 where it is one of them.',
    examples: ['"3"'],
  },
  'Last-Event-ID': {
    type: 'string',
    description: 'The id of the last event that was seen: the stream goes on after it.',
    examples: ['812000000017'],
  },
} as const

export type RequestHeader = keyof typeof REQUEST_HEADERS

/** As a schema of the headers of a route. */
export const headersSchema = (names: readonly RequestHeader[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, REQUEST_HEADERS[name]])),
})
