/** Members that are times, in what the library takes. */
const TIMES = ['sendAt', 'expiresAt', 'runAt', 'publishAt', 'unpublishAt'] as const

/** A `Date` as the instant that the HTTP API takes; an invalid one is left for the schema to refuse. */
export const plainTimes = (given: object): Record<string, unknown> => {
  const plain: Record<string, unknown> = { ...given }
  for (const name of TIMES) {
    const value = plain[name]
    if (value instanceof Date)
      plain[name] = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  }
  return plain
}
