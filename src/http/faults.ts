import type { ErrorObject } from 'ajv'
import type { FieldError } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'
import { withoutNoise } from './branches.ts'
import { BODY_REQUIRED, faultText, propertyNames } from './fault-text.ts'
import { joinPath, pathOfPointer } from './field-path.ts'

const MOST_FAULTS = 100

/** What AJV found wrong with `data`, for people: at most 100 faults, each with its path and what would be right. */
export function faultsOf(errors: readonly ErrorObject[], data: unknown): FieldError[] {
  const faults = new Map<string, FieldError>()
  for (const error of withoutNoise(errors)) {
    if (faults.size === MOST_FAULTS) break
    const fault = faultOf(error, data)
    faults.set(`${fault.path} ${fault.message.en}`, fault)
  }
  return [...faults.values()]
}

function faultOf(error: ErrorObject, data: unknown): FieldError {
  const path = pathOf(error, data)
  const isMissingBody = path === '' && error.keyword === 'type' && (data === null || data === undefined)
  const suggestion = suggestionFor(error)
  return {
    path,
    message: isMissingBody ? BODY_REQUIRED : faultText(error),
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

/** Of a member that is missing or too much, the path of the member, not of the object. */
function pathOf({ instancePath, keyword, params }: ErrorObject, data: unknown): string {
  const path = pathOfPointer(instancePath, data)
  const member: unknown = params[MEMBER[keyword] ?? '']
  return typeof member === 'string' ? joinPath(path, member) : path
}

const MEMBER: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  dependentRequired: 'missingProperty',
  dependencies: 'missingProperty',
  additionalProperties: 'additionalProperty',
}

function suggestionFor({ keyword, params, parentSchema, data }: ErrorObject): string | undefined {
  if (keyword === 'additionalProperties') {
    return suggest(String(params['additionalProperty']), propertyNames(parentSchema))
  }
  const allowed: unknown = params['allowedValues']
  if (keyword !== 'enum' || typeof data !== 'string' || !Array.isArray(allowed)) return undefined
  return suggest(
    data,
    allowed.filter((value) => typeof value === 'string'),
  )
}
