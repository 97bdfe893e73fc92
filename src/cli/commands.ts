import { cancelCommand } from './cancel.ts'
import type { Command } from './command.ts'
import { doctorCommand } from './doctor/index.ts'
import { forgetCommand } from './forget.ts'
import { createHelpCommand } from './help.ts'
import { importCommand } from './import.ts'
import { keysCommand } from './keys.ts'
import { listCommand } from './list.ts'
import { migrateCommand } from './migrate.ts'
import { nextCommand } from './next.ts'
import { apiCommand, startCommand, workerCommand } from './run.ts'
import { reresolveCommand } from './reresolve.ts'
import { sendCommand } from './send.ts'
import { showCommand } from './show.ts'
import { sqlCommand } from './sql.ts'
import { uninstallCommand } from './uninstall.ts'
import { usersCommand } from './users.ts'
import { verifyCommand } from './verify/index.ts'

/** In the order of the help. */
export const commands: readonly Command[] = [
  startCommand,
  apiCommand,
  workerCommand,
  migrateCommand,
  sendCommand,
  listCommand,
  showCommand,
  cancelCommand,
  nextCommand,
  keysCommand,
  usersCommand,
  importCommand,
  reresolveCommand,
  sqlCommand,
  verifyCommand,
  doctorCommand,
  forgetCommand,
  uninstallCommand,
  createHelpCommand(() => commands),
]
