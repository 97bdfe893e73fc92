import { type FieldError, type Language, type Text, YeyakError } from './errors.ts'
import type { ProblemCode } from './problems.ts'

/** Why one of many was not changed: as its own call would have been refused. It survives JSON. */
export interface Refusal {
  id: string
  code: ProblemCode
  detail: Text
  errors: readonly FieldError[]
  members: Readonly<Record<string, unknown>>
}

/** Of those that a change of many refused. */
export interface Refusals {
  count: number
  first: Refusal | null
}

const MOST_ERRORS = 10

export const refusalOf = (id: string, { code, detail, fieldErrors, members }: YeyakError): Refusal => ({
  ...{ id, code, detail, members, errors: fieldErrors.slice(0, MOST_ERRORS) },
})

/** The refusal of its own call. */
export const errorOf = ({ code, ...details }: Refusal): YeyakError => new YeyakError(code, details)

export const NO_REFUSALS: Refusals = { count: 0, first: null }

export const addRefusals = (one: Refusals, other: Refusals): Refusals => ({
  count: one.count + other.count,
  first: one.first ?? other.first,
})

/** As it is shown, in one language. */
export const shownRefusal = ({ id, code, detail, errors }: Refusal, language: Language) => ({
  ...{ id, code, detail: detail[language] },
  errors: errors.map((fault) => ({ ...fault, message: fault.message[language] })),
})

/** What `make` makes, or why it was refused. */
export const orRefusal = <Value>(id: string, make: () => Value): { value: Value } | { refusal: Refusal } => {
  try {
    return { value: make() }
  } catch (error) {
    if (error instanceof YeyakError) return { refusal: refusalOf(id, error) }
    throw error
  }
}
