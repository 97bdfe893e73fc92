import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { PgBoss } from 'pg-boss'
import { createLogChannel, createRegistry } from '../src/channels/index.ts'
import { createServer } from '../src/http/index.ts'
import { createSchemas } from '../src/notifications/index.ts'
import { createLog } from '../src/platform/log.ts'
import { createBenchChannel } from './channel.ts'
import { endWithParent, serve } from './serve.ts'

// The two servers that `POST /v1/notifications` is compared with: `node bench/route-process.ts empty|pg-boss`.
endWithParent()
const PATH = '/v1/notifications'
const DAY_MS = 86_400_000
const log = createLog({ format: 'json', level: 'warn' })
const { create: body } = createSchemas(createRegistry([createLogChannel(log), createBenchChannel()]))

/** Yeyak's own server and validation, and an answer that is always the same. */
const startEmpty = async () => {
  let resource: object = {}
  const app = createServer({
    log,
    version: '0',
    isOpen: () => true,
    authenticate: () => {
      throw new Error('no route asks who calls')
    },
    isReady: () => ({ ready: true }),
    dashboardDirectory: '/nowhere/',
    checks: async () => ({ status: 'ready', checks: {} }),
  })
  app.post(
    PATH,
    { config: { access: 'public', nullIsAbsent: true }, schema: { body } },
    async (_request, reply) => {
      reply.code(201).header('location', `${PATH}/0`).header('etag', '"1"')
      return resource
    },
  )
  await app.listen({ host: '127.0.0.1', port: 0 })
  const setResource = (value: object) => {
    resource = value
  }
  return { port: (app.server.address() as AddressInfo).port, setResource, stop: () => app.close() }
}

/** What one would write without Yeyak: a route that awaits `boss.send`. */
const startPgBoss = async () => {
  const queue = 'notifications'
  const boss = new PgBoss({ connectionString: process.env['DATABASE_URL'] ?? '' })
  boss.on('error', (error) => console.error('pg-boss:', error))
  await boss.start()
  await boss.createQueue(queue)
  const app = Fastify()
  app.post(PATH, { schema: { body } }, async (request, reply) => {
    const id = await boss.send(queue, request.body as object, { startAfter: new Date(Date.now() + DAY_MS) })
    return reply.code(201).send({ id })
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    port: (app.server.address() as AddressInfo).port,
    setResource: () => undefined,
    stop: async () => {
      await app.close()
      await boss.stop({ graceful: false })
    },
  }
}

const route = await (process.argv[2] === 'empty' ? startEmpty() : startPgBoss())
serve(
  {
    resource: (input) => route.setResource(input as object),
    stop: () => route.stop().then(() => process.exit(0)),
  },
  `http://127.0.0.1:${route.port}${PATH}`,
)
