import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { afterEach, expect, test, vi } from 'vitest'
import { createOrigins, type Origins } from './origins.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that answers everything, and counts the connections that are open. */
const serve = async () => {
  const server = createServer((_request, response) => void response.end('ok'))
  servers.push(server)
  let open = 0
  server.on('connection', (socket) => {
    open += 1
    socket.on('close', () => (open -= 1))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { server, origin, open: () => open }
}

const call = async (origins: Origins, origin: string): Promise<Pool> => {
  const begun = Promise.withResolvers<Pool>()
  const claim = origins.claim(origin, begun.resolve)
  const pool = await begun.promise
  const { body } = await pool.request({ path: '/', method: 'GET' })
  await body.text()
  claim.release()
  return pool
}

test('what waits for a connection begins in order, what gives up is passed over, and no other origin waits', () => {
  const origins = createOrigins((origin) => new Pool(origin), { maxActive: 1 })
  const begun: string[] = []
  const claims = ['a', 'b', 'c', 'd'].map((name) => origins.claim('http://x.test', () => begun.push(name)))
  const other = origins.claim('http://y.test', () => begun.push('other'))
  expect(begun).toEqual(['a', 'other'])
  claims[1]?.release()
  claims[0]?.release()
  expect(begun).toEqual(['a', 'other', 'c'])
  claims[2]?.release()
  claims[3]?.release()
  other.release()
  expect(begun).toEqual(['a', 'other', 'c', 'd'])
})

test('the connections of an origin are kept while it is idle, until too many are: then the oldest go', async () => {
  const origins = createOrigins((origin) => new Pool(origin), { maxIdle: 1 })
  const [first, second] = await Promise.all([serve(), serve()])
  const pool = await call(origins, first.origin)
  expect(await call(origins, first.origin)).toBe(pool)
  await call(origins, second.origin)
  await vi.waitFor(() => expect(first.open()).toBe(0))
  expect(second.open()).toBe(1)
  expect(await call(origins, first.origin)).not.toBe(pool)
  await origins.close()
  await vi.waitFor(() => expect(first.open() + second.open()).toBe(0))
})

test('an origin is forgotten once its last connection is closed', async () => {
  const pools: Pool[] = []
  const origins = createOrigins((origin) => {
    const pool = new Pool(origin)
    pools.push(pool)
    return pool
  })
  const { server, origin } = await serve()
  const pool = await call(origins, origin)
  server.closeAllConnections()
  await vi.waitFor(() => expect(pool.destroyed).toBe(true))
  await call(origins, origin)
  expect(pools).toHaveLength(2)
  await origins.close()
})
