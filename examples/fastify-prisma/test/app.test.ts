import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { after, before, test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { createYeyak, type Yeyak } from 'yeyak'
import { createServer } from '../src/app.ts'
import { createTables } from '../src/database.ts'
import { configOf, type Models, type Tasks } from '../src/models.ts'
import { createPrisma, type Prisma } from '../src/prisma.ts'

const url = process.env['DATABASE_URL']
if (!url) throw new Error('DATABASE_URL is missing')

const lines: string[] = []
const logger = pino(
  {},
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push((JSON.parse(chunk.toString('utf8')) as { msg: string }).msg)
      done()
    },
  }),
)

let prisma: Prisma
let yeyak: Yeyak<Prisma, Models, Tasks>
let app: ReturnType<typeof createServer>

before(async () => {
  prisma = createPrisma(url)
  await createTables(prisma)
  yeyak = createYeyak(configOf(prisma, url, logger))
  await yeyak.startWorker()
  app = createServer({ prisma, yeyak })
})

after(async () => {
  await app.close()
  await yeyak.stop()
  await prisma.$disconnect()
})

const newId = () => `cl_${Date.now()}_${Math.floor(Math.random() * 1e6)}`

const PATIENCE = { interval: 20, timeout: 10_000 }

const published = (t: TestContext, id: string) =>
  t.waitFor(async () => {
    const story = await prisma.story.findUniqueOrThrow({ where: { id } })
    assert.equal(story.status, 'published')
    return story
  }, PATIENCE)

test('a story saved with a time waits, goes live on time, and the log says so', async (t) => {
  const id = newId()
  const publishAt = new Date(Date.now() + 1_000).toISOString()
  const saved = await app.inject({
    method: 'POST',
    url: '/stories',
    payload: { id, title: 'Hello', publishAt },
  })
  assert.equal(saved.statusCode, 201)
  assert.deepEqual(saved.json(), { id, title: 'Hello', status: 'scheduled', publishAt, publishedAt: null })
  const story = await published(t, id)
  assert.ok(story.publishedAt && story.publishedAt.getTime() >= Date.parse(publishAt))
  assert.equal(story.publishAt, null)
  const line = `[publish-worker] story:${id} → published @${story.publishedAt.toISOString()}`
  await t.waitFor(() => assert.ok(lines.includes(line)), PATIENCE)
  assert.ok(lines.includes('[publish-worker] started'))
})

test('a time that is past is refused in the words of the client, and nothing is saved', async () => {
  const id = newId()
  const refused = await app.inject({
    method: 'POST',
    url: '/stories',
    headers: { 'accept-language': 'ko' },
    payload: { id, title: 'Late', publishAt: '2020-01-01T00:00:00Z' },
  })
  assert.equal(refused.statusCode, 422)
  assert.deepEqual(refused.json(), {
    code: 'publish-at-not-future',
    detail: 'publishAt은 미래 시각이어야 합니다.',
  })
  assert.equal(await prisma.story.findUnique({ where: { id } }), null)
})

test('rescheduled, canceled, published at once, deleted', async () => {
  const id = newId()
  await app.inject({
    method: 'POST',
    url: '/stories',
    payload: { id, title: 'x', publishAt: { delay: '1h' } },
  })
  const again = await app.inject({
    method: 'PUT',
    url: `/stories/${id}/schedule`,
    payload: { publishAt: { delay: '2h' } },
  })
  assert.equal(again.statusCode, 200)
  const canceled = await app.inject({ method: 'DELETE', url: `/stories/${id}/schedule` })
  assert.deepEqual(canceled.json(), { outcome: 'canceled', state: 'canceled' })
  assert.equal((await prisma.story.findUniqueOrThrow({ where: { id } })).status, 'draft')
  assert.equal((await app.inject({ method: 'POST', url: `/stories/${id}/publish` })).statusCode, 200)
  assert.equal((await prisma.story.findUniqueOrThrow({ where: { id } })).status, 'published')
  await yeyak.publishing.schedule({ model: 'story', id, publishAt: { delay: '1h' } })
  await prisma.story.delete({ where: { id } })
  assert.deepEqual(await yeyak.publishing.cancel({ model: 'story', id }), {
    outcome: 'canceled',
    state: 'canceled',
  })
})

test('code of our own publishes through the transaction of Prisma, and may reject', async () => {
  const [good, bad] = [newId(), newId()]
  await prisma.story.create({ data: { id: good, title: 'Chapter 1' } })
  await prisma.story.create({ data: { id: bad, title: 'DRAFT' } })
  for (const id of [good, bad])
    await yeyak.publishing.schedule({ model: 'chapter', id, publishAt: { delay: '1h' } })
  await yeyak.runDue({ until: new Date(Date.now() + 2 * 3_600_000) })
  assert.equal((await prisma.story.findUniqueOrThrow({ where: { id: good } })).status, 'published')
  assert.equal(await prisma.auditLine.count({ where: { storyId: good } }), 1)
  assert.equal((await prisma.story.findUniqueOrThrow({ where: { id: bad } })).status, 'draft')
  assert.ok(lines.some((line) => line.includes(`chapter:${bad} → failed: the title is not done`)))
})

test('rolled back by Prisma, nothing was scheduled', async () => {
  const id = newId()
  await assert.rejects(
    prisma.$transaction(async (tx) => {
      await tx.story.create({ data: { id, title: 'x' } })
      await yeyak.publishing.schedule({ model: 'story', id, publishAt: { delay: '1h' } }, { tx })
      throw new Error('never mind')
    }),
    /never mind/u,
  )
  await assert.rejects(yeyak.publishing.cancel({ model: 'story', id }), { code: 'not-found' })
})

const linesOf = (id: string) => prisma.auditLine.findMany({ where: { storyId: id } })
const FAR = { delay: '1h' }

test('the words of a saved story are counted in the background', async (t) => {
  const id = newId()
  await app.inject({ method: 'POST', url: '/stories', payload: { id, title: 'Two words' } })
  await t.waitFor(
    async () =>
      assert.deepEqual(
        (await linesOf(id)).map(({ what }) => what),
        ['2 words'],
      ),
    PATIENCE,
  )
})

test('a task is scheduled and canceled with the transaction of Prisma, and not at all without it', async () => {
  const never = new Error('never mind')
  const task = { name: 'count-words', data: { id: newId() }, runAt: FAR } as const
  let gone = ''
  await assert.rejects(
    prisma.$transaction(async (tx) => {
      gone = (await yeyak.tasks.schedule(task, { tx })).id
      throw never
    }),
    never,
  )
  await assert.rejects(yeyak.tasks.cancel(gone), { code: 'not-found' })
  const { id } = await prisma.$transaction((tx) => yeyak.tasks.schedule(task, { tx }))
  const stateOf = () => prisma.$queryRaw`select state from yeyak.runs where id = ${id}::uuid`
  const canceled = { outcome: 'canceled', state: 'canceled' }
  await assert.rejects(
    prisma.$transaction(async (tx) => {
      assert.deepEqual(await yeyak.tasks.cancel(id, { tx }), canceled)
      throw never
    }),
    never,
  )
  assert.deepEqual(await stateOf(), [{ state: 'scheduled' }])
  const outcome = await prisma.$transaction(async (tx) => {
    await assert.rejects(yeyak.tasks.schedule({ ...task, data: {} }, { tx }), { code: 'invalid-request' })
    return yeyak.tasks.cancel(id, { tx })
  })
  assert.deepEqual(outcome, canceled)
  assert.deepEqual(await stateOf(), [{ state: 'canceled' }])
  await yeyak.runDue({ until: new Date(Date.now() + 2 * 3_600_000) })
  assert.deepEqual(await linesOf(task.data.id), [])
})
