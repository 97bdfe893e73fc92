import { type TSchema, Type } from 'typebox'

/** The fields as a merge patch takes them: each beside its own type also `null`, which clears it, and so do those below it. */
export const mergePatchFields = (fields: Readonly<Record<string, TSchema>>): Record<string, TSchema> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [
      name,
      // What has no type takes any JSON value already.
      'type' in schema ? Type.Optional({ ...schema, ...withNull(schema) }) : schema,
    ]),
  )

const withNull = (schema: TSchema & { type?: unknown; enum?: unknown; properties?: unknown }): TSchema => ({
  type: [...[schema.type].flat(), 'null'],
  ...(Array.isArray(schema.enum) && { enum: [...(schema.enum as unknown[]), null] }),
  ...(typeof schema.properties === 'object' &&
    schema.properties !== null && {
      properties: mergePatchFields(schema.properties as Record<string, TSchema>),
    }),
})
