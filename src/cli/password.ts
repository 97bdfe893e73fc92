import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Terminal } from './terminal.ts'

/** A password that nobody sees being typed; from a pipe, its first line. It is never an argument: those show in process lists. */
export const readPassword = async (terminal: Terminal, question: string): Promise<string> => {
  if (!terminal.isTyped) return (await terminal.readAll()).split(/\r?\n/u, 1)[0] ?? ''
  process.stderr.write(question)
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nothing, terminal: true })
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line)
      lines.close()
    })
    lines.once('SIGINT', () => lines.close())
    lines.once('close', () => {
      process.stderr.write('\n')
      resolve('')
    })
  })
}
