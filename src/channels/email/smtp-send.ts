import { Duplex, Readable } from 'node:stream'
import type { NodemailerError } from 'nodemailer/lib/errors'
import type SmtpConnection from 'nodemailer/lib/smtp-connection'
import { ABORTED, EARLY_ANSWER, failure, type SmtpFailure, type Stage } from './smtp-failure.ts'

export interface Accepted {
  response: string
  /** One for each recipient that was refused. */
  rejectedErrors: readonly NodemailerError[]
}

export interface Envelope {
  from: string
  to: string[]
}

const CHUNK_BYTES = 64 * 1024

/**
 * Sends one mail over a connection; settles at once when `signal` is aborted, and leaves the connection to be closed by
 * whoever owns it. nodemailer reports a lost connection in the same way whether it was lost before the mail or after its
 * end; so what is left on this side is looked at when it fails.
 */
export const sendSmtp = (
  connection: SmtpConnection,
  envelope: Envelope,
  raw: Buffer,
  signal: AbortSignal,
): Promise<Accepted | SmtpFailure> => {
  const { source, stage } = watchedSource(raw)
  return new Promise((resolve) => {
    let cause: NodemailerError | null = null
    const settle = (result: Accepted | SmtpFailure) => {
      signal.removeEventListener('abort', onAbort)
      connection.off('error', onError)
      connection.off('end', onEnd)
      resolve(result)
    }
    const fail = (error: SmtpFailure['error']) => settle({ stage: stage(), error })
    const onAbort = () => fail({ code: ABORTED })
    const onError = (error: NodemailerError) => {
      cause = error
    }
    // Some ends are reported to the callback, right after this, and some to nobody.
    const onEnd = () => queueMicrotask(() => fail(cause ?? { code: 'ECONNECTION' }))
    if (signal.aborted) return settle(failure('envelope', ABORTED))
    signal.addEventListener('abort', onAbort)
    connection.on('error', onError)
    connection.on('end', onEnd)
    return connection.send({ ...envelope, size: raw.length }, source, (error, info) => {
      if (error) return fail(error)
      // Whatever it was that it took, it was not this mail, whose end it has not seen.
      if (stage() !== 'handed-over') return fail({ code: EARLY_ANSWER })
      return settle({ response: info.response, rejectedErrors: info.rejectedErrors ?? [] })
    })
  })
}

/** The mail as a stream that knows what has become of it. */
const watchedSource = (raw: Buffer): { source: Readable; stage: () => Stage } => {
  const source = Readable.from(chunksOf(raw), { objectMode: false })
  let onward: Duplex | null = null
  const pipe = source.pipe.bind(source)
  // nodemailer pipes it into the stream that adds the end of the mail, and that one into the socket.
  source.pipe = (destination, options) => {
    if (destination instanceof Duplex) onward = destination
    return pipe(destination, options)
  }
  return { source, stage: () => stageOf(onward) }
}

/**
 * Handed over is what has left the last stream before the socket, the end of the mail included. The socket lets that
 * stream go on only when it has itself passed on what it was given, so at most the last few kilobytes are still here.
 */
const stageOf = (onward: Duplex | null): Stage => {
  if (onward === null) return 'envelope'
  const isThrough = onward.writableEnded && onward.writableLength === 0 && onward.readableLength === 0
  return isThrough ? 'handed-over' : 'started'
}

function* chunksOf(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += CHUNK_BYTES) yield raw.subarray(at, at + CHUNK_BYTES)
}
