const MAX_CAUSES = 5

const membersOf = (value: unknown): Partial<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? value : {}

/** Prisma has codes of its own, P1000 and up, that look alike. */
const STATE = /^(?!P[1-9])[0-9A-Z]{5}$/u

/**
 * PostgreSQL's five-letter code in an error of any client: `pg` has it in `code`, Drizzle in the cause, Prisma further down.
 * Null where there is none.
 */
export const sqlStateOf = (error: unknown): string | null => {
  let current = error
  for (let depth = 0; depth < MAX_CAUSES; depth += 1) {
    const { code, originalCode, meta, cause, driverAdapterError } = membersOf(current)
    for (const found of [originalCode, code]) if (typeof found === 'string' && STATE.test(found)) return found
    const metaCode = membersOf(meta)['code']
    if (typeof metaCode === 'string' && STATE.test(metaCode)) return metaCode
    current = membersOf(meta)['driverAdapterError'] ?? driverAdapterError ?? cause
  }
  return null
}

/** Beside whole classes: read-only after a failover, lock not available, canceled. Class 40: serialization failure, deadlock. */
const PASSING = /^(?:08|53|57P|40)|^(?:25006|55P03|57014)$/u

/** The server could not serve at the moment: the same work may well succeed later. */
export const isPassingCode = (code: string): boolean => PASSING.test(code)

/** The same of an error of any client. */
export const isPassingState = (error: unknown): boolean => isPassingCode(sqlStateOf(error) ?? '')
