import { randomUUID } from 'node:crypto'
import autocannon from 'autocannon'
import { endWithParent, serve } from './serve.ts'

export interface LoadOptions {
  url: string
  body: object
  connections: number
  seconds: number
  /** Of all connections together; as many as there can be unless told. */
  perSecond?: number
  /** Ends after so many requests instead, however long they take. */
  amount?: number
  /** Each request bears an `Idempotency-Key` of its own. */
  isKeyed?: boolean
  headers?: Readonly<Record<string, string>>
}

export interface Load {
  requestsPerSecond: number
  p99Ms: number
  /** Answers that were not 2xx, and requests without one. */
  refused: number
}

// Makes the load, in a process of its own: in the benchmark's it would measure its parent's pauses too.
endWithParent()
const run = async (o: LoadOptions): Promise<Load> => {
  const result = await autocannon({
    url: o.url,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...o.headers },
    body: JSON.stringify(o.body),
    connections: o.connections,
    duration: o.seconds,
    // It goes before the duration.
    ...(o.amount !== undefined && { amount: o.amount }),
    ...(o.perSecond !== undefined && { overallRate: o.perSecond }),
    ...(o.isKeyed && {
      requests: [
        {
          setupRequest: (request) => ({
            ...request,
            headers: { ...request.headers, 'idempotency-key': randomUUID() },
          }),
        },
      ],
    }),
  })
  return {
    requestsPerSecond: result.requests.average,
    p99Ms: result.latency.p99,
    refused: result.non2xx + result.errors,
  }
}

serve({ run: (input) => run(input as LoadOptions), stop: () => process.exit(0) })
