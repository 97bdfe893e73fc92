import { access, constants, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CLUSTER_USER } from './cluster.ts'
import { EmbeddedPostgresError, errorCode } from './errors.ts'
import type { ServerAddress } from './owner.ts'

const LOG_LIMIT_BYTES = 10 * 1024 * 1024
/** The database that `database-url` names. */
export const EMBEDDED_DATABASE = 'yeyak'

/** The directory that the person at the terminal sees: the cluster (or a pointer to it), the log, the way in. */
export interface DataDirectory {
  path: string
  logPath: string
  /** The port of the last start, null when there was none. */
  lastPort(): Promise<number | null>
  /** Writes `database-url`, so that other processes can join; returns the URL. */
  announce(address: ServerAddress): Promise<string>
}

const URL_FILE = 'database-url'

/** What was announced there last, by whoever ran a server on it; null where nothing was. It may be gone since. */
export const announcedUrl = async (dataDir: string): Promise<URL | null> => {
  const text = await readFile(join(dataDir, URL_FILE), 'utf8').catch(() => '')
  return URL.parse(text.trim())
}

/** Makes the directory if it is missing. Throws `EmbeddedPostgresError` when it cannot be used. */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  try {
    const created = await mkdir(path, { recursive: true, mode: 0o700 })
    // Only in a directory of our own: in one that was there before, this would hide the owner's files from git.
    if (created !== undefined) await writeFile(join(path, '.gitignore'), '*\n')
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = errorCode(error)
    const reason =
      code === 'EEXIST' || code === 'ENOTDIR' ? 'a file stands in its place' : (code ?? 'unknown')
    throw new EmbeddedPostgresError(
      `The data directory ${path} cannot be written (${reason}): ` +
        `let this user write there, or name another directory with YEYAK_DATA_DIR`,
      { cause: error },
    )
  }
  const logPath = join(path, 'postgres.log')
  const urlPath = join(path, URL_FILE)
  await rotate(logPath)
  return {
    path,
    logPath,
    lastPort: async () => {
      const text = await readFile(urlPath, 'utf8').catch(() => '')
      const port = Number(/:(\d+)\/\w+\s*$/.exec(text)?.[1])
      return port > 0 && port < 65_536 ? port : null
    },
    announce: async ({ port, password }) => {
      const url = `postgres://${CLUSTER_USER}:${password}@127.0.0.1:${port}/${EMBEDDED_DATABASE}`
      // Renamed into place, so that nobody reads half of it.
      await writeFile(`${urlPath}.new`, `${url}\n`, { mode: 0o600 })
      await rename(`${urlPath}.new`, urlPath)
      return url
    },
  }
}

async function rotate(logPath: string): Promise<void> {
  const size = await stat(logPath).then(
    (found) => found.size,
    () => 0,
  )
  if (size > LOG_LIMIT_BYTES) await rename(logPath, `${logPath}.1`)
}
