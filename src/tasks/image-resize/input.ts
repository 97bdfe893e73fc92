import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** Bytes that come one image after another. */
export interface Input {
  /** The next so many. Rejects where the stream ends before. */
  take(length: number): Promise<Buffer>
}

export const createInput = (stream: Readable): Input => ({
  async take(length) {
    const bytes = Buffer.allocUnsafe(length)
    for (let filled = 0; filled < length;) {
      const chunk = stream.read(
        Math.min(length - filled, Math.max(1, stream.readableLength)),
      ) as Buffer | null
      if (chunk === null && stream.readableEnded) throw new Error('the image did not come whole')
      if (chunk === null) await once(stream, 'readable')
      else filled += chunk.copy(bytes, filled)
    }
    return bytes
  },
})
