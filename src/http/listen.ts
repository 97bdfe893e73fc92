import { describeError } from '../platform/database.ts'
import type { Server } from './server.ts'

/** Listens, and returns the URL for people. Rejects with the mend in the message. */
export async function listen(app: Server, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw new Error(explain(error, host, port), { cause: error })
  }
  const address = app.server.address()
  return `http://localhost:${typeof address === 'object' && address !== null ? address.port : port}`
}

function explain(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return `port ${port} on ${host} is in use: choose another one, such as PORT=${port + 1} npm start`
  if (code === 'EACCES')
    return `port ${port} needs privileges: choose one above 1023, such as PORT=3000 npm start`
  if (code === 'EADDRNOTAVAIL')
    return `this machine has no address ${host}: set HOST to one of its own, such as 127.0.0.1`
  return describeError(error)
}
