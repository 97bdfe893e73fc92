import { migrateDatabase } from '../boot/index.ts'
import type { Command } from './command.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the database to this version, and end',
  run: (o) => migrateDatabase(o),
}
