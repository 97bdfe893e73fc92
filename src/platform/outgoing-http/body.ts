import { TextDecoder } from 'node:util'

export interface Body {
  /** What was kept, as it came. */
  bytes(): Buffer
  /** Keeps what fits. True once nothing more does. */
  add(chunk: Uint8Array): boolean
  /** What was kept, in the charset that the content type names, UTF-8 where it names none; at most as many bytes of UTF-8. */
  text(contentType: string | undefined): string
}

const decoderFor = (contentType: string | undefined): TextDecoder => {
  const charset = /;\s*charset="?([\w.:-]+)/i.exec(contentType ?? '')?.[1]
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}

/** In the middle of a character nothing is cut: with `stream` the decoder leaves out what is not whole. */
const cutTo = (text: string, bytes: number): string => {
  if (text.length * 3 <= bytes) return text
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true })
}

/** The beginning of a response body, up to so many bytes. */
export const createBody = (limitBytes: number): Body => {
  const chunks: Uint8Array[] = []
  let kept = 0
  return {
    bytes: () => Buffer.concat(chunks),
    add(chunk) {
      const part = chunk.subarray(0, limitBytes - kept)
      if (part.length > 0) chunks.push(part)
      kept += part.length
      return kept >= limitBytes
    },
    text(contentType) {
      if (kept === 0) return ''
      // What is no text in its charset grows: each stray byte becomes a character of three.
      return cutTo(
        decoderFor(contentType).decode(Buffer.concat(chunks), { stream: kept >= limitBytes }),
        limitBytes,
      )
    },
  }
}
