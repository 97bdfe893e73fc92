import type { Data } from '../../parts/diff/members.ts'

type Schema = Readonly<Record<string, unknown>>

export interface Field {
  name: string
  label: string
  description: string | null
  kind: 'line' | 'text' | 'number' | 'integer' | 'boolean' | 'choice'
  choices: readonly string[]
  isRequired: boolean
}

export interface Fault {
  /** As the API has it: `data.title`. */
  path: string
  message: string
}

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text of more is written in an area, not on a line. */
const LONGEST_LINE = 400
const MOST_FIELDS = 40
const AREAS = /^(?:body|text|content|description|summary|html|markdown)$/iu

const fieldOf = (name: string, schema: unknown, isRequired: boolean): Field | null => {
  if (!isObject(schema)) return null
  const { title, description, type, maxLength } = schema
  const choices = schema['enum']
  const shared = {
    ...{ name, isRequired, choices: [] },
    label: typeof title === 'string' ? title : name,
    description: typeof description === 'string' ? description : null,
  }
  if (Array.isArray(choices))
    return choices.every((choice) => typeof choice === 'string')
      ? { ...shared, kind: 'choice', choices: choices.map(String) }
      : null
  if (type === 'string') {
    const isLine = typeof maxLength === 'number' ? maxLength <= LONGEST_LINE : !AREAS.test(name)
    return { ...shared, kind: isLine ? 'line' : 'text' }
  }
  if (type === 'number' || type === 'integer' || type === 'boolean') return { ...shared, kind: type }
  return null
}

/** The fields of a form, where the type is flat enough for one; null where it has to be edited as JSON. */
export const fieldsOf = (schema: unknown): Field[] | null => {
  if (!isObject(schema) || !isObject(schema['properties'])) return null
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const fields = Object.entries(schema['properties']).map(([name, member]) =>
    fieldOf(name, member, required.includes(name)),
  )
  if (fields.length === 0 || fields.length > MOST_FIELDS) return null
  return fields.every((field) => field !== null) ? fields : null
}

/** Whether the form can hold what is there: a member of another kind would be lost in it. */
export const fits = (fields: readonly Field[], data: Data): boolean =>
  fields.every(({ name, kind }) => {
    const value = data[name]
    if (value === undefined) return true
    if (kind === 'number' || kind === 'integer') return typeof value === 'number'
    return kind === 'boolean' ? typeof value === 'boolean' : typeof value === 'string'
  })

interface Words {
  missing: string
  kind(wanted: string): string
  short(least: number): string
  long(most: number): string
  small(least: number): string
  large(most: number): string
  choice(choices: string): string
  pattern: string
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const MOST_FAULTS = 50

/**
 * What a draft lacks by the plain rules of its schema: told while it is written. The server decides, with all of the rules,
 * when it is scheduled or published.
 */
export const faultsOf = (schema: unknown, value: unknown, t: Words, path = 'data'): Fault[] => {
  if (!isObject(schema)) return []
  const kind = kindOf(value)
  const wanted = [schema['type']].flat().filter((name) => typeof name === 'string')
  const isKind = wanted.some((name) => name === kind || (name === 'number' && kind === 'integer'))
  if (wanted.length > 0 && !isKind) return [{ path, message: t.kind(wanted.join(' / ')) }]
  const { minLength, maxLength, minimum, maximum, pattern } = schema
  const choices = schema['enum']
  const one = (message: string): Fault[] => [{ path, message }]
  if (Array.isArray(choices) && !choices.includes(value)) return one(t.choice(choices.join(', ')))
  if (typeof value === 'string') {
    const { length } = Array.from(value)
    if (typeof minLength === 'number' && length < minLength) return one(t.short(minLength))
    if (typeof maxLength === 'number' && length > maxLength) return one(t.long(maxLength))
    if (typeof pattern === 'string' && !matches(pattern, value)) return one(t.pattern)
  }
  if (typeof value === 'number') {
    if (typeof minimum === 'number' && value < minimum) return one(t.small(minimum))
    if (typeof maximum === 'number' && value > maximum) return one(t.large(maximum))
  }
  const below: Fault[] = []
  if (isObject(value)) {
    for (const name of [schema['required']].flat())
      if (typeof name === 'string' && !Object.hasOwn(value, name))
        below.push({ path: `${path}.${name}`, message: t.missing })
    if (isObject(schema['properties']))
      for (const [name, member] of Object.entries(schema['properties']))
        if (Object.hasOwn(value, name)) below.push(...faultsOf(member, value[name], t, `${path}.${name}`))
  }
  if (Array.isArray(value) && isObject(schema['items']))
    for (const [i, item] of value.slice(0, MOST_FAULTS).entries())
      below.push(...faultsOf(schema['items'], item, t, `${path}[${i}]`))
  return below.slice(0, MOST_FAULTS)
}

/** A pattern that takes long would stop the page: only plain ones are tried, on texts that are not long. */
const matches = (pattern: string, value: string): boolean => {
  if (value.length > 500 || /[*+}]\)?[*+{]|\)[*+{]/u.test(pattern)) return true
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}
