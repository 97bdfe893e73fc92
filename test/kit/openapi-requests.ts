import type { Client } from './client.ts'

/** JSON Schema, as far as the document uses it. */
export interface Schema {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  format?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  $ref?: string
}

/** One call that the OpenAPI document describes. */
export interface Operation {
  /** `POST /v1/notifications/{id}/cancel` */
  name: string
  method: string
  path: string
  /** The scope that it needs, `any` or, without a key, `public`. */
  access: string
  body: Schema | null
  params: string[]
  query: { name: string; schema: Schema }[]
  headers: string[]
}

interface DescribedOperation {
  'x-scope'?: string
  requestBody?: { content: Record<string, { schema: Schema }> }
  parameters?: { name: string; in: string; schema: Schema }[]
}

interface Document {
  paths: Record<string, Record<string, DescribedOperation>>
  components?: { schemas?: Record<string, Schema> }
}

const resolved = (schema: Schema, document: Document): Schema => {
  if (schema.$ref !== undefined)
    return resolved(document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}, document)
  const each = (list: Schema[] | undefined) => list?.map((one) => resolved(one, document))
  const { properties, items, anyOf, oneOf } = schema
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, resolved(one, document)]),
      ),
    }),
    ...(items && { items: resolved(items, document) }),
    ...(anyOf && { anyOf: each(anyOf) ?? [] }),
    ...(oneOf && { oneOf: each(oneOf) ?? [] }),
  }
}

/** Every call of the server, as its own document has it. */
export const readOperations = async (client: Pick<Client, 'call'>): Promise<Operation[]> => {
  const document = (await client.call('GET', '/openapi.json')).body as Document
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): Operation => {
      const [content] = Object.values(one.requestBody?.content ?? {})
      const inPlace = (place: string) => (one.parameters ?? []).filter((parameter) => parameter.in === place)
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        access: one['x-scope'] ?? 'public',
        body: content === undefined ? null : resolved(content.schema, document),
        params: inPlace('path').map(({ name }) => name),
        query: inPlace('query').map(({ name, schema }) => ({ name, schema: resolved(schema, document) })),
        headers: inPlace('header').map(({ name }) => name),
      }
    }),
  )
}

/** A value that the schema takes, as far as it says so itself: from its examples, its default, its type. */
export const sampleOf = (schema: Schema): unknown => {
  if (schema.const !== undefined) return schema.const
  if (schema.examples !== undefined && schema.examples.length > 0) return schema.examples[0]
  if (schema.default !== undefined) return schema.default
  if (schema.enum !== undefined) return schema.enum[0]
  const [branch] = schema.anyOf ?? schema.oneOf ?? []
  if (branch !== undefined) return sampleOf(branch)
  switch ([schema.type].flat()[0]) {
    case 'string':
      return textOf(schema)
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'array':
      return Array.from({ length: schema.minItems ?? 1 }, () => sampleOf(schema.items ?? {}))
    case 'object':
      return objectOf(schema)
    default:
      return { delay: '1h' }
  }
}

const textOf = ({ format, minLength = 0 }: Schema): string => {
  if (format === 'uuid') return '0199f0a0-0000-7000-8000-000000000000'
  if (format === 'date-time') return '2099-01-01T00:00:00Z'
  if (format === 'email') return 'min@example.com'
  if (format === 'uri') return 'https://example.com/'
  return 'x'.repeat(Math.max(1, minLength))
}

/** With all that it requires. */
const objectOf = ({ properties = {}, required = [] }: Schema): Record<string, unknown> =>
  Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {})]))

/** A body that the call takes; none where it takes none. */
export const bodyOf = ({ body }: Operation): unknown => (body === null ? undefined : sampleOf(body))

/** The path with these values for its parameters, encoded. */
export const pathWith = (operation: Operation, value: (parameter: string) => string): string =>
  operation.path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => encodeURIComponent(value(name)))
