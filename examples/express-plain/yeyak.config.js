import pg from 'pg'
import { pino } from 'pino'
import { defineConfig } from 'yeyak'

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })

/** The application and `npx yeyak worker` read the same. */
export default defineConfig({ client: pool, logger: pino() })
