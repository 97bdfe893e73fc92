import { setTimeout as sleep } from 'node:timers/promises'
import { clusterPassword } from './cluster.ts'
import { EmbeddedPostgresError, OWN_SERVER } from './errors.ts'
import { claimOwnership, processMark, type Ownership } from './owner.ts'
import { freePort, type Server, type ServerOptions, ServerStartError, startServer } from './server.ts'

/** A server that runs, and the lock in it that makes the data directory ours. */
export interface OwnedServer {
  server: Server
  ownership: Ownership
}

export interface LaunchOptions extends Omit<ServerOptions, 'port' | 'settings'> {
  /** The port to try first; null: any. */
  port: number | null
  /** Whether another port will do when that one is taken. */
  portMayChange: boolean
}

// Processes of a killed server hold its memory until they notice; PostgreSQL refuses a second server so long.
const SHARED_MEMORY_MS = 5_000
const CLAIM_MS = 5_000
const MAX_PORTS = 10

/** What the benchmark's servers share with the embedded one. */
export const TUNING = {
  shared_buffers: '128MB',
  // Our statements are short: compiling them costs more than it gains.
  jit: 'off',
  // A new segment of the log need not be written twice. At 5,000 due a second one is begun every 1.1 s, and every commit
  // waited 55 ms for its zeros, until a checkpoint has left old segments to use again. Not a matter of durability.
  wal_init_zero: 'off',
}

/** PostgreSQL's own defaults (durability among them) but for these. */
const SETTINGS = {
  ...TUNING,
  listen_addresses: '127.0.0.1',
  // The path of a socket is limited to about 100 bytes, which a data directory may exceed.
  unix_socket_directories: '',
  max_connections: '100',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
}

/**
 * Starts the server and takes the lock. Throws `ServerStartError` `directory-taken` when another process started one
 * first (it must then be judged again), and `EmbeddedPostgresError` for all else.
 */
export async function launch(o: LaunchOptions): Promise<OwnedServer> {
  const server = await startSomewhere(o)
  try {
    return { server, ownership: await claim(server.port, await clusterPassword(o.clusterDir)) }
  } catch (error) {
    await server.shutDown('fast')
    throw error
  }
}

async function startSomewhere(o: LaunchOptions): Promise<Server> {
  const settings = { ...SETTINGS, cluster_name: await processMark() }
  const begun = performance.now()
  let port = o.port ?? (await freePort())
  for (let ports = 1; ;) {
    try {
      return await startServer({ ...o, port, settings })
    } catch (error) {
      if (!(error instanceof ServerStartError) || error.fault === 'directory-taken') throw error
      if (error.fault === 'shared-memory-held' && performance.now() - begun < SHARED_MEMORY_MS)
        await sleep(50)
      else if (error.fault === 'port-taken' && o.portMayChange && ports++ < MAX_PORTS) port = await freePort()
      else throw startRefused(o, port, error)
    }
  }
}

function startRefused(o: LaunchOptions, port: number, error: ServerStartError): EmbeddedPostgresError {
  const mend = {
    'port-taken': `free port ${port}`,
    'directory-taken': 'end the other server',
    'shared-memory-held': `end the processes that a killed server left on ${o.clusterDir}`,
    other: `see ${o.logPath}`,
  }[error.fault]
  return new EmbeddedPostgresError(
    `The embedded PostgreSQL does not start (${error.message}): ${mend}, or ${OWN_SERVER}`,
    { cause: error },
  )
}

/** Others who look whether this server is an orphan hold the lock for a moment: hence more than one try. */
async function claim(port: number, password: string): Promise<Ownership> {
  const deadline = performance.now() + CLAIM_MS
  for (;;) {
    const answer = await claimOwnership({ port, password })
    if (answer.kind === 'granted') return answer.ownership
    if (performance.now() > deadline) {
      const detail = answer.kind === 'denied' ? `its lock is held by ${answer.owner}` : answer.detail
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL on port ${port} started but cannot be used (${detail}): start again, or ${OWN_SERVER}`,
      )
    }
    await sleep(20)
  }
}

/** The lock of a server that runs already, once its connection was lost; null when it cannot be had now. */
export async function reclaim(port: number, password: string): Promise<Ownership | null> {
  const answer = await claimOwnership({ port, password })
  return answer.kind === 'granted' ? answer.ownership : null
}
