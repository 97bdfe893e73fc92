import { PROBLEMS, type ProblemCode } from './problems.ts'

/** The languages that problems are answered in. Codes never change with the language. */
export type Language = 'en' | 'ko'
export type Text = Readonly<Record<Language, string>>

/** One fault of the input: where it is (`notifications[3].to`), what is wrong, and the mend where one is known. */
export interface FieldError {
  path: string
  message: Text
  suggestion?: string
}

export interface ProblemDetails {
  /** What is wrong in this case, for the caller; the catalogue's text where left out. */
  detail?: Text | string
  errors?: readonly FieldError[]
  /** Members beside the standard ones, as named in the catalogue (`candidates`, `limitBytes`, …). */
  members?: Readonly<Record<string, unknown>>
  headers?: Readonly<Record<string, string>>
  /** Internal: goes to the log, never to the caller. */
  cause?: unknown
}

/**
 * An expected refusal, with a code of the catalogue in `problems.ts`. Public text and internal cause are kept
 * apart: everything but `cause` may be shown to the caller.
 */
export class YeyakError extends Error {
  override readonly name = 'YeyakError'
  readonly code: ProblemCode
  readonly status: number
  readonly detail: Text
  readonly fieldErrors: readonly FieldError[]
  readonly members: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    const problem = PROBLEMS[code]
    const given = details.detail ?? problem.detail
    // Applications that throw their own have one language.
    const detail = typeof given === 'string' ? { en: given, ko: given } : given
    super(detail.en, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.status = problem.status
    this.detail = detail
    this.fieldErrors = details.errors ?? []
    this.members = details.members ?? {}
    this.headers = details.headers ?? {}
  }

  /** The faults in English, as the library face shows them. */
  get errors(): { path: string; message: string }[] {
    return this.fieldErrors.map(({ path, message }) => ({ path, message: message.en }))
  }
}
