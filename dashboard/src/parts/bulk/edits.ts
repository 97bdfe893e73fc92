import { parsed } from '../message/draft.ts'

/** What is typed for a field: a text as it is, a number, or JSON. */
export type FieldKind = 'text' | 'number' | 'json'

/** A field that can be edited in many at once. */
export interface EditableField {
  name: string
  kind: FieldKind
}

/** One edit as the form holds it. */
export interface FieldEdit {
  name: string
  text: string
}

/** How a field of a JSON Schema is typed. What is not a text or a number is JSON, and where that is an object it is merged. */
export const kindOf = (schema: unknown): FieldKind => {
  const type: unknown = typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : null
  if (type === 'string') return 'text'
  return type === 'integer' || type === 'number' ? 'number' : 'json'
}

/** What an edit makes of its field; undefined while that cannot be read. Nothing typed: the field is cleared. */
const valueOf = (kind: FieldKind, text: string): unknown => {
  if (text === '') return null
  if (kind === 'text') return text
  const value = parsed(text)
  return kind === 'number' && typeof value !== 'number' ? undefined : value
}

/** The names of those that cannot be read. */
export const brokenOf = (edits: readonly FieldEdit[], fields: readonly EditableField[]): string[] =>
  edits.flatMap(({ name, text }) => (valueOf(kindIn(fields, name), text) === undefined ? [name] : []))

/** The merge patch that they are; undefined where there is none. */
export const patchOf = (
  edits: readonly FieldEdit[],
  fields: readonly EditableField[],
): Record<string, unknown> | undefined => {
  const patch = edits.flatMap(({ name, text }) => {
    const value = valueOf(kindIn(fields, name), text)
    return value === undefined ? [] : [[name, value] as const]
  })
  return patch.length === 0 ? undefined : Object.fromEntries(patch)
}

export const kindIn = (fields: readonly EditableField[], name: string): FieldKind =>
  fields.find((field) => field.name === name)?.kind ?? 'json'
