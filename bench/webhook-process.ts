import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nowMs } from './clock.ts'
import { endWithParent, serve } from './serve.ts'

// The far side of channel `webhook`: `node bench/webhook-process.ts answers|hangs`. Notes how late each webhook arrives.
endWithParent()
const answers = process.argv[2] !== 'hangs'
let late: number[] = []
let count = 0

const server = createServer((request, response) => {
  late.push(nowMs() - Date.parse(String(request.headers['yeyak-due-at'])))
  count += 1
  request.resume()
  if (answers) request.on('end', () => response.writeHead(204).end())
})
server.keepAliveTimeout = 60_000
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})

serve(
  {
    take: () => {
      const taken = late
      late = []
      return taken
    },
    count: () => count,
    stop: () => process.exit(0),
  },
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
)
