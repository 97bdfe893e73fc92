import { Ajv, type Options, type ValidateFunction } from 'ajv'
import ajvFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { YeyakError } from '../platform/errors.ts'
import { faultsOf } from './faults.ts'

/** Above this many values a body that is refused is told its first fault only, so that faults cannot fill the memory. */
const MOST_VALUES = 20_000

/** Schemas of this program are held against the rules of JSON Schema by a test, not at each start. */
const COMMON: Options = {
  meta: false,
  validateSchema: false,
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
 *
 * Each is compiled for the first request that needs it: all at the start took more than half of its processor time
 * (475 of 850 ms, the first in a process). A test compiles those of every route.
 */
export function validatorCompiler(): FastifySchemaCompiler<TSchema> {
  const { body, parameters } = compilers()
  return ({ schema, httpPart }) =>
    httpPart === 'body' ? body(schema) : parameterValidator(lazily(() => parameters().compile(schema)))
}

/** Checks values as the body of a route with this schema is checked; throws `invalid-request`. Compiled when first used. */
export function bodyChecker(schema: TSchema): (body: unknown) => void {
  return throwing(compilers().body(schema))
}

/** The same by a schema of somebody else's, compiled at once. Throws what is wrong with it. */
export function compileBody(schema: TSchema): (body: unknown) => void {
  // Throws; a promise is what schemas of JSON Schema itself never come to.
  void rules().validateSchema(schema, true)
  const { body, quick } = compilers()
  quick().compile(schema)
  return throwing(body(schema))
}

/** Those of JSON Schema. Compiling them takes 10 to 30 ms: once is enough. */
const rules = lazily(() => ajv({ strict: true }))

function compilers() {
  const quick = lazily(() => ajv({ ...COMMON, allErrors: false }))
  const thorough = lazily(() => ajv({ ...COMMON, allErrors: true }))
  return {
    quick,
    parameters: lazily(() => ajv({ ...COMMON, allErrors: true, coerceTypes: 'array', useDefaults: true })),
    body: (schema: TSchema) =>
      bodyValidator(
        lazily(() => quick().compile(schema)),
        // Most schemas never see a bad body, so what finds all faults is compiled for the first one.
        lazily(() => thorough().compile(schema)),
      ),
  }
}

const throwing = (validate: (body: unknown) => Verdict) => (body: unknown) => {
  const verdict = validate(body)
  if (verdict !== true) throw verdict.error
}

function lazily<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}

function ajv(options: Options): Ajv {
  const instance = new Ajv(options)
  ajvFormats.default(instance)
  // Annotations that OpenAPI or this server reads, and that validate nothing.
  instance.addVocabulary(['example', 'x-message'])
  return instance
}

type Verdict = true | { error: YeyakError }

function bodyValidator(quick: () => ValidateFunction, thorough: () => ValidateFunction) {
  return (body: unknown): Verdict => {
    const isValid = quick()
    if (isValid(body)) return true
    let found = isValid.errors
    if (isSmall(body)) {
      const findAll = thorough()
      findAll(body)
      found = findAll.errors
    }
    return { error: new YeyakError('invalid-request', { errors: faultsOf(found ?? [], body) }) }
  }
}

function parameterValidator(compiled: () => ValidateFunction) {
  return (parameters: unknown): Verdict => {
    const isValid = compiled()
    if (isValid(parameters)) return true
    return {
      error: new YeyakError('invalid-parameter', { errors: faultsOf(isValid.errors ?? [], parameters) }),
    }
  }
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
