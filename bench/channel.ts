import { Type } from 'typebox'
import type { Channel } from '../src/channels/index.ts'

/** Milliseconds since 1970, finer than Date.now(). Server and database are on one machine, and so on one clock. */
export const nowMs = (): number => performance.timeOrigin + performance.now()

export interface BenchChannel extends Channel {
  /** How late each send began, in milliseconds, since the last call. */
  take(): number[]
}

/** Notes when each send begins; a message that starts with `hang` takes 5 s. */
export const createBenchChannel = (): BenchChannel => {
  let late: number[] = []
  return {
    name: 'bench',
    provider: 'bench',
    to: null,
    content: {
      message: Type.String({ minLength: 1, description: 'What is logged.', examples: ['Hello World'] }),
    },
    requiredContent: ['message'],
    async send(message) {
      if (String(message.content['message']).startsWith('hang')) {
        await new Promise((resolve) => setTimeout(resolve, 5000))
      } else late.push(nowMs() - message.dueAt.getTime())
      return { kind: 'delivered' }
    },
    take() {
      const taken = late
      late = []
      return taken
    },
  }
}
