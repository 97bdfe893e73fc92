import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { createServer } from 'node:net'
import { type Binaries, programPath } from './binaries.ts'
import { faultIn } from './cluster.ts'
import { errorText } from './errors.ts'
import { readPostmasterFile, shutDown, type ShutdownMode } from './postmaster.ts'
import type { Privileges } from './privileges.ts'
import { childEnvironment, pollUntil } from './processes.ts'

/** A PostgreSQL server that is our child and accepts connections. */
export interface Server {
  pid: number
  port: number
  /** Settles, never rejects, with how it ended. */
  exited: Promise<string>
  shutDown(mode: ShutdownMode): Promise<void>
}

export interface ServerOptions {
  clusterDir: string
  binaries: Binaries
  privileges: Privileges
  /** Gets what the server writes to stderr. */
  logPath: string
  port: number
  settings: Readonly<Record<string, string>>
  /** Gives the start up: the server is ended again. */
  signal?: AbortSignal
}

/** Why a server did not come up: the first three may be better at once, or soon. */
export type StartFault = 'port-taken' | 'directory-taken' | 'shared-memory-held' | 'other'

export class ServerStartError extends Error {
  override readonly name = 'ServerStartError'
  readonly fault: StartFault
  constructor(fault: StartFault, message: string) {
    super(message)
    this.fault = fault
  }
}

// After a crash the server first works through its log, which can take a while on a slow disk.
const READY_TIMEOUT_MS = 120_000
const LOG_TAIL_BYTES = 64 * 1024

/** Starts a server on a cluster and waits until it accepts connections. Throws `ServerStartError`. */
export async function startServer(o: ServerOptions): Promise<Server> {
  const logFile = await open(o.logPath, 'a+', 0o600)
  try {
    const logStart = (await logFile.stat()).size
    const { file, args, options } = o.privileges.command(programPath(o.binaries.nativeDir, 'postgres'), [
      ...['-D', o.clusterDir],
      ...Object.entries({ ...o.settings, port: String(o.port) }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ])
    const child = spawn(file, args, {
      env: childEnvironment(),
      ...options,
      stdio: ['ignore', logFile.fd, logFile.fd],
      // A session of its own: Ctrl-C in the terminal goes to every program of the session, and the server must
      // outlast the draining of ours.
      detached: true,
      windowsHide: true,
    })
    let ended: string | null = null
    const exited = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(errorText(error)))
      child.on('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
    }).then((how) => (ended = how))
    child.unref()

    const { pid } = child
    const up = async () => {
      if (ended !== null || o.signal?.aborted === true) return true
      const entry = await readPostmasterFile(o.clusterDir)
      return entry !== null && entry.pid === pid && entry.ready
    }
    const settled = await pollUntil(up, { everyMs: 4, withinMs: READY_TIMEOUT_MS })
    if (ended !== null || pid === undefined) {
      const log = Buffer.alloc(LOG_TAIL_BYTES)
      const { bytesRead } = await logFile.read(log, 0, LOG_TAIL_BYTES, logStart)
      throw startFault(log.toString('utf8', 0, bytesRead), await exited)
    }
    const server = {
      pid,
      port: o.port,
      exited,
      shutDown: async (mode: ShutdownMode) => {
        if (ended !== null) return
        await shutDown({ pid, clusterDir: o.clusterDir, nativeDir: o.binaries.nativeDir, mode })
        await exited
      },
    }
    if (settled && o.signal?.aborted !== true) return server
    await server.shutDown(settled ? 'fast' : 'immediate')
    if (settled) throw new ServerStartError('other', 'its start was given up')
    throw new ServerStartError('other', `it did not accept connections within ${READY_TIMEOUT_MS / 1000} s`)
  } finally {
    await logFile.close()
  }
}

function startFault(log: string, how: string): ServerStartError {
  if (/could not create any TCP\/IP sockets/.test(log))
    return new ServerStartError('port-taken', faultIn(log))
  if (/lock file "postmaster\.pid" already exists|lock file "postmaster\.pid" is empty/.test(log)) {
    return new ServerStartError('directory-taken', faultIn(log))
  }
  if (/pre-existing shared memory block/.test(log))
    return new ServerStartError('shared-memory-held', faultIn(log))
  return new ServerStartError('other', log.trim() === '' ? how : faultIn(log))
}

// Below the range from which Linux (32768 up), macOS and Windows (49152 up) take the ports of outgoing connections:
// a port in that range can be taken by anybody's connection while the server restarts, and even a client that
// retries can by chance connect to itself on it.
const LOWEST_PORT = 20_000
const PORTS = 10_000

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 20; tries++) {
    const port = await tryPort(LOWEST_PORT + Math.floor(Math.random() * PORTS))
    if (port !== null) return port
  }
  const port = await tryPort(0)
  if (port === null) throw new ServerStartError('port-taken', 'no port is free on 127.0.0.1')
  return port
}

/** The port that could be had, 0 asks the kernel for any; null when it is taken. */
function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.on('error', () => resolve(null))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null))
    })
  })
}
