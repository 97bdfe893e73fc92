import pg from 'pg'
import { type ConnectionConfig, withSettings } from '../platform/database.ts'

export interface Column {
  name: string
  /** PostgreSQL's id of the type. */
  type: number
}

/** What one statement has answered. Values are PostgreSQL's own texts; null is NULL. */
export interface StatementResult {
  /** `SELECT`, `UPDATE`, … */
  command: string
  columns: Column[]
  rows: (string | null)[][]
  /** Rows answered or touched; null where the statement has none. */
  rowCount: number | null
  /** Rows that were read and not kept. */
  dropped: number
}

export interface Session {
  /** Runs a text of one or more statements. Throws what the server refuses; all of the text is undone then. */
  run(text: string): Promise<StatementResult[]>
  /** One statement with parameters. */
  query(text: string, parameters: readonly string[]): Promise<StatementResult>
  /** Asks the server to give up what runs. */
  cancel(): Promise<void>
  /** Resolves with the reason when the connection is lost. */
  lost: Promise<Error>
  end(): Promise<void>
}

export interface SessionOptions {
  connection: ConnectionConfig
  /** Schemas that names without one are looked up in. */
  searchPath: readonly string[]
  write: boolean
  timeoutSeconds: number
  /** Rows that are kept of each statement; what is beyond is read, counted and dropped. */
  rowLimit: number
}

/** The driver would make dates and numbers of them, and print them in another way than PostgreSQL does. */
const AS_TEXT = { getTypeParser: () => String } as const

type Row = (string | null)[]

/** What the driver gives: a result a statement, in a list where there are several. */
const resultsOf = (ended: unknown): pg.QueryArrayResult[] =>
  (Array.isArray(ended) ? ended : [ended]) as pg.QueryArrayResult[]

export const openSession = async (o: SessionOptions): Promise<Session> => {
  const connection = withSettings(o.connection, {
    default_transaction_read_only: o.write ? 'off' : 'on',
    statement_timeout: `${o.timeoutSeconds * 1000}`,
    search_path: o.searchPath.join(','),
    TimeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  })
  const client = new pg.Client({
    ...connection,
    application_name: 'yeyak-sql',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  const lost = new Promise<Error>((resolve) => client.on('error', resolve))
  await client.connect()
  const pids = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = pids.rows[0]?.pid

  const run = (text: string, values: readonly string[]): Promise<StatementResult[]> =>
    new Promise((resolve, reject) => {
      const kept = new Map<unknown, Row[]>()
      const counts = new Map<unknown, number>()
      const query = new pg.Query<Row>({
        text,
        rowMode: 'array',
        types: AS_TEXT,
        ...(values.length > 0 && { values: [...values] }),
      } as pg.QueryConfig)
      // With a listener the driver keeps no rows itself: a query for millions must not fill the memory.
      query.on('row', (row, result) => {
        const rows = kept.get(result) ?? []
        kept.set(result, rows)
        counts.set(result, (counts.get(result) ?? 0) + 1)
        if (rows.length < o.rowLimit) rows.push(row)
      })
      query.on('error', reject)
      query.on('end', (ended) => {
        resolve(
          resultsOf(ended).map((result) => {
            const rows = kept.get(result) ?? []
            return {
              command: result.command,
              columns: result.fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID })),
              rows,
              rowCount: result.rowCount,
              dropped: (counts.get(result) ?? 0) - rows.length,
            }
          }),
        )
      })
      client.query(query)
    })

  return {
    run: (text) => run(text, []),
    async query(text, parameters) {
      const [result] = await run(text, parameters)
      if (result === undefined) throw new Error('the statement was not answered')
      return result
    },
    async cancel() {
      const other = new pg.Client({
        ...o.connection,
        application_name: 'yeyak-sql',
        connectionTimeoutMillis: 5_000,
      })
      other.on('error', () => {})
      try {
        await other.connect()
        await other.query('select pg_cancel_backend($1)', [pid])
      } finally {
        await other.end().catch(() => {})
      }
    },
    lost,
    end: () => client.end().catch(() => {}),
  }
}

/** What PostgreSQL says beside its message: what exactly, and what to do. */
export const describeSqlError = (error: unknown): string => {
  if (!(error instanceof pg.DatabaseError)) return error instanceof Error ? error.message : String(error)
  return [
    `${error.severity ?? 'ERROR'}: ${error.message} (${error.code ?? '?'})`,
    ...(error.detail === undefined ? [] : [`DETAIL: ${error.detail}`]),
    ...(error.hint === undefined ? [] : [`HINT: ${error.hint}`]),
  ].join('\n')
}

/** A change was tried in a session that may only read. */
export const isReadOnlyError = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '25006'
