import { readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { isComplete } from './sql-script.ts'

export interface PromptOptions {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream
  /** Where the lines typed are kept for the next time. */
  historyFile: string
  /** A line that begins with a backslash, or statements with their semicolon. Resolves with false to end. */
  onInput(text: string): Promise<boolean>
  /** Ctrl-C while something runs. */
  onCancel(): void
  /** Ends the prompt when it resolves. */
  lost: Promise<unknown>
}

const HISTORY = 1000
const PROMPTS = { first: 'yeyak=> ', more: 'yeyak-> ' } as const

const readHistory = (file: string): string[] => {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(0, HISTORY)
  } catch {
    return []
  }
}

const writeHistory = (file: string, lines: readonly string[]): void => {
  try {
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  } catch {
    // A home that cannot be written is no reason to complain at each end.
  }
}

/** Reads statements line by line until the input ends, `\q` or Ctrl-D. */
export const runPrompt = (o: PromptOptions): Promise<void> =>
  new Promise((resolve) => {
    const lines = createInterface({
      input: o.input,
      output: o.output,
      history: readHistory(o.historyFile),
      historySize: HISTORY,
      prompt: PROMPTS.first,
      removeHistoryDuplicates: true,
    })
    let typed = ''
    /** A statement runs. */
    let isRunning = false
    /** Lines are taken one after the other; most of them are but a part of a statement. */
    let isDraining = false
    let hasEnded = false
    let history: string[] = []
    /** Of a paste or a pipe, more lines come while a statement runs. */
    const waiting: string[] = []

    const ask = () => {
      lines.setPrompt(typed === '' ? PROMPTS.first : PROMPTS.more)
      lines.prompt()
    }

    const finish = () => {
      if (history.length > 0) writeHistory(o.historyFile, history)
      resolve()
    }

    const take = async (line: string): Promise<void> => {
      const isMeta = typed === '' && line.trimStart().startsWith('\\')
      typed = typed === '' ? line : `${typed}\n${line}`
      if (!isMeta && !isComplete(typed)) return
      const text = typed.trim()
      typed = ''
      if (text === '') return
      isRunning = true
      const goesOn = await o.onInput(text)
      isRunning = false
      if (goesOn) return
      waiting.length = 0
      lines.close()
    }

    const drain = async (): Promise<void> => {
      if (isDraining) return
      isDraining = true
      for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) await take(line)
      isDraining = false
      if (hasEnded) finish()
      else ask()
    }

    lines.on('history', (all: string[]) => (history = [...all]))
    lines.on('line', (line) => {
      waiting.push(line)
      void drain()
    })
    lines.on('SIGINT', () => {
      if (isRunning) {
        o.onCancel()
        return
      }
      typed = ''
      o.output.write('\n')
      ask()
    })
    lines.on('close', () => {
      hasEnded = true
      if (!isDraining) finish()
    })
    void o.lost.then(() => lines.close())
    ask()
  })
