import { Type } from 'typebox'

/** The plain text of a message, on every channel that has one. */
export const messageField = Type.String({
  minLength: 1,
  description: 'The text of the message, up to 256 kB.',
  examples: ['Hello World'],
})
