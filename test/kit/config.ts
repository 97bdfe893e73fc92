import { type Config, loadConfig } from '../../src/config.ts'
import { createLog, type Logger } from '../../src/platform/log.ts'

/** The real settings parser on settings of the test's own; any free port unless told. */
export const testConfig = (env: Readonly<Record<string, string>>): Config =>
  loadConfig({ env: { PORT: '0', YEYAK_LOG_FORMAT: 'json', ...env }, cwd: process.cwd() })

export const silentLog = (): Logger => createLog({ format: 'json', level: 'silent' })
