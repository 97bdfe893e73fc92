import { Type } from 'typebox'
import type { Channel, ChannelRegistry } from '../channels/index.ts'
import type { Server } from '../http/index.ts'
import { ListSchema } from './schema.ts'

const ChannelSchema = Type.Object(
  {
    name: Type.String(),
    to: Type.Union([Type.Enum(['one', 'many'], { type: 'string' }), Type.Null()], {
      description: 'How many recipients a notification has; null: none.',
    }),
    schema: Type.Unsafe<object>(Type.Object({}, { additionalProperties: true })),
  },
  { title: 'Channel' },
)

const toResource = ({ name, to, content, requiredContent }: Channel) => {
  const needed = requiredContent.map((one) => [one].flat())
  const oneOf = needed.filter((fields) => fields.length > 1)
  return {
    ...{ name, to },
    schema: {
      type: 'object',
      properties: content,
      required: needed.filter((fields) => fields.length === 1).flat(),
      ...(oneOf.length > 0 && {
        allOf: oneOf.map((fields) => ({ anyOf: fields.map((field) => ({ required: [field] })) })),
      }),
    },
  }
}

/** By what a notification can be sent: for whoever offers a choice of channels, or a form for one. */
export const channelRoutes = (app: Server, { channels }: { channels: ChannelRegistry }): void => {
  const items = channels.names.flatMap((name) => channels.get(name) ?? []).map(toResource)
  app.get(
    '/v1/channels',
    {
      config: { access: 'notifications:read' },
      schema: {
        tags: ['notifications'],
        summary: 'List the channels',
        description: 'Those that this process has, each with the JSON Schema of its content.',
        response: { 200: ListSchema(ChannelSchema) },
      },
    },
    async () => ({ items, nextCursor: null }),
  )
}
