import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

export interface ReceivedWebhook {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** Names and values in turns, as they came. */
  rawHeaders: readonly string[]
  body: string
  /** The address of this machine that was connected to. */
  at: string
}

/** What a receiver does with a webhook. It may leave the response open, or cut its socket. */
export type Answering = (response: ServerResponse, received: ReceivedWebhook) => void

export interface WebhookReceiver {
  port: number
  url: string
  readonly received: readonly ReceivedWebhook[]
  /** How many connections were made so far. */
  readonly connections: number
  /** 200 and `ok` unless told. */
  answer(answering: Answering): void
  stop(): Promise<void>
}

const OK: Answering = (response) => void response.writeHead(200).end('ok')

/** The far side of channel `webhook`: a real HTTP server that answers whatever it is told to. */
export const startWebhookReceiver = async (host = '127.0.0.1'): Promise<WebhookReceiver> => {
  const received: ReceivedWebhook[] = []
  let answering = OK
  let connections = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one: ReceivedWebhook = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body: Buffer.concat(chunks).toString('utf8'),
        at: request.socket.localAddress ?? '',
      }
      received.push(one)
      answering(response, one)
    })
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/hook`,
    received,
    get connections() {
      return connections
    },
    answer(value) {
      answering = value
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export interface RawReceiver {
  url: string
  stop(): Promise<void>
}

/** A server that need not speak HTTP: `speak` is called with each connection once something has come in on it. */
export const startRawReceiver = async (speak: (socket: Socket) => void): Promise<RawReceiver> => {
  const open = new Set<Socket>()
  const server = createTcpServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    socket.once('data', () => speak(socket))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/raw`,
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
