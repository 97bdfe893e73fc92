import fastify from 'fastify'
import { type When, type Yeyak, YeyakError } from 'yeyak'
import type { Models, Tasks } from './models.ts'
import type { Prisma } from './prisma.ts'

interface Draft {
  id: string
  title: string
  /** With it, the story is scheduled as it is saved. */
  publishAt?: When
}

interface Parts {
  prisma: Prisma
  yeyak: Yeyak<Prisma, Models, Tasks>
}

/** The routes of a small CMS. */
export const createServer = ({ prisma, yeyak }: Parts) => {
  const app = fastify()

  app.setErrorHandler((error, request, reply) => {
    if (!(error instanceof YeyakError)) throw error
    const language = request.headers['accept-language']?.startsWith('ko') ? 'ko' : 'en'
    return reply.code(error.status).send({ code: error.code, detail: error.detail[language] })
  })

  /** The story, its schedule and the task that counts its words are one transaction: refused, neither is there. */
  app.post<{ Body: Draft }>('/stories', async ({ body: { id, title, publishAt } }, reply) => {
    const story = await prisma.$transaction(async (tx) => {
      await tx.story.create({ data: { id, title } })
      if (publishAt !== undefined) await yeyak.publishing.schedule({ model: 'story', id, publishAt }, { tx })
      await yeyak.tasks.schedule({ name: 'count-words', data: { id } }, { tx })
      return tx.story.findUniqueOrThrow({ where: { id } })
    })
    return reply.code(201).send(story)
  })

  app.get<{ Params: { id: string } }>('/stories/:id', async ({ params: { id } }, reply) => {
    const story = await prisma.story.findUnique({ where: { id } })
    return story ?? reply.code(404).send({ code: 'not-found' })
  })

  app.put<{ Params: { id: string }; Body: { publishAt: When } }>(
    '/stories/:id/schedule',
    async ({ params: { id }, body: { publishAt } }) =>
      yeyak.publishing.schedule({ model: 'story', id, publishAt }),
  )

  app.delete<{ Params: { id: string } }>('/stories/:id/schedule', async ({ params: { id } }) =>
    yeyak.publishing.cancel({ model: 'story', id }),
  )

  app.post<{ Params: { id: string } }>('/stories/:id/publish', async ({ params: { id } }) =>
    yeyak.publishing.publish({ model: 'story', id }),
  )

  return app
}
