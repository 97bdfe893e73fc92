import { type Config, defineConfig, YeyakError } from 'yeyak'
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
  })

export type Models = ReturnType<typeof configOf> extends Config<Prisma, infer M> ? M : never
