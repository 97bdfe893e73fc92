import { v7, validate } from 'uuid'

/**
 * A UUIDv7: rises with time, so that index pages fill from the right. Made in the process, since
 * PostgreSQL's own `uuidv7()` exists from version 18 on only.
 */
export const newId = (): string => v7()

/** In the canonical form only: what is compared as text elsewhere must have one spelling. */
export const isId = (value: string): boolean => validate(value) && value === value.toLowerCase()
