import { Type } from 'typebox'
import type { Server } from '../http/index.ts'
import type { External } from './external.ts'
import { listOf, nullOr, OnEdit } from './schema.ts'
import type { ContentTypes } from './types.ts'

const TypeSchema = Type.Object(
  {
    name: Type.String(),
    external: Type.Boolean({ description: 'Its items are rows of the application: see docs/models.md.' }),
    schema: nullOr(Type.Unsafe<object>(Type.Object({}, { additionalProperties: true }))),
    slug: nullOr(Type.String({ description: 'The field that is unique among the drafts of a locale.' })),
    locales: nullOr(Type.Array(Type.String(), { description: 'Null: any.' })),
    onEdit: nullOr(OnEdit),
    dependsOn: Type.Array(Type.String()),
  },
  { title: 'ContentType' },
)

/** What may be kept, and what it has to look like: for whoever offers a form for it. */
export const typeRoutes = (
  app: Server,
  { types, external }: { types: ContentTypes; external: Pick<External, 'names'> | null },
): void => {
  const ours = types.names.map((name) => {
    const { schema, slug = null, locales = null, onEdit, dependsOn } = types.require(name)
    return { ...{ name, external: false, schema, slug, locales, onEdit }, dependsOn: [...dependsOn] }
  })
  const theirs = (external?.names ?? []).map((name) => ({
    ...{ name, external: true, schema: null, slug: null, locales: null, onEdit: null, dependsOn: [] },
  }))
  const items = [...ours, ...theirs]

  app.get(
    '/v1/content',
    {
      config: { access: 'content:read' },
      schema: {
        tags: ['content'],
        summary: 'List the types of content',
        description: 'Those that this process knows, each with the JSON Schema of its data.',
        response: { 200: listOf(TypeSchema) },
      },
    },
    async () => ({ items, nextCursor: null }),
  )
}
