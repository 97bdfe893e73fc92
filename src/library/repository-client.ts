import pg from 'pg'

const MOST_CONNECTIONS = 5

/** The client of an application that has given none: its models' transactions go through this pool. Opens nothing yet. */
export const createOwnPool = (connection: pg.PoolConfig, onLost: (error: Error) => void): pg.Pool => {
  const pool = new pg.Pool({
    ...connection,
    application_name: 'yeyak-library',
    max: MOST_CONNECTIONS,
    allowExitOnIdle: true,
  })
  pool.on('error', onLost)
  return pool
}
