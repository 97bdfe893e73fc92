import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/platform/embedded-postgres/index.ts'

/** What another process says of its own start. */
export interface Report {
  url?: string
  tookOver?: boolean
  created?: boolean
  refused?: string
}

/** A data directory of the test's own, and ways to start servers on it. */
export interface EmbeddedSite {
  /** Holds the data directory; only its owner can enter it. */
  root: string
  dataDir: string
  /** What the servers that this process started have logged. */
  logged: string[]
  /** In this process. */
  start(options?: Partial<EmbeddedPostgresOptions>): Promise<EmbeddedPostgres>
  /** In a process of its own, the leader of its process group; it ignores SIGINT and stops at SIGTERM. */
  spawnOwner(): { child: ChildProcess; report: Promise<Report> }
  postmasterPid(): Promise<number>
  /** Ends all servers and processes, and removes the directory. */
  clear(): Promise<void>
}

const MODULE = new URL('../../src/platform/embedded-postgres/index.ts', import.meta.url).href
const OWNER = `
  import { startEmbeddedPostgres } from ${JSON.stringify(MODULE)}
  process.on('SIGINT', () => {})
  try {
    const server = await startEmbeddedPostgres({ dataDir: process.argv[1], log: () => {} })
    process.on('SIGTERM', async () => { await server.stop(); process.exit(0) })
    console.log(JSON.stringify({ url: server.url, tookOver: server.tookOver, created: server.created }))
    setInterval(() => {}, 60_000)
  } catch (error) {
    console.log(JSON.stringify({ refused: error.name + ': ' + error.message }))
    process.exitCode = 1
  }`

export async function embeddedSite(): Promise<EmbeddedSite> {
  const root = await mkdtemp(join(tmpdir(), 'yeyak-embedded-'))
  const dataDir = join(root, '.yeyak')
  const logged: string[] = []
  const servers: EmbeddedPostgres[] = []
  const children: ChildProcess[] = []

  async function postmasterPid(): Promise<number> {
    return Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10)
  }

  async function endOrphan(): Promise<void> {
    const pid = await postmasterPid().catch(() => 0)
    const name = () => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    if ((await name()).trim() !== 'postgres') return
    process.kill(pid, 'SIGQUIT')
    await until(async () => (await name()) === '')
  }

  return {
    root,
    dataDir,
    logged,
    postmasterPid,
    start: async (options = {}) => {
      const log = (message: string) => logged.push(message)
      const server = await startEmbeddedPostgres({ dataDir, log, ...options })
      servers.push(server)
      return server
    },
    spawnOwner: () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', OWNER, dataDir], {
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      })
      children.push(child)
      const report = once(createInterface({ input: child.stdout }), 'line').then(([line]): Report =>
        JSON.parse(String(line)),
      )
      // Whoever kills the process before it reports does not wait for this.
      report.catch(() => undefined)
      return { child, report }
    },
    clear: async () => {
      for (const child of children)
        if (child.exitCode === null && child.signalCode === null) await kill(child)
      for (const server of servers) await server.stop()
      await endOrphan()
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** The column `v` of the first row. */
export async function query(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3_000, query_timeout: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ v: unknown }>(statement)
    return rows[0]?.v
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Waits for the server first: for the moments in which it is on its way up. */
export async function queryOnceUp(url: string, statement: string): Promise<unknown> {
  await until(() =>
    query(url, 'SELECT true AS v').then(
      () => true,
      () => false,
    ),
  )
  return query(url, statement)
}

export async function until(ask: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error('it did not happen within 15 s')
    await sleep(10)
  }
}
