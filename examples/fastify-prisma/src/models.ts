import { type Config, defineConfig, defineTask, YeyakError } from 'yeyak'
import type { Prisma } from './prisma.ts'

/**
 * Two ways to publish a row. `story`: Yeyak writes the columns that are named. `chapter`: code of ours does it, in the
 * transaction that Yeyak has opened through Prisma.
 */
export const configOf = (prisma: Prisma, url: string, logger?: object) =>
  defineConfig({
    client: prisma,
    database: url,
    ...(logger && { logger }),
    models: {
      story: {
        table: 'public.stories',
        status: 'status',
        publishAt: 'publish_at',
        publishedAt: 'published_at',
        cancelOnDelete: true,
      },
      chapter: {
        load: ({ tx, id }) => tx.story.findUnique({ where: { id } }),
        async publish({ tx, id, dueAt }) {
          const { title } = await tx.story.findUniqueOrThrow({ where: { id } })
          if (title.includes('DRAFT')) throw new YeyakError('rejected', { detail: 'the title is not done' })
          await tx.story.update({ where: { id }, data: { status: 'published', publishedAt: dueAt } })
          await tx.auditLine.create({ data: { storyId: id, what: `published ${title}` } })
        },
      },
    },
    tasks: {
      /** Background work: what is slow, or may fail, does not hold up who saves a story. */
      'count-words': defineTask({
        schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
        async handler({ data: { id } }) {
          const story = await prisma.story.findUnique({ where: { id } })
          if (story === null) return { words: null }
          const words = story.title.split(/\s+/u).filter(Boolean).length
          // Run twice, it says the same once more: a run is begun again where its worker was lost.
          await prisma.auditLine.create({ data: { storyId: id, what: `${words} words` } })
          return { words }
        },
      }),
    },
  })

type Configured = ReturnType<typeof configOf>
export type Models = Configured extends Config<Prisma, infer M, string> ? M : never
export type Tasks = Configured extends Config<Prisma, string, infer K> ? K : never
