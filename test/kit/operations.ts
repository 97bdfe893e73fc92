import type { Client } from './client.ts'
import { eventually } from './poll.ts'

interface Progress {
  id: string
  state: string
  matched: number
  changed: number
  tooLate: number
  refused: number
  patched: string[]
  /** Once it has ended. */
  finishedAt: string
  undoUntil: string
}

export const readOperation = async (client: Pick<Client, 'call'>, id: string): Promise<Progress> =>
  (await client.call('GET', `/v1/operations/${id}`)).body

/** The operation, once it no longer runs. */
export const operationEnded = (client: Pick<Client, 'call'>, id: string, timeoutMs = 20_000) =>
  eventually(
    `operation ${id} ended`,
    async () => {
      const found = await readOperation(client, id)
      return found.state !== 'running' && found
    },
    timeoutMs,
  )
