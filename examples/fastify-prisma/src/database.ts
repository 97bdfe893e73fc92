import { readFileSync } from 'node:fs'
import type { Prisma } from './prisma.ts'

/** Written by hand, and safe to repeat: `prisma migrate` needs an engine of its own, which is not always to be had. */
export const createTables = async (prisma: Prisma): Promise<void> => {
  const text = readFileSync(new URL('../prisma/tables.sql', import.meta.url), 'utf8')
  // One statement at a time, as Prisma prepares each; only the block in dollar quotes has semicolons inside.
  for (const statement of text.split(/;\n\n/u)) await prisma.$executeRawUnsafe(statement)
}
