import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What the far side does with a message. `late` answers 200 after the given time, `hold` once the promise resolves;
 * `lie` answers what is no answer.
 */
export type Behaviour =
  | { kind: 'deliver' }
  | { kind: 'fail'; retryAfterSeconds?: number }
  | { kind: 'reject' }
  | { kind: 'hang' }
  | { kind: 'late'; ms: number }
  | { kind: 'hold'; until: Promise<unknown> }
  | { kind: 'drop' }
  | { kind: 'lie' }

export interface Received {
  id: string
  attempt: number
  message: string
  dueAt: string
  /** `Date.now()` of this process when the request had arrived. */
  atMs: number
  /** The `User-Agent` of the sender, which bears its process id. */
  by: string
}

export interface Receiver {
  /** The recipient that notifications on channel `probe` name. */
  url: string
  readonly received: readonly Received[]
  /** Decides for each message; all are delivered unless told. */
  behave(decide: (received: Received) => Behaviour): void
  /** Lets everything that hangs be answered with 200. */
  releaseHanging(): void
  stop(): Promise<void>
}

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** The far side of channel `probe`: a real HTTP server that can be told to fail, hang, answer late or lie. */
export const startReceiver = async (): Promise<Receiver> => {
  const received: Received[] = []
  const hanging = new Set<ServerResponse>()
  let decide: (received: Received) => Behaviour = () => ({ kind: 'deliver' })

  const answer = (behaviour: Behaviour, request: IncomingMessage, response: ServerResponse) => {
    switch (behaviour.kind) {
      case 'deliver':
        return void response.writeHead(200).end('ok')
      case 'fail': {
        const after = behaviour.retryAfterSeconds
        return void response.writeHead(503, after === undefined ? {} : { 'retry-after': String(after) }).end()
      }
      case 'reject':
        return void response.writeHead(410).end()
      case 'hang':
        return void hanging.add(response)
      case 'late':
        return void setTimeout(() => response.writeHead(200).end('ok'), behaviour.ms)
      case 'hold':
        return void behaviour.until.then(() => response.writeHead(200).end('ok'))
      case 'drop':
        return void request.socket.destroy()
      case 'lie':
        return void response.writeHead(299).end()
    }
  }

  const server = createServer((request, response) => {
    void read(request).then((text): void => {
      const one: Received = {
        ...(JSON.parse(text) as Omit<Received, 'atMs' | 'by'>),
        atMs: Date.now(),
        by: request.headers['user-agent'] ?? '',
      }
      received.push(one)
      answer(decide(one), request, response)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    behave(value) {
      decide = value
    },
    releaseHanging() {
      for (const response of hanging) response.writeHead(200).end('ok')
      hanging.clear()
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
