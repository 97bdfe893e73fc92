import { pino } from 'pino'
import { createYeyak } from 'yeyak'
import { createServer } from './app.ts'
import { createTables } from './database.ts'
import { configOf } from './models.ts'
import { createPrisma } from './prisma.ts'

const url = process.env['DATABASE_URL']
if (!url) throw new Error('DATABASE_URL is missing')

const prisma = createPrisma(url)
await createTables(prisma)
const yeyak = createYeyak(configOf(prisma, url, pino()))
await yeyak.startWorker()
const app = createServer({ prisma, yeyak })
await app.listen({ port: Number(process.env['PORT'] ?? 3000) })

process.once('SIGTERM', async () => {
  await app.close()
  await yeyak.stop()
  await prisma.$disconnect()
})
