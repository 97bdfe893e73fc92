// autocannon brings no types; these are the parts that the benchmark uses.
declare module 'autocannon' {
  interface Request {
    headers: Record<string, string>
  }
  interface Options {
    url: string
    method: 'POST'
    headers: Record<string, string>
    body: string
    connections: number
    /** In seconds. */
    duration: number
    /** Requests a second, of all connections together; as many as there can be unless told. */
    overallRate?: number
    requests?: { setupRequest(request: Request): Request }[]
  }
  interface Result {
    requests: { average: number }
    /** In milliseconds. */
    latency: { p50: number; p99: number; max: number }
    non2xx: number
    errors: number
    '2xx': number
  }
  const autocannon: (options: Options) => Promise<Result>
  export = autocannon
}
