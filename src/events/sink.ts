import type { FastifyReply } from 'fastify'
import type { Sink } from './stream.ts'

/** The answer of a request, taken out of the framework's hands. */
export interface ResponseSink extends Sink {
  /** How long the client has taken nothing, though something waits for it; 0 where nothing does. */
  stalledMs(): number
  /** Called once, when it is over for whatever reason; at once where it is over already. */
  onClose(done: () => void): void
  /** Orderly. */
  end(): void
  /** At once, with what was written and not taken. */
  destroy(): void
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Some proxies gather an answer before they pass it on.
  'x-accel-buffering': 'no',
}

export const createSink = (reply: FastifyReply): ResponseSink => {
  reply.hijack()
  const { raw } = reply
  // What hooks have set, such as the request's id.
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, HEADERS)
  let fullSinceMs: number | null = null
  raw.on('drain', () => {
    fullSinceMs = null
  })
  // A connection that breaks is closed; nobody else has to be told.
  raw.on('error', () => {})

  return {
    write(text) {
      if (raw.destroyed || raw.writableEnded) return true
      const goesOn = raw.write(text)
      if (!goesOn) fullSinceMs ??= performance.now()
      return goesOn
    },
    drained: () =>
      new Promise((resolve, reject) => {
        if (!raw.writableNeedDrain) return resolve()
        const onDrain = () => {
          raw.off('close', onClose)
          resolve()
        }
        const onClose = () => {
          raw.off('drain', onDrain)
          reject(new Error('the client is gone'))
        }
        raw.once('drain', onDrain)
        raw.once('close', onClose)
      }),
    stalledMs: () => (fullSinceMs === null ? 0 : performance.now() - fullSinceMs),
    onClose(done) {
      if (raw.destroyed) done()
      else raw.once('close', done)
    },
    end: () => {
      raw.end()
    },
    destroy: () => {
      raw.destroy()
    },
  }
}
