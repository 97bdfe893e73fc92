import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Binaries, exists, programPath } from './binaries.ts'
import { EmbeddedPostgresError, errorCode, OWN_SERVER } from './errors.ts'
import { giveTo, type Privileges } from './privileges.ts'
import { isAlive, run } from './processes.ts'

const INITDB_TIMEOUT_MS = 120_000
// Kept inside the cluster, so that it comes and goes with it: a file beside it could belong to another one after two
// first starts at the same time.
const PASSWORD_FILE = 'yeyak.password'

/** The superuser of every cluster made here. */
export const CLUSTER_USER = 'yeyak'

/** The major version of the cluster in a directory; null when there is none. */
export async function clusterVersion(clusterDir: string): Promise<number | null> {
  const text = await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch(() => null)
  if (text !== null) return Number.parseInt(text, 10)
  const entries = await readdir(clusterDir).catch(() => [])
  if (entries.length === 0) return null
  throw new EmbeddedPostgresError(
    `${clusterDir} holds files, but no PostgreSQL cluster: move it away, or name another directory with YEYAK_DATA_DIR`,
  )
}

export async function clusterPassword(clusterDir: string): Promise<string> {
  try {
    return (await readFile(join(clusterDir, PASSWORD_FILE), 'utf8')).trim()
  } catch (error) {
    throw new EmbeddedPostgresError(
      `${join(clusterDir, PASSWORD_FILE)} cannot be read (${errorCode(error) ?? 'unknown'}): ` +
        `put it back or make it readable for this user, or name another directory with YEYAK_DATA_DIR`,
      { cause: error },
    )
  }
}

/**
 * Makes a cluster, all or nothing: it is made beside its place and renamed, so a kill at any moment leaves none.
 * False when another process was faster; its cluster then stands there.
 */
export async function createCluster(o: {
  clusterDir: string
  binaries: Binaries
  privileges: Privileges
  majorVersion: number
  /** Without it nothing is flushed to disk: for tests. */
  durable: boolean
}): Promise<boolean> {
  await removeLeftovers(o.clusterDir)
  const workDir = `${o.clusterDir}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  const newCluster = join(workDir, 'cluster')
  const passwordFile = join(workDir, PASSWORD_FILE)
  try {
    await mkdir(newCluster, { recursive: true, mode: 0o700 })
    const password = randomBytes(24).toString('base64url')
    await writeDurably(passwordFile, password)
    await giveTo(o.privileges, workDir)
    const { file, args, options } = o.privileges.command(programPath(o.binaries.nativeDir, 'initdb'), [
      ...['-D', newCluster, '-U', CLUSTER_USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale=C', '--no-instructions'],
      // The builtin provider (17 and later) knows the letters of all languages and depends on no library's version.
      ...(o.majorVersion >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
      ...(o.durable ? [] : ['--no-sync']),
    ])
    const ended = await run(file, args, INITDB_TIMEOUT_MS, options)
    if (ended.code !== 0) {
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL cannot make its data directory ${o.clusterDir} (${faultIn(ended.output)}` +
          // What the kernel says of a program whose loader is missing; the program itself was found before.
          (/ENOENT|failed to execute/.test(ended.output) ? '; its programs need glibc, not musl' : '') +
          `): ` +
          `mend that, or ${OWN_SERVER}`,
      )
    }
    await rename(passwordFile, join(newCluster, PASSWORD_FILE))
    return await putInPlace(newCluster, o.clusterDir)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

async function putInPlace(newCluster: string, clusterDir: string): Promise<boolean> {
  try {
    await rename(newCluster, clusterDir)
  } catch (error) {
    if (await exists(join(clusterDir, 'PG_VERSION'))) return false
    throw error
  }
  await syncDirectory(dirname(clusterDir))
  return true
}

/** What earlier first starts left when they were killed. */
async function removeLeftovers(clusterDir: string): Promise<void> {
  const prefix = `${basename(clusterDir)}.new-`
  for (const name of await readdir(dirname(clusterDir))) {
    if (!name.startsWith(prefix)) continue
    const pid = Number.parseInt(name.slice(prefix.length), 10)
    if (pid === process.pid || (await isAlive(pid))) continue
    // An initdb that outlived its parent may still write there: what resists now goes at a later start.
    await rm(join(dirname(clusterDir), name), { recursive: true, force: true }).catch(() => undefined)
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${text}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory; elsewhere the rename is made to outlast a power cut.
  const directory = await open(path, 'r').catch(() => null)
  await directory?.sync().catch(() => undefined)
  await directory?.close()
}

/** The line of a PostgreSQL program's output that says what is wrong. */
export function faultIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  const fault =
    lines.find((line) => /\b(FATAL|PANIC|error):/.test(line)) ?? lines.findLast((line) => line !== '')
  return fault?.replace(/^.*?\b(FATAL|PANIC|error):\s*/, '') ?? 'it ended without a word'
}
