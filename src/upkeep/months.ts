import type { Month, Partitioned } from './repository.ts'

const two = (n: number): string => String(n).padStart(2, '0')

/** The month that lies `ahead` months after that of `now`, in UTC. */
export const monthOf = (table: Partitioned, now: Date, ahead: number): Month => {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1))
  return { table, name: `${table}_${from.getUTCFullYear()}_${two(from.getUTCMonth() + 1)}`, from, to }
}

/** The end of the month that a partition's name names; null for the default partition, and for names of others' making. */
export const endOf = (name: string): Date | null => {
  const match = /_(\d{4})_(\d{2})$/u.exec(name)
  return match === null ? null : new Date(Date.UTC(Number(match[1]), Number(match[2]), 1))
}
