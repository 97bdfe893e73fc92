import pg from 'pg'
import { type ConnectionConfig, withSettings } from '../../platform/database.ts'

export interface Echo {
  /** From the NOTIFY to its arrival, in milliseconds; null where none came. */
  heardMs: number | null
  /** Something between us hands out other sessions than it is asked for. */
  isPooled: boolean
  /** What a session is started with is in force in it. */
  keepsSettings: boolean
}

const CONNECT_TIMEOUT_MS = 5_000
const ECHO_TIMEOUT_MS = 2_000
const MARK = '4321'

const open = async (connection: ConnectionConfig): Promise<pg.Client> => {
  const client = new pg.Client({
    ...withSettings(connection, { lock_timeout: MARK }),
    application_name: 'yeyak-doctor',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: CONNECT_TIMEOUT_MS,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

const read = async (client: pg.Client) => {
  const { rows } = await client.query<{ pid: number; mark: string }>(
    `select pg_backend_pid() as pid, (select setting from pg_settings where name = 'lock_timeout') as mark`,
  )
  return rows[0]
}

/** LISTEN on a connection of its own, NOTIFY from another one, as the alarms of two processes do. */
export const echo = async (connection: ConnectionConfig): Promise<Echo> => {
  const channel = `yeyak_doctor_${process.pid}`
  const listener = await open(connection)
  try {
    const teller = await open(connection)
    try {
      await listener.query(`listen ${pg.escapeIdentifier(channel)}`)
      const [first, other] = [await read(listener), await read(teller)]
      // A pooler answers the login itself, with a number of its own instead of the backend's.
      const claimed: unknown = 'processID' in listener ? listener.processID : null
      const sentMs = performance.now()
      const heard = new Promise<number | null>((resolve) => {
        const giveUp = setTimeout(resolve, ECHO_TIMEOUT_MS, null)
        listener.on('notification', (message) => {
          if (message.channel !== channel) return
          clearTimeout(giveUp)
          resolve(performance.now() - sentMs)
        })
      })
      await teller.query('select pg_notify($1, $2)::text', [channel, 'echo'])
      return {
        heardMs: await heard,
        isPooled: first?.pid === other?.pid || (typeof claimed === 'number' && claimed !== first?.pid),
        keepsSettings: first?.mark === MARK,
      }
    } finally {
      await teller.end().catch(() => {})
    }
  } finally {
    await listener.end().catch(() => {})
  }
}
