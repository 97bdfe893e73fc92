/** Why an image, or one size of it, does not come about. `message` is shown to callers, and names nothing that is secret. */
export interface Trouble {
  /** Kebab-case. */
  code: string
  message: string
  /** Trying again would not help. */
  isFinal: boolean
  /** The far side asks to be left alone for so long. */
  afterMs?: number
}

export class ImageError extends Error {
  override readonly name = 'ImageError'
  readonly trouble: Trouble

  constructor(trouble: Trouble, cause?: unknown) {
    super(trouble.message, { cause })
    this.trouble = trouble
  }
}

export const refuse = (code: string, message: string): never => {
  throw new ImageError({ code, message, isFinal: true })
}
