import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '../generated/client.ts'

export const createPrisma = (url: string) =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) })

export type Prisma = ReturnType<typeof createPrisma>
