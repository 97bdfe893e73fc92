import pg from 'pg'

/** The pool of an application. Its database is dropped at the end of a test, while a connection may still be closing. */
export const applicationPool = (connectionString: string, max = 3, options = ''): pg.Pool => {
  const pool = new pg.Pool({ connectionString, max, options })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}
