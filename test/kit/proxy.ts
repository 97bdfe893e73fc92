import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy before PostgreSQL that can fail in the ways of a network, which a stopped server cannot show. */
export interface Proxy {
  /** The same database, by way of the proxy. */
  url: string
  /** Nothing gets through any more, in either direction, and nobody is told: what is new is accepted and stays silent. */
  blackhole(): void
  /** The server behind the connections that there are is gone, and they never hear of it. New ones work. */
  strand(): void
  /** What was black holed flows again. */
  restore(): void
  /** As a pooler in transaction mode: LISTEN is accepted, and no notification ever comes. */
  mute(muted: boolean): void
  stop(): Promise<void>
}

interface Pair {
  client: Socket
  server: Socket
}

const NOTIFICATION = 'A'.charCodeAt(0)
const HEADER_BYTES = 5

/** Takes NotificationResponse messages out of what the server sends, whatever the pieces that it arrives in. */
const withoutNotifications = () => {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk: Buffer): Buffer => {
    rest = Buffer.concat([rest, chunk])
    const kept: Buffer[] = []
    while (rest.length >= HEADER_BYTES) {
      const length = 1 + rest.readUInt32BE(1)
      if (rest.length < length) break
      if (rest[0] !== NOTIFICATION) kept.push(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
    return Buffer.concat(kept)
  }
}

export const startProxy = async (databaseUrl: string): Promise<Proxy> => {
  const url = new URL(databaseUrl)
  const upstream = { host: url.hostname, port: Number(url.port) }
  const pairs = new Set<Pair>()
  const sockets = new Set<Socket>()
  let black = false
  let muted = false

  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    if (black) socket.pause()
    return socket
  }

  const listener = createServer({ pauseOnConnect: true }, (client) => {
    const server = connect(upstream)
    const pair = { client: keep(client), server: keep(server) }
    pairs.add(pair)
    const filter = muted ? withoutNotifications() : (chunk: Buffer) => chunk
    client.on('data', (chunk: Buffer) => server.write(chunk))
    server.on('data', (chunk: Buffer) => client.write(filter(chunk)))
    client.on('close', () => server.destroy())
    server.on('close', () => {
      // Of a stranded pair the server is gone, and the client is not told.
      if (pairs.delete(pair)) client.destroy()
    })
    if (!black) client.resume()
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  const address = listener.address() as AddressInfo
  url.hostname = '127.0.0.1'
  url.port = String(address.port)

  return {
    url: url.href,
    blackhole() {
      black = true
      for (const socket of sockets) socket.pause()
    },
    strand() {
      for (const pair of pairs) {
        pairs.delete(pair)
        pair.client.pause()
        pair.server.destroy()
      }
    },
    restore() {
      black = false
      for (const { client, server } of pairs) {
        client.resume()
        server.resume()
      }
    },
    mute(value) {
      muted = value
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => {
        listener.close(() => resolve())
      })
    },
  }
}
