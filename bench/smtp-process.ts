import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { endWithParent, serve } from './serve.ts'

// The far side of channel `email`: `node bench/smtp-process.ts`. Takes every mail at once, and counts.
endWithParent()
let count = 0

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  logger: false,
  onData(stream, _session, done) {
    stream.resume()
    stream.on('end', () => {
      count += 1
      done(null, 'queued as BENCH')
    })
  },
})
smtp.on('error', (error) => console.error('smtp:', error))
await new Promise<void>((resolve) => {
  smtp.listen(0, '127.0.0.1', () => resolve())
})
const { port } = smtp.server.address() as AddressInfo

serve(
  {
    count: () => count,
    stop: () => process.exit(0),
  },
  `smtp://127.0.0.1:${port}`,
)
