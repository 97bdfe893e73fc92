import http from 'node:http'
import { eventually } from './poll.ts'

export interface StreamedEvent {
  id: string
  event: string
  /** As JSON; tests assert on it, and so it is not typed here. */
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any
}

export interface EventStream {
  status: number
  headers: http.IncomingHttpHeaders
  /** In the order of their arrival. */
  events: StreamedEvent[]
  comments: () => number
  /** As an EventSource would send it when it comes again. */
  lastId: () => string | null
  isOver: () => boolean
  /** Reads no more. */
  pause(): void
  resume(): void
  /** Cuts the connection off. */
  cut(): void
  /** The event, once one of this type is there; the first one, unless told. */
  next(type: string, count?: number): Promise<StreamedEvent>
}

/** A client of server-sent events, as the standard reads them. */
export const openStream = (
  baseUrl: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<EventStream> =>
  new Promise((resolve, reject) => {
    const request = http.get(new URL(path, baseUrl), { headers, agent: false }, (response) => {
      const events: StreamedEvent[] = []
      let comments = 0
      let lastId: string | null = null
      let over = false
      let rest = ''
      const readFrame = (frame: string) => {
        const fields = new Map<string, string>()
        for (const line of frame.split('\n')) {
          if (line.startsWith(':')) comments += 1
          else fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2))
        }
        lastId = fields.get('id') ?? lastId
        const data = fields.get('data')
        if (data !== undefined)
          events.push({ id: lastId ?? '', event: fields.get('event') ?? 'message', data: JSON.parse(data) })
      }
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        const frames = (rest + text).split('\n\n')
        rest = frames.pop() ?? ''
        for (const frame of frames) readFrame(frame)
      })
      response.on('error', () => {})
      response.on('close', () => {
        over = true
      })
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        comments: () => comments,
        lastId: () => lastId,
        isOver: () => over,
        pause: () => response.pause(),
        resume: () => response.resume(),
        cut: () => request.destroy(),
        next: (type, count = 1) =>
          eventually(
            `event ${count} of type ${type}`,
            () => events.filter((e) => e.event === type)[count - 1],
          ),
      })
    })
    request.on('error', reject)
  })
