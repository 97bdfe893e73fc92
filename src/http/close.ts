import type { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'

const SWEEP_MS = 20
/** A connection that is just being used for the first time gets this long to show its request. */
const FIRST_REQUEST_MS = 200

export interface Sweeper {
  start(): void
  stop(): void
}

/**
 * Hangs up, while the server closes, on connections that nothing runs on. Node does so once, when closing begins;
 * those that finish their request later, and those that a browser opened in advance and never used, would otherwise
 * hold the server open until they time out.
 */
export function connectionSweeper(server: HttpServer): Sweeper {
  const unused = new Set<Socket>()
  let timer: NodeJS.Timeout | undefined
  server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.prependListener('request', (request) => unused.delete(request.socket))
  return {
    start() {
      let passedMs = 0
      timer ??= setInterval(() => {
        passedMs += SWEEP_MS
        server.closeIdleConnections()
        if (passedMs >= FIRST_REQUEST_MS) for (const socket of unused) socket.destroy()
      }, SWEEP_MS)
    },
    stop() {
      clearInterval(timer)
    },
  }
}

interface Closable {
  server: HttpServer
  close(): PromiseLike<unknown>
}

/**
 * Stops accepting, lets running requests finish, and after `deadlineMs` cuts off those that have not. Resolves once
 * everything is closed.
 */
export async function closeServer(app: Closable, deadlineMs: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), deadlineMs)
  try {
    await app.close()
  } finally {
    clearTimeout(cut)
  }
}
