import { configOf } from './src/models.ts'
import { createPrisma } from './src/prisma.ts'

const url = process.env['DATABASE_URL']
if (!url) throw new Error('DATABASE_URL is missing')

/** Read by `npx yeyak worker`, which publishes in a process of its own. */
export default configOf(createPrisma(url), url)
