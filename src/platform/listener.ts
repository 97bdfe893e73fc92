import pg from 'pg'
import type { ConnectionConfig } from './database.ts'
import type { Logger } from './log.ts'

export interface ListenerOptions {
  connection: () => ConnectionConfig
  channels: readonly string[]
  log: Logger
  onNotification(channel: string, payload: string): void
  /** Notifies this channel from another connection. */
  echo(channel: string): Promise<unknown>
  /** After each (re)connection: what was told in between is lost, so look for yourself. */
  onConnected(again: boolean): void
}

export interface Listener {
  start(): Promise<void>
  stop(): Promise<void>
  /**
   * Runs a statement on the listening connection, so that a dead one is noticed. Null while there is none.
   * Rejects when the connection fails; it is then replaced.
   */
  query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> | null
  /** False while no notification can arrive: not connected, or behind a pooler that hands out another session each time. */
  readonly hears: boolean
}

const RECONNECT_MIN_MS = 100
const RECONNECT_MAX_MS = 5_000
const ECHO_TIMEOUT_MS = 2_000
/** A half-open connection never answers: what runs on it must find out. */
const TIMEOUTS = {
  connectionTimeoutMillis: 5_000,
  query_timeout: 5_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
}

/** One connection that only listens. It reconnects for ever, and says so when notifications do not come through. */
export const createListener = (o: ListenerOptions): Listener => {
  const echoChannel = `yeyak_echo_${process.pid}_${Math.trunc(performance.now() * 1000)}`
  let client: pg.Client | null = null
  let hears = false
  let stopped = false
  let wasConnected = false
  let delayMs = RECONNECT_MIN_MS
  let timer: NodeJS.Timeout | null = null
  let onEcho: (() => void) | null = null

  const drop = (lost: pg.Client, error: unknown) => {
    lost.end().catch(() => {})
    if (client !== lost) return
    client = null
    hears = false
    if (stopped) return
    o.log.warn({ err: error }, 'database: the listening connection was lost, connecting again')
    later()
  }

  const later = () => {
    timer = setTimeout(() => void connect(), delayMs)
    delayMs = Math.min(delayMs * 2, RECONNECT_MAX_MS)
  }

  /**
   * PgBouncer in transaction mode accepts LISTEN, and then delivers to nobody: only an echo tells. It must come from
   * elsewhere, as a session hears its own notifications even there.
   */
  const checkEcho = async (): Promise<boolean> => {
    const heard = new Promise<boolean>((resolve) => {
      const giveUp = setTimeout(resolve, ECHO_TIMEOUT_MS, false)
      onEcho = () => {
        clearTimeout(giveUp)
        resolve(true)
      }
    })
    await o.echo(echoChannel)
    return heard
  }

  const connect = async (): Promise<void> => {
    timer = null
    const candidate = new pg.Client({ ...o.connection(), ...TIMEOUTS })
    candidate.on('error', (error) => drop(candidate, error))
    candidate.on('end', () => drop(candidate, new Error('the server closed the connection')))
    candidate.on('notification', ({ channel, payload }) => {
      if (channel === echoChannel) onEcho?.()
      else o.onNotification(channel, payload ?? '')
    })
    try {
      await candidate.connect()
      for (const channel of [...o.channels, echoChannel])
        await candidate.query(`listen ${pg.escapeIdentifier(channel)}`)
      const echoed = await checkEcho()
      if (stopped) return void candidate.end().catch(() => {})
      client = candidate
      hears = echoed
      delayMs = RECONNECT_MIN_MS
      if (!hears)
        o.log.warn(
          'database: LISTEN does not work on this connection (a pooler in transaction mode?), polling instead',
        )
      o.onConnected(wasConnected)
      wasConnected = true
    } catch (error) {
      candidate.end().catch(() => {})
      if (stopped) return
      o.log.warn({ err: error }, 'database: the listening connection could not be made, trying again')
      later()
    }
  }

  return {
    start: () => connect(),
    async stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      const closing = client
      client = null
      // Not awaited: a server that is gone without a word never says goodbye.
      closing?.end().catch(() => {})
    },
    query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]) {
      const current = client
      if (current === null) return null
      return current.query<Row>(text, [...values]).then(
        (result) => result.rows,
        (error: unknown) => {
          // An error of the statement leaves the connection sound; anything else, time-outs included, does not.
          if (!(error instanceof pg.DatabaseError)) drop(current, error)
          throw error
        },
      )
    },
    get hears() {
      return hears
    },
  }
}
