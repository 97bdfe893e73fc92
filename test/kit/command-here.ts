import { tmpdir } from 'node:os'
import { PassThrough, Readable } from 'node:stream'
import { readEnvironment } from '../../src/config.ts'
import { runProgram } from '../../src/cli/program.ts'
import { createTerminal } from '../../src/cli/terminal.ts'
import type { CommandOptions } from './command.ts'

/** `yeyak …` in this process, to its end: what a command does and says, without half a second of Node's own for each. */
export const runCommandHere = async (
  args: readonly string[],
  { env = {}, input = '', cwd = tmpdir() }: Pick<CommandOptions, 'env' | 'input' | 'cwd'> = {},
): Promise<{ code: number | null; out: string; errors: string }> => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  let out = ''
  let errors = ''
  stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk))
  stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk))
  const code = await runProgram(args, {
    cwd,
    environment: () => readEnvironment(cwd, env),
    terminal: createTerminal({ stdin: Readable.from([Buffer.from(input)]), stdout, stderr }),
  })
  await Promise.all(
    [stdout, stderr].map(async (stream) => {
      stream.end()
      if (!stream.readableEnded) await new Promise((resolve) => stream.once('end', resolve))
    }),
  )
  return { code: code ?? null, out, errors }
}
