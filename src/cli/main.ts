import { readEnvironment } from '../config.ts'
import { runProgram } from './program.ts'
import { createTerminal } from './terminal.ts'

const cwd = process.cwd()
const code = await runProgram(process.argv.slice(2), {
  cwd,
  environment: () => readEnvironment(cwd),
  terminal: createTerminal(process),
})
// Set, not ended by: what was printed goes out first. A server has no code yet, it goes on.
if (code !== undefined) process.exitCode = code
