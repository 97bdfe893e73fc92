import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Authenticate, type Caller, problems, type Server, unavailable } from '../http/index.ts'
import type { Database } from '../platform/database.ts'
import { YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import { afterOf, filterFor, type GivenFilter } from './filter.ts'
import { COMMENT, openingFrame, placeFrame, resetFrame } from './frames.ts'
import { createHub } from './hub.ts'
import { BEGINNING, parsePosition, type Position } from './position.ts'
import type { EventRepository, Filter } from './repository.ts'
import { isLost } from './routes.ts'
import { feedFilters } from './schema.ts'
import { createSink, type ResponseSink } from './sink.ts'
import { createStream, type Stream } from './stream.ts'

export interface StreamRouteOptions {
  /** For what lies further back. */
  db: Database
  /** For the look that all streams share, twenty times a second: its plan is kept. */
  tailDb: Database
  repository: EventRepository
  /** Asked again for each open stream at every beat: its key may have been revoked. */
  authenticate: Authenticate
  log: Logger
  /** The pause between two comments, and between two looks at the key; 15 s unless told. */
  beatMs?: number
}

/** Streams that are open at once, of one process. */
export const MOST_STREAMS = 500
const BEAT_MS = 15_000
/** A client that takes nothing for so many beats is cut off; it comes again, and goes on where it was. */
const STALLED_BEATS = 2

type StreamRequest = FastifyRequest<{ Querystring: GivenFilter & { after?: string } }>

interface Client {
  request: StreamRequest
  sink: ResponseSink
  stream: Stream
}

/** The last event that a client has seen; its position is null where the id is none of ours. */
interface Resume {
  text: string
  position: Position | null
}

/** Where to begin: after the last event that a client has seen, if he says so. The header is the later word. */
const resumeFrom = (request: StreamRequest): Resume | null => {
  const header = request.headers['last-event-id']
  const given = typeof header === 'string' && header !== '' ? header : undefined
  if (given !== undefined) return { text: given, position: parsePosition(given) }
  const { after } = request.query
  return after === undefined ? null : { text: after, position: afterOf(after) }
}

/** Whatever the reason is: only that nobody can be asked now lets a stream go on. */
const isRefused = (error: unknown): boolean => error instanceof YeyakError && error.code !== 'unavailable'

/** `/v1/stream`: the feed as it goes on, as server-sent events. */
export const streamRoutes = (app: Server, o: StreamRouteOptions): void => {
  const beatMs = o.beatMs ?? BEAT_MS
  const clients = new Set<Client>()
  let taken = 0
  let beat: NodeJS.Timeout | null = null
  const hub = createHub({
    bounds: () => o.repository.bounds(o.tailDb),
    tail: (after, limit) => o.repository.tail(o.tailDb, after, limit),
    log: o.log,
  })

  const checkAgain = async ({ request, stream, sink }: Client): Promise<void> => {
    try {
      const caller: Caller = await o.authenticate(request)
      stream.setFilter(filterFor(caller, request.query))
    } catch (error) {
      if (isRefused(error)) sink.end()
    }
  }

  const beatAll = (): void => {
    for (const client of clients) {
      const { sink, stream } = client
      if (sink.stalledMs() > STALLED_BEATS * beatMs) sink.destroy()
      else {
        stream.tellPlace()
        sink.write(COMMENT)
        void checkAgain(client)
      }
    }
  }

  const leave = (client: Client, part: () => void): void => {
    part()
    client.stream.close()
    clients.delete(client)
    taken -= 1
    if (clients.size > 0 || beat === null) return
    clearInterval(beat)
    beat = null
  }

  const begin = (request: StreamRequest, sink: ResponseSink, filter: Filter, position: Position): void => {
    const stream = createStream({
      sink,
      hub,
      filter,
      position,
      read: (now, after, limit) => o.repository.page(o.db, now, { after, descending: false, limit }),
      onBroken: () => sink.destroy(),
    })
    const client = { request, sink, stream }
    clients.add(client)
    const part = hub.join(stream.wake)
    beat ??= setInterval(beatAll, beatMs)
    // Only now: a client that has gone already leaves at once, and takes all of this back.
    sink.onClose(() => leave(client, part))
    stream.wake()
  }

  /** What comes before the first event; the place at once, so that a client that is cut off before it misses none. */
  const open = async (
    request: StreamRequest,
    reply: FastifyReply,
    { filter, resume }: { filter: Filter; resume: Resume | null },
  ): Promise<void> => {
    const bounds = await o.repository.bounds(o.db)
    const isReset = resume !== null && (resume.position === null || isLost(resume.position, bounds))
    const position = isReset ? BEGINNING : (resume?.position ?? bounds.now)
    const sink = createSink(reply)
    const opening = isReset ? resetFrame(resume.text) : placeFrame(position)
    sink.write(`${openingFrame}${opening}`)
    begin(request, sink, filter, position)
  }

  app.addHook('preClose', (done) => {
    hub.stop()
    for (const { sink } of clients) sink.end()
    done()
  })

  app.get(
    '/v1/stream',
    {
      config: { access: 'any', takes: ['Last-Event-ID'] },
      schema: {
        tags: ['events'],
        summary: 'Stream events as they happen (server-sent events)',
        description:
          'Begins with what happens from now on, or after `Last-Event-ID` or `after`. An id that is no longer kept is answered by an event `reset`, and the oldest that are kept follow. A comment every 15 seconds.',
        querystring: Type.Object(feedFilters, { additionalProperties: false }),
        response: {
          200: {
            description: 'An endless answer: id, event and data of each event.',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          ...problems(['missing-scope']),
        },
      },
    },
    async (request: StreamRequest, reply) => {
      const filter = filterFor(request.caller, request.query)
      const resume = resumeFrom(request)
      if (request.method === 'HEAD') return reply.type('text/event-stream; charset=utf-8').send()
      if (taken >= MOST_STREAMS) throw unavailable('overloaded', 5)
      taken += 1
      try {
        await open(request, reply, { filter, resume })
      } catch (error) {
        taken -= 1
        throw error
      }
      return reply
    },
  )
}
