import type { Client } from './client.ts'
import { eventually } from './poll.ts'

/** Runs of tasks, over HTTP. */
export const createRuns = (client: Client) => {
  const start = async (task: string, body: object = {}): Promise<string> => {
    const reply = await client.call('POST', `/v1/tasks/${task}`, body)
    if (reply.status !== 201) throw new Error(`the task ${task} answered ${reply.status}: ${reply.text}`)
    return reply.body.id
  }
  const get = async (id: string) => (await client.call('GET', `/v1/runs/${id}`)).body
  /** The run, once it is in one of these states. */
  const inState = (id: string, states: string | readonly string[], timeoutMs?: number) =>
    eventually(
      `run ${id} in state ${String(states)}`,
      async () => {
        const found = await get(id)
        return [states].flat().includes(found?.state) && found
      },
      timeoutMs,
    )
  const act = (id: string, action: string, body?: unknown) =>
    client.call('POST', `/v1/runs/${id}/${action}`, body)
  return { start, get, inState, act }
}

export type Runs = ReturnType<typeof createRuns>
