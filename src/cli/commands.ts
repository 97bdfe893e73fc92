import { cancelCommand } from './cancel.ts'
import type { Command } from './command.ts'
import { createHelpCommand } from './help.ts'
import { importCommand } from './import.ts'
import { listCommand } from './list.ts'
import { migrateCommand } from './migrate.ts'
import { apiCommand, startCommand, workerCommand } from './run.ts'
import { sendCommand } from './send.ts'
import { showCommand } from './show.ts'
import { sqlCommand } from './sql.ts'
import { uninstallCommand } from './uninstall.ts'

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
  importCommand,
  sqlCommand,
  uninstallCommand,
  createHelpCommand(() => commands),
]
