import { createInterface } from 'node:readline/promises'

/** Where a command reads and writes: the results on one stream, what is said about them on the other. */
export interface Terminal {
  /** One or more lines of the result. */
  print(text: string): void
  /** A piece of the result, as it is. */
  write(text: string): void
  /** Something about the result, or why there is none. */
  complain(text: string): void
  /** Where `complain` writes, for logs. */
  readonly errorStream: NodeJS.WritableStream
  /** Whether a person sees the result as it is written. */
  readonly isInteractive: boolean
  /** Whether a person types what is read. */
  readonly isTyped: boolean
  /** All of the input, until it ends. */
  readAll(): Promise<string>
  /** One line of the input; null where it ends before. */
  ask(question: string): Promise<string | null>
}

/** What a process has of them. */
export interface Streams {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  stdout: NodeJS.WritableStream & { isTTY?: boolean }
  stderr: NodeJS.WritableStream
}

export const createTerminal = ({ stdin, stdout, stderr }: Streams): Terminal => {
  // `yeyak list --all | head -1`: whoever reads has seen enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    print: (text) => void stdout.write(`${text}\n`),
    write: (text) => void stdout.write(text),
    complain: (text) => void stderr.write(`${text}\n`),
    errorStream: stderr,
    isInteractive: stdout.isTTY === true,
    isTyped: stdin.isTTY === true,
    async readAll() {
      const chunks: Buffer[] = []
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array))
      return Buffer.concat(chunks).toString('utf8')
    },
    async ask(question) {
      // The question goes to stderr, so that a result that is piped on stays clean.
      const lines = createInterface({ input: stdin, output: stderr })
      const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)))
      const answer = await Promise.race([lines.question(question), ended])
      lines.close()
      return answer
    },
  }
}
