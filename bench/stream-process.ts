import http from 'node:http'
import { endWithParent, serve } from './serve.ts'

/** What the clients saw since they were opened. */
export interface Seen {
  /** Of each event at each client: from its commit, by the clock of this machine, to its arrival, in milliseconds. */
  behindMs: number[]
  /** Events that each client has got. */
  counts: number[]
  /** Of each client: whether an id was not higher than the one before. */
  outOfOrder: number
}

// Clients of the stream, in a process of their own: in the benchmark's they would measure its pauses too.
endWithParent()
const behindMs: number[] = []
const counts: number[] = []
let outOfOrder = 0

const read = (url: string, index: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200)
        return reject(new Error(`the stream was answered ${response.statusCode}`))
      let rest = ''
      let last = 0n
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        const nowMs = Date.now()
        const frames = (rest + text).split('\n\n')
        rest = frames.pop() ?? ''
        for (const frame of frames) {
          const found = /^id: (\d+)\nevent: .*\ndata: (.*)$/u.exec(frame)
          if (found === null) continue
          const id = BigInt(found[1] ?? 0)
          if (id <= last) outOfOrder += 1
          last = id
          const { data } = JSON.parse(found[2] ?? '{}') as { data: { writtenMs: number } }
          behindMs.push(nowMs - data.writtenMs)
          counts[index] = (counts[index] ?? 0) + 1
        }
      })
      resolve()
    })
    request.on('error', reject)
  })

serve({
  open: async (input) => {
    const { url, clients } = input as { url: string; clients: number }
    counts.length = 0
    counts.push(...Array.from({ length: clients }, () => 0))
    await Promise.all(Array.from({ length: clients }, (_, i) => read(url, i)))
  },
  seen: (): Seen => ({ behindMs, counts, outOfOrder }),
  stop: () => process.exit(0),
})
