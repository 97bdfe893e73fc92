import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/**
 * Where a server may misbehave. `begin`: it has read the beginning of a mail, and no more; `end`: it has the whole mail, and has not
 * answered it.
 */
export type SmtpStep = 'connect' | 'auth' | 'mail' | 'rcpt' | 'begin' | 'end'

export interface SmtpMoment {
  step: SmtpStep
  /** The address of a `rcpt`, the sender of a `mail`. */
  address: string
  /** Which connection it is, from 1. */
  connection: number
}

/** Does as it should where nothing is told. */
export type SmtpBehaviour =
  | { reply: [code: number, text: string] }
  | { close: true }
  | { hang: true }
  | { delayMs: number }
  | undefined

export interface SinkMail {
  raw: Buffer
  from: string
  recipients: string[]
  isTls: boolean
  user: string | null
  connection: number
}

export interface SmtpSink {
  port: number
  /** Everything that it has answered with 250. */
  readonly mails: readonly SinkMail[]
  /** How many connections it has seen. */
  readonly connections: number
  /** How many are open now. */
  readonly open: number
  /** What it has been asked so far, in order. */
  readonly moments: readonly SmtpMoment[]
  behave(decide: (moment: SmtpMoment) => SmtpBehaviour): void
  /** Lets a server forget about its clients, as a restart does. */
  closeAll(): void
  stop(): Promise<void>
}

type Done = (error?: Error | null) => void

const portOf = async (server: Server): Promise<number> => {
  if (!server.listening) await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A real SMTP server with the certificate of its library, which nobody has signed. */
export const startSmtpSink = async (
  o: SMTPServerOptions & { login?: { user: string; password: string } } = {},
): Promise<SmtpSink> => {
  const mails: SinkMail[] = []
  const moments: SmtpMoment[] = []
  /** By the port that they come from. */
  const sockets = new Map<number, { socket: Socket; number: number }>()
  let connections = 0
  let decide: (moment: SmtpMoment) => SmtpBehaviour = () => undefined

  const meet = (step: SmtpStep, port: number, address: string, done: Done) => {
    const own = sockets.get(port)
    const moment = { step, address, connection: own?.number ?? 0 }
    moments.push(moment)
    const behaviour = decide(moment)
    if (behaviour === undefined) return done()
    if ('close' in behaviour) return void own?.socket.destroy()
    if ('delayMs' in behaviour) return void setTimeout(done, behaviour.delayMs)
    if ('reply' in behaviour) {
      const [responseCode, text] = behaviour.reply
      return done(Object.assign(new Error(text), { responseCode }))
    }
  }

  const server = new SMTPServer({
    disabledCommands: o.login === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 50,
    // It would warn of its certificate.
    logger: false,
    ...o,
    onConnect: (session, done) => meet('connect', session.remotePort, '', done),
    onAuth: ({ username, password }, session, done) =>
      meet('auth', session.remotePort, '', (error) => {
        const isRight = username === o.login?.user && password === o.login?.password
        done(error ?? (isRight ? null : new Error('Invalid username or password')), { user: username })
      }),
    onMailFrom: ({ address }, session, done) => meet('mail', session.remotePort, address, done),
    onRcptTo: ({ address }, session, done) => meet('rcpt', session.remotePort, address, done),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      const finish = (refusal?: Error | null) => {
        if (refusal !== undefined && refusal !== null) return done(refusal)
        const { envelope, remotePort, user } = session
        mails.push({
          raw: Buffer.concat(chunks),
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          recipients: envelope.rcptTo.map(({ address }) => address),
          isTls: session.secure,
          user: typeof user === 'string' ? user : null,
          connection: sockets.get(remotePort)?.number ?? 0,
        })
        return done(null)
      }
      stream.on('end', () => meet('end', session.remotePort, '', finish))
      stream.once('data', (first: Buffer) => {
        chunks.push(first)
        stream.pause()
        meet('begin', session.remotePort, '', () => {
          stream.on('data', (chunk: Buffer) => chunks.push(chunk))
          stream.resume()
        })
      })
    },
  })
  // Clients that go without a word are what is tested here.
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    connections += 1
    const port = socket.remotePort ?? 0
    sockets.set(port, { socket, number: connections })
    socket.on('close', () => sockets.delete(port))
  })
  const port = await portOf(server.listen(0, '127.0.0.1'))
  const closeAll = () => {
    for (const { socket } of sockets.values()) socket.destroy()
  }
  return {
    port,
    mails,
    moments,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    behave(value) {
      decide = value
    },
    closeAll,
    async stop() {
      closeAll()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

/** What a scripted server does with a line: it says something, says nothing, or closes. */
export type ScriptedAnswer = string | null | typeof CLOSE
export const CLOSE = Symbol('close')

/** A server that says what no library would: `answer` gets each line, the mail itself as lines too, and `""` at first. */
export const startScriptedSmtp = async (
  answer: (line: string) => ScriptedAnswer,
): Promise<{ port: number; readonly open: number; stop(): Promise<void> }> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    let rest = ''
    const act = (line: string) => {
      const said = answer(line)
      if (said === CLOSE) socket.destroy()
      else if (said !== null) socket.write(said)
    }
    act('')
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) act(line)
    })
  })
  const port = await portOf(server.listen(0, '127.0.0.1'))
  return {
    port,
    get open() {
      return sockets.size
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
