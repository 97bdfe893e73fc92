/**
 * The embedded server cannot be had as things stand. The message is one line for the person at the terminal:
 * what is in the way, and the mend.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
}

/** The way out that is always open: somebody else's server. */
export const OWN_SERVER =
  'set DATABASE_URL (or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME) to a PostgreSQL 14 to 18 of your own, ' +
  'such as one from "docker run -d -p 127.0.0.1:5432:5432 -e POSTGRES_PASSWORD=password postgres:18"'

export function directoryInUse(dataDir: string, ownerPid: number | null): EmbeddedPostgresError {
  const owner = ownerPid === null ? 'another Yeyak' : `another Yeyak (pid ${ownerPid})`
  return new EmbeddedPostgresError(
    `${dataDir} is in use by ${owner}: stop it, or start with a directory and a port of your own ` +
      `(YEYAK_DATA_DIR=.yeyak-2 PORT=3001 npm start), or join its database ` +
      `(DATABASE_URL="$(cat ${dataDir}/database-url)" PORT=3001 npm start)`,
  )
}

/** The code of a system error (`ENOENT`) or of a PostgreSQL error (`57P03`), or null. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

export function errorText(error: unknown): string {
  // A refused connection to a name with several addresses is an AggregateError, whose message is empty.
  if (error instanceof Error) return error.message || (errorCode(error) ?? error.name)
  return String(error)
}
