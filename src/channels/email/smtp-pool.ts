import type SmtpConnection from 'nodemailer/lib/smtp-connection'
import { connectSmtp } from './smtp-connect.ts'
import type { SmtpFailure } from './smtp-failure.ts'
import type { SmtpSettings } from './smtp-url.ts'

/** A connection that is logged in, held by one mail at a time. */
export interface Session {
  connection: SmtpConnection
  /** Mails before this one. */
  uses: number
}

export interface SmtpPool {
  /** One that is idle, or a new one; always a new one where `isFresh`. */
  take(signal: AbortSignal, isFresh: boolean): Promise<Session | SmtpFailure>
  /** Back for the next mail. Where the last one was refused, the server is first made to forget it. */
  keep(session: Session, afterRefusal: boolean): Promise<void>
  drop(session: Session): void
  close(): Promise<void>
}

/** Many servers count the mails of a connection, and slow it down after some hundred. */
const MOST_USES = 100
/** Servers close what is idle after five minutes; some after one. */
const IDLE_MS = 50_000
const GOODBYE_MS = 2_000

export const createSmtpPool = (settings: SmtpSettings): SmtpPool => {
  const idle = new Map<Session, NodeJS.Timeout>()
  const open = new Set<Session>()

  const takeIdle = (): Session | undefined => {
    // The one used last is the one least likely to have been closed.
    const session = [...idle.keys()].at(-1)
    if (session !== undefined) {
      clearTimeout(idle.get(session))
      idle.delete(session)
    }
    return session
  }
  const drop = (session: Session) => session.connection.close()
  /** Says goodbye, and does not wait long for the answer. */
  const quit = (session: Session) =>
    settled(session.connection, (done) => {
      session.connection.once('end', done)
      session.connection.quit()
    })

  return {
    async take(signal, isFresh) {
      const waiting = isFresh ? undefined : takeIdle()
      if (waiting !== undefined) return waiting
      // Where one that was idle turned out to be dead, the others are too.
      if (isFresh) for (let old = takeIdle(); old !== undefined; old = takeIdle()) drop(old)
      const result = await connectSmtp(settings, signal)
      if ('error' in result) return result
      const session: Session = { connection: result.connection, uses: 0 }
      open.add(session)
      session.connection.once('end', () => {
        clearTimeout(idle.get(session))
        idle.delete(session)
        open.delete(session)
      })
      return session
    },
    async keep(session, afterRefusal) {
      session.uses += 1
      if (session.uses >= MOST_USES) return quit(session)
      if (afterRefusal) await settled(session.connection, (done) => session.connection.reset(done))
      if (!open.has(session)) return undefined
      return void idle.set(
        session,
        setTimeout(() => {
          idle.delete(session)
          void quit(session)
        }, IDLE_MS).unref(),
      )
    },
    drop,
    async close() {
      const resting = [...idle.keys()]
      for (const session of resting) clearTimeout(idle.get(session))
      for (const session of open) if (!resting.includes(session)) drop(session)
      idle.clear()
      await Promise.all(resting.map(quit))
    },
  }
}

/** Waits for what is begun here; closes the connection where that fails or takes too long. */
const settled = (connection: SmtpConnection, begin: (done: (error?: unknown) => void) => void) =>
  new Promise<void>((resolve) => {
    const done = (error?: unknown) => {
      clearTimeout(timer)
      if (error !== undefined && error !== null) connection.close()
      resolve()
    }
    const timer = setTimeout(() => done('too slow'), GOODBYE_MS)
    connection.once('end', () => done())
    begin(done)
  })
