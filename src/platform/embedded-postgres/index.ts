import { type Binaries, exists, locateBinaries } from './binaries.ts'
import { clusterPassword, clusterVersion, createCluster } from './cluster.ts'
import { type DataDirectory, EMBEDDED_DATABASE, openDataDirectory } from './data-directory.ts'
import { directoryInUse, EmbeddedPostgresError } from './errors.ts'
import { launch, type LaunchOptions, type OwnedServer } from './launch.ts'
import { currentClusterDir, settlePlace } from './place.ts'
import { choosePrivileges, type PrivilegeChoice, type Privileges } from './privileges.ts'
import { ServerStartError } from './server.ts'
import { supervise } from './supervisor.ts'
import { takeOver } from './takeover.ts'

export { EmbeddedPostgresError }
export { announcedUrl } from './data-directory.ts'
// The parts that the test kit makes its servers of.
export { locateBinaries } from './binaries.ts'
export { CLUSTER_USER, clusterPassword, createCluster } from './cluster.ts'
export { settlePlace } from './place.ts'
export { TUNING } from './launch.ts'
export { choosePrivileges, type PrivilegeChoice } from './privileges.ts'
export { findPostmaster } from './postmaster.ts'
export { isAlive } from './processes.ts'
export { freePort, type Server, type ServerOptions, ServerStartError, startServer } from './server.ts'

export interface EmbeddedPostgresOptions {
  /** Absolute. Made if it is missing. */
  dataDir: string
  log: (message: string) => void
  /** For tests: how root's privileges are shed. */
  privileges?: PrivilegeChoice
  /** For tests: where the files go that PostgreSQL's user could not reach otherwise. */
  copiesDir?: string
}

export interface EmbeddedPostgres {
  /** `postgres://yeyak:<password>@127.0.0.1:<port>/yeyak`; stays the same until `stop`. */
  url: string
  /** Such as `18.4`. */
  version: string
  /** A server whose owner had died was found on the directory, and ended first. */
  tookOver: boolean
  /** The cluster was made just now. */
  created: boolean
  /** Ends the server and lets go of the directory. May be called again. */
  stop(): Promise<void>
}

const MAJOR_VERSION = 18
const MAX_ROUNDS = 20

/**
 * Starts PostgreSQL on a data directory of ours, makes the directory and the database `yeyak` if need be, and keeps
 * the server up until `stop`. Whoever starts it owns the directory, alone. Throws `EmbeddedPostgresError`.
 */
export async function startEmbeddedPostgres(o: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await locateBinaries()
  const directory = await openDataDirectory(o.dataDir)
  const privileges = await choosePrivileges(o.privileges)
  let tookOver = false
  let created = false
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const found = await currentClusterDir(o.dataDir)
    if (await hasUsableCluster(found)) {
      tookOver =
        (await takeOver({ dataDir: o.dataDir, clusterDir: found, nativeDir: binaries.nativeDir })) || tookOver
    }
    const { launchOptions, madeCluster } = await prepare(o, directory, binaries, privileges)
    created ||= madeCluster
    const owned = await launchUnlessTaken(launchOptions)
    if (owned !== null) return await hand(o, directory, launchOptions, owned, { tookOver, created })
  }
  throw directoryInUse(o.dataDir, null)
}

/** False when there is none yet. Throws when there is one that this PostgreSQL cannot read. */
async function hasUsableCluster(clusterDir: string): Promise<boolean> {
  const version = await clusterVersion(clusterDir)
  if (version === null || version === MAJOR_VERSION) return version !== null
  throw new EmbeddedPostgresError(
    `${clusterDir} was written by PostgreSQL ${version}, and the embedded one is ${MAJOR_VERSION}: take the data over ` +
      `with pg_dump and psql of PostgreSQL ${version}, or start afresh in another directory with YEYAK_DATA_DIR`,
  )
}

async function prepare(
  o: EmbeddedPostgresOptions,
  directory: DataDirectory,
  binaries: Binaries,
  privileges: Privileges,
): Promise<{ launchOptions: LaunchOptions; madeCluster: boolean }> {
  const copiesDir = o.copiesDir ?? '/var/lib/yeyak'
  const place = await settlePlace({ dataDir: o.dataDir, binaries, privileges, copiesDir, log: o.log })
  const madeCluster =
    !(await exists(place.clusterDir)) &&
    (await createCluster({ ...place, privileges, majorVersion: MAJOR_VERSION, durable: true }))
  const port = await directory.lastPort()
  return {
    madeCluster,
    launchOptions: { ...place, privileges, logPath: directory.logPath, port, portMayChange: true },
  }
}

/** Null when another process started a server on the cluster first. */
async function launchUnlessTaken(options: LaunchOptions): Promise<OwnedServer | null> {
  try {
    return await launch(options)
  } catch (error) {
    if (error instanceof ServerStartError && error.fault === 'directory-taken') return null
    throw error
  }
}

async function hand(
  o: EmbeddedPostgresOptions,
  directory: DataDirectory,
  launchOptions: LaunchOptions,
  owned: OwnedServer,
  history: { tookOver: boolean; created: boolean },
): Promise<EmbeddedPostgres> {
  const { port } = owned.server
  try {
    await owned.ownership.ensureDatabase(EMBEDDED_DATABASE)
    const url = await directory.announce({ port, password: await clusterPassword(launchOptions.clusterDir) })
    const { stop } = supervise(owned, { ...launchOptions, port, portMayChange: false, log: o.log })
    return { url, version: owned.ownership.version, ...history, stop }
  } catch (error) {
    await owned.server.shutDown('fast')
    await owned.ownership.release()
    throw error
  }
}
