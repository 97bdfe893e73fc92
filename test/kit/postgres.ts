import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import {
  CLUSTER_USER,
  choosePrivileges,
  clusterPassword,
  createCluster,
  findPostmaster,
  freePort,
  isAlive,
  locateBinaries,
  type PrivilegeChoice,
  type Server,
  type ServerOptions,
  ServerStartError,
  settlePlace,
  startServer,
} from '../../src/platform/embedded-postgres/index.ts'

export const TEST_VERSIONS = [14, 15, 16, 17, 18] as const
export type TestVersion = (typeof TEST_VERSIONS)[number]

export interface TestPostgresOptions {
  /** 18 unless told. */
  version?: TestVersion
  settings?: Record<string, string>
  /** Whether a commit is flushed to disk, as in production; off unless told, since it is slow. */
  durable?: boolean
  /** 200 unless told. */
  maxConnections?: number
  privileges?: PrivilegeChoice
}

export interface TestPostgres {
  version: number
  /** Of the database `postgres`, as superuser. */
  adminUrl: string
  url(database: string): string
  port: number
  /** Of the server that runs now. */
  readonly pid: number
  /** Returns its URL. */
  createDatabase(name: string, template?: string): Promise<string>
  /** Cuts off whoever is connected to it. */
  dropDatabase(name: string): Promise<void>
  /** On the same port. `immediate` is a crash: the server recovers from its log. */
  restart(mode: 'fast' | 'immediate'): Promise<void>
  stopServer(): Promise<void>
  /** On the same port. */
  startServer(): Promise<void>
  /** Ends the server and removes its files. */
  stop(): Promise<void>
}

const DIRECTORY_PREFIX = 'yeyak-test-'
/** Linux's file system in memory. */
const MEMORY = '/dev/shm'
/** Several servers of a few hundred megabytes each. */
const MEMORY_BYTES = 4 * 1024 ** 3
const PORT_TAKEN_MS = 10_000

/** A PostgreSQL server of the test's own, empty, gone when the test process ends, however it ends. */
export async function startTestPostgres(o: TestPostgresOptions = {}): Promise<TestPostgres> {
  const version = o.version ?? 18
  const durable = o.durable ?? false
  const binaries = await locateBinaries(version === 18 ? undefined : `postgres-${version}`)
  const privileges = await choosePrivileges(o.privileges)
  await Promise.all([removeLeftovers(tmpdir()), removeLeftovers(MEMORY)])
  const directory = await mkdtemp(join(await parentDirectory(durable), `${DIRECTORY_PREFIX}${process.pid}-`))
  await chmod(directory, 0o711)
  const copiesDir = join(tmpdir(), `${basename(directory)}-copies`)
  const place = await settlePlace({
    ...{ dataDir: directory, binaries, privileges },
    // Of programs, which memory may not be allowed to run.
    ...{ copiesDir, log: () => undefined },
  })
  const endWatch = watchOver(directory, place.clusterDir)
  try {
    await createCluster({ ...place, privileges, majorVersion: version, durable })
  } catch (error) {
    endWatch()
    throw error
  }
  const settings = {
    ...{
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      cluster_name: DIRECTORY_PREFIX + process.pid,
    },
    ...{
      jit: 'off',
      timezone: process.env['YEYAK_TEST_DB_ZONE'] ?? 'UTC',
      log_timezone: 'UTC',
      lc_messages: 'C',
      log_checkpoints: 'off',
    },
    ...{
      log_min_messages: 'warning',
      // The files of a clone are shared with the template where the file system can, else copied by the kernel.
      ...(version >= 18 && { file_copy_method: 'clone' }),
      shared_buffers: '64MB',
      max_connections: String(o.maxConnections ?? 200),
    },
    ...(durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '256MB' }),
    ...o.settings,
  }
  const options = { ...place, privileges, logPath: join(directory, 'postgres.log'), settings }
  let server = await startOnAnyPort(options)
  const { port } = server
  const password = await clusterPassword(place.clusterDir)
  const url = (database: string) => `postgres://${CLUSTER_USER}:${password}@127.0.0.1:${port}/${database}`
  const adminUrl = url('postgres')
  // Nobody guesses this password, stretched or not: 4,096 rounds of it are half the time of a connection, of thousands.
  if (version >= 16)
    await execute(adminUrl, `SET scram_iterations = 1; ALTER ROLE ${CLUSTER_USER} PASSWORD '${password}'`)

  const restart = async (mode: 'fast' | 'immediate') => {
    await server.shutDown(mode)
    server = await startOnPort(options, port)
  }
  return {
    version,
    adminUrl,
    url,
    port,
    get pid() {
      return server.pid
    },
    createDatabase: async (name, template) => {
      await execute(
        adminUrl,
        `CREATE DATABASE ${quoted(name)}${template === undefined ? '' : copyOf(template, version)}`,
      )
      return url(name)
    },
    dropDatabase: (name) => execute(adminUrl, `DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`),
    restart,
    stopServer: () => server.shutDown('fast'),
    startServer: async () => {
      server = await startOnPort(options, port)
    },
    stop: async () => {
      await server.shutDown('immediate')
      for (const made of [directory, copiesDir]) await rm(made, { recursive: true, force: true })
      endWatch()
    },
  }
}

/**
 * What follows `CREATE DATABASE name`. As files: the way that is the default since 15 writes all of it to the log (20 ms
 * instead of 35, and 200 while the log still grows).
 */
export const copyOf = (template: string, version: number): string =>
  ` TEMPLATE ${quoted(template)}${version >= 15 ? ' STRATEGY file_copy' : ''}`

async function startOnAnyPort(options: Omit<ServerOptions, 'port'>): Promise<Server> {
  for (let tries = 1; ; tries++) {
    try {
      return await startServer({ ...options, port: await freePort() })
    } catch (error) {
      if (tries >= 10 || !(error instanceof ServerStartError) || error.fault !== 'port-taken') throw error
    }
  }
}

async function startOnPort(options: Omit<ServerOptions, 'port'>, port: number): Promise<Server> {
  const deadline = performance.now() + PORT_TAKEN_MS
  for (;;) {
    try {
      return await startServer({ ...options, port })
    } catch (error) {
      // Another test may be trying whether this port is free; and what a crash left may still hold the memory.
      const passing = error instanceof ServerStartError && error.fault !== 'other'
      if (!passing || performance.now() > deadline) throw error
      await sleep(50)
    }
  }
}

/**
 * A small shell that sees the end of its input when this process ends, even by `kill -9`, and then ends the server and
 * removes its files. An exit handler would miss the kill.
 */
function watchOver(directory: string, clusterDir: string): () => void {
  if (process.platform === 'win32') return () => undefined
  const script = `trap '' INT TERM HUP
    read -r _
    pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null && sleep 0.5
    rm -rf "$0"`
  const shell = spawn('/bin/sh', ['-c', script, directory, clusterDir], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  if (shell.stdin instanceof Socket) shell.stdin.unref()
  return () => shell.stdin.end()
}

/**
 * What is never flushed may as well stand in memory, where there is enough of it (a container has 64 MB): a clone is 600
 * files, which a disk may take 400 ms of processor time to make, and memory 12.
 */
async function parentDirectory(durable: boolean): Promise<string> {
  if (durable) return tmpdir()
  const room = await statfs(MEMORY).catch(() => null)
  return room !== null && room.bavail * room.bsize > MEMORY_BYTES ? MEMORY : tmpdir()
}

/** What the watch could not remove: a reboot, or a kill that took it along. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(DIRECTORY_PREFIX)) continue
    const pid = Number.parseInt(name.slice(DIRECTORY_PREFIX.length), 10)
    if (Number.isNaN(pid) || (await isAlive(pid))) continue
    const directory = join(parent, name)
    const postmaster = await findPostmaster(join(directory, 'postgres')).catch(() => null)
    if (postmaster !== null) process.kill(postmaster.pid, 'SIGQUIT')
    await rm(directory, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 60_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}
