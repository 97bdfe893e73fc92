import { randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Binaries, exists, programPath } from './binaries.ts'
import { errorCode } from './errors.ts'
import { canEnter, giveTo, type Privileges } from './privileges.ts'
import { run } from './processes.ts'

/**
 * Where the server's files lie. Mostly the binaries in node_modules and the cluster in `<dataDir>/postgres`. Where
 * PostgreSQL must run as another user who cannot get there (below root's home, say), both lie in a directory of their
 * own under `copiesDir`, and the file `<dataDir>/postgres-location` names it.
 */
export interface Place {
  clusterDir: string
  binaries: Binaries
}

const VERSION_TIMEOUT_MS = 10_000

/** Where the cluster lies now, or would be made if PostgreSQL can get there. */
export async function currentClusterDir(dataDir: string): Promise<string> {
  const inPlace = join(dataDir, 'postgres')
  const copies = await readPointer(dataDir)
  if (copies === null) return inPlace
  // The pointer is written first, then the cluster moved: between the two it is still where it was.
  return !(await exists(join(copies, 'postgres'))) && (await exists(inPlace))
    ? inPlace
    : join(copies, 'postgres')
}

/** Brings the files to where the server can use them, owned by the right user. No server may run on them. */
export async function settlePlace(o: {
  dataDir: string
  binaries: Binaries
  privileges: Privileges
  copiesDir: string
  log: (message: string) => void
}): Promise<Place> {
  const copies = (await readPointer(o.dataDir)) ?? (await chooseCopies(o))
  const clusterDir = join(copies ?? o.dataDir, 'postgres')
  if (copies !== null) {
    await makeEnterable(copies)
    await moveCluster(join(o.dataDir, 'postgres'), clusterDir)
  }
  if (await exists(clusterDir)) await giveTo(o.privileges, clusterDir)
  if (copies === null || (await canRun(o.privileges, o.binaries))) return { clusterDir, binaries: o.binaries }
  return { clusterDir, binaries: await copyBinaries(o, copies) }
}

/** The directory for copies if they are needed, remembered in the pointer; null when all can stay in place. */
async function chooseCopies(o: Parameters<typeof settlePlace>[0]): Promise<string | null> {
  const { owner, kind } = o.privileges
  if (kind !== 'user' || owner === null) return null
  if ((await canEnter(o.privileges, dirname(o.dataDir))) && (await canRun(o.privileges, o.binaries))) {
    // Others may pass through on the way to the cluster, but neither list the directory nor read what is in it.
    await chmod(o.dataDir, ((await stat(o.dataDir)).mode & 0o777) | 0o011)
    if (await canEnter(o.privileges, o.dataDir)) return null
  }
  const copies = join(o.copiesDir, randomBytes(8).toString('hex'))
  await writeFile(`${pointerPath(o.dataDir)}.new`, `${copies}\n`, { mode: 0o600 })
  await rename(`${pointerPath(o.dataDir)}.new`, pointerPath(o.dataDir))
  o.log(`PostgreSQL runs as uid ${owner.uid}, which cannot enter ${o.dataDir}: its files are in ${copies}`)
  return copies
}

function pointerPath(dataDir: string): string {
  return join(dataDir, 'postgres-location')
}

async function readPointer(dataDir: string): Promise<string | null> {
  const text = await readFile(pointerPath(dataDir), 'utf8').catch(() => '')
  return text.trim() === '' ? null : text.trim()
}

/** Makes a directory that every user may enter, whatever the mask of this process. */
async function makeEnterable(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true })
  for (let made = directory; first !== undefined; made = dirname(made)) {
    await chmod(made, 0o755)
    if (made === first) break
  }
}

async function canRun(privileges: Privileges, binaries: Binaries): Promise<boolean> {
  const { file, args, options } = privileges.command(programPath(binaries.nativeDir, 'postgres'), [
    '--version',
  ])
  return (await run(file, args, VERSION_TIMEOUT_MS, options)).code === 0
}

async function moveCluster(from: string, to: string): Promise<void> {
  if (!(await exists(from)) || (await exists(to))) return
  try {
    await rename(from, to)
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error
    // Another file system: a copy that is complete before it gets its name, and only then the end of the original.
    await rm(`${to}.moving`, { recursive: true, force: true })
    await cp(from, `${to}.moving`, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
    await rename(`${to}.moving`, to)
    await rm(from, { recursive: true, force: true })
  }
}

async function copyBinaries(
  { binaries, privileges }: { binaries: Binaries; privileges: Privileges },
  copies: string,
): Promise<Binaries> {
  const nativeDir = join(copies, `native-${binaries.packageVersion}`)
  if (!(await exists(nativeDir))) {
    const unfinished = `${nativeDir}.new-${process.pid}`
    // A thousand small files: the synchronous copy takes less than half as long, and nothing else runs yet.
    cpSync(binaries.nativeDir, unfinished, { recursive: true, verbatimSymlinks: true })
    // The copy's modes depend on the mask of this process.
    await giveTo(privileges, unfinished)
    await rename(unfinished, nativeDir).catch(async (error: unknown) => {
      if (!(await exists(nativeDir))) throw error
      await rm(unfinished, { recursive: true, force: true })
    })
  }
  return { ...binaries, nativeDir }
}
