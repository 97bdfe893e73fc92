import { Type } from 'typebox'
import { messageField } from '../fields.ts'

const MB = 1024 * 1024

export const LIMITS = {
  /** Of each of `to`, `cc` and `bcc`. */
  addresses: 50,
  addressLength: 2048,
  subjectLength: 16_384,
  filenameLength: 255,
  contentTypeLength: 255,
  attachments: 50,
  /** Of all attachments together, decoded. */
  attachmentBytes: 10 * MB,
} as const

/** In bytes. Attachments as JSON: base64 of 10 MB, and room for the names. */
export const CONTENT_LIMITS = { subject: LIMITS.subjectLength * 4, attachments: 15 * MB }

const address = { type: 'string', minLength: 1, maxLength: LIMITS.addressLength } as const

/** An address or an array of them. No union of schemas: a patch adds `null` to the types of a field. */
const addresses = (description: string) =>
  Type.Unsafe<string | string[]>({
    type: ['string', 'array'],
    minLength: 1,
    maxLength: LIMITS.addressLength,
    items: address,
    minItems: 1,
    maxItems: LIMITS.addresses,
    description,
    examples: ['Kim Min <min@example.com>', ['min@example.com', 'sol@example.com']],
  })

const Attachment = Type.Object(
  {
    filename: Type.String({ minLength: 1, maxLength: LIMITS.filenameLength }),
    contentType: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: LIMITS.contentTypeLength,
        description: 'By the ending of the file name where left out.',
        examples: ['application/pdf'],
      }),
    ),
    content: Type.String({ description: 'Base64.', examples: ['SGVsbG8='] }),
  },
  { additionalProperties: false },
)

export const contentFields = {
  subject: Type.String({
    minLength: 1,
    maxLength: LIMITS.subjectLength,
    description: 'The subject of a mail.',
    examples: ['Your appointment tomorrow'],
  }),
  text: Type.String({ minLength: 1, description: 'The plain text of a mail; wins over `message`.' }),
  message: messageField,
  html: Type.String({ minLength: 1, description: 'The HTML of a mail, beside its text or without one.' }),
  cc: addresses('Who else gets the mail, seen by all.'),
  bcc: addresses('Who else gets the mail, seen by nobody.'),
  replyTo: Type.String({ ...address, description: 'Where answers to the mail go.' }),
  from: Type.String({ ...address, description: 'The sender of the mail; `YEYAK_SMTP_FROM` where left out.' }),
  attachments: Type.Array(Attachment, {
    minItems: 1,
    maxItems: LIMITS.attachments,
    description: 'Files, up to 10 MB decoded in all.',
  }),
}

export const requiredContent = ['subject', ['text', 'message', 'html']] as const
