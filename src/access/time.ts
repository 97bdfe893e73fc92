import type { TSchema } from 'typebox'

/** How times are given; handed in by who knows. */
export interface Time {
  schema: TSchema
  /** By the database's clock. Throws what is wrong with the time, at `path`. */
  resolve(given: unknown, path: string): Promise<Date>
}
