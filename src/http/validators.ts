import { Ajv, type Options, type ValidateFunction } from 'ajv'
import ajvFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { YeyakError } from '../platform/errors.ts'
import { faultsOf } from './faults.ts'

/** Above this many values a body that is refused is told its first fault only, so that faults cannot fill the memory. */
const MOST_VALUES = 20_000

const COMMON: Options = {
  strict: true,
  strictTypes: true,
  strictTuples: true,
  // "string or null" is how TypeBox's nullable fields read best.
  allowUnionTypes: true,
  // Gives the texts the schema's names and values to speak of. It costs nothing until there is a fault.
  verbose: true,
}

/**
 * Compiles the validators of a server. Fastify's own would coerce `5` to `"5"` and drop unknown fields; here a body
 * is taken or refused exactly as it was sent. It fills in no defaults either: under a merge patch they would undo
 * what was set before. A query string has no types of its own, so there values are coerced and defaults filled in.
 */
export function validatorCompiler(): FastifySchemaCompiler<TSchema> {
  const bodies = ajv({ ...COMMON, allErrors: false })
  const thorough = ajv({ ...COMMON, allErrors: true })
  const parameters = ajv({ ...COMMON, allErrors: true, coerceTypes: 'array', useDefaults: true })
  return ({ schema, httpPart }) =>
    httpPart === 'body'
      ? bodyValidator(bodies.compile(schema), () => thorough.compile(schema))
      : parameterValidator(parameters.compile(schema))
}

/** Checks values as the body of a route with this schema is checked; throws `invalid-request`. */
export function compileBody(schema: TSchema): (body: unknown) => void {
  const options = { ...COMMON, allErrors: false }
  const thorough = ajv({ ...COMMON, allErrors: true })
  const validate = bodyValidator(ajv(options).compile(schema), () => thorough.compile(schema))
  return (body) => {
    const verdict = validate(body)
    if (verdict !== true) throw verdict.error
  }
}

function ajv(options: Options): Ajv {
  const instance = new Ajv(options)
  ajvFormats.default(instance)
  // Annotations that OpenAPI or this server reads, and that validate nothing.
  instance.addVocabulary(['example', 'x-message'])
  return instance
}

type Verdict = true | { error: YeyakError }

function bodyValidator(isValid: ValidateFunction, compileThorough: () => ValidateFunction) {
  // Most schemas never see a bad body, so the validator that finds all faults is compiled for the first one.
  let findAll: ValidateFunction | undefined
  return (body: unknown): Verdict => {
    if (isValid(body)) return true
    let found = isValid.errors
    if (isSmall(body)) {
      findAll ??= compileThorough()
      findAll(body)
      found = findAll.errors
    }
    return { error: new YeyakError('invalid-request', { errors: faultsOf(found ?? [], body) }) }
  }
}

function parameterValidator(isValid: ValidateFunction) {
  const validate = (parameters: unknown): Verdict =>
    isValid(parameters)
      ? true
      : { error: new YeyakError('invalid-parameter', { errors: faultsOf(isValid.errors ?? [], parameters) }) }
  return validate
}

function isSmall(body: unknown): boolean {
  let left = MOST_VALUES
  const visit = (value: unknown): void => {
    left -= Array.isArray(value) ? value.length : 1
    if (left < 0 || typeof value !== 'object' || value === null) return
    for (const child of Object.values(value)) {
      visit(child)
      if (left < 0) return
    }
  }
  visit(body)
  return left >= 0
}
