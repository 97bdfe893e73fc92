import type { App, Roles } from '../app.ts'
import { describeDatabase } from '../config.ts'
import type { Text } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import type { Command } from './command.ts'
import { defineServerCommand } from './server-command.ts'

/** What a shell shows for a program that a signal has ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** npm hands on what the terminal, or a service manager, has sent to this process as well: that is no second signal. */
const ECHO_MS = 300

/** The first signal drains, the second ends at once. */
export const stopOnSignals = (app: App, log: Logger): void => {
  let firstMs: number | null = null
  const onSignal = (signal: keyof typeof EXIT_CODES) => {
    if (firstMs !== null && performance.now() - firstMs < ECHO_MS) return
    if (firstMs !== null) process.exit(EXIT_CODES[signal])
    firstMs = performance.now()
    log.info(`${signal}: finishing what runs, again to end at once`)
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal(
          { err: error },
          `the shutdown failed: ${error instanceof Error ? error.message : String(error)}`,
        )
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

const PARENT_CHECK_MS = 250

/**
 * Below npm a shell stands in between. Where it is one that does not pass signals on (Debian's), a SIGTERM to npm ends
 * npm and the shell, and nobody would ever stop this process. `exec` in the npm script would do as well, but not on Windows.
 */
const stopWithParent = (app: App, log: Logger): void => {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    log.info('npm has ended: finishing what runs')
    void app.stop().then(() => process.exit(0))
  }, PARENT_CHECK_MS)
  watch.unref()
}

const running = (name: string, summary: Text, roles: Roles): Command =>
  defineServerCommand({
    name,
    summary,
    async run({ config, log, external, contentTypes = [], schedules, tasks }) {
      const { createApp } = await import('../app.ts')
      const app = createApp({
        config,
        roles,
        log,
        contentTypes,
        ...(external && { external }),
        ...(schedules && { schedules }),
        ...(tasks && { tasks }),
      })
      stopOnSignals(app, log)
      if (config.startedByNpm) stopWithParent(app, log)
      await app.start()
      const parts = [
        roles.api && `API on ${app.url}`,
        roles.worker && 'worker',
        describeDatabase(config),
      ].filter(Boolean)
      log.info(`this process: ${parts.join(', ')}`)
      if (app.url === null) return
      log.info(
        `try: curl -X POST ${app.url}/schedule-notification -H 'Content-Type: application/json' -d '{"message":"Hello World"}'`,
      )
    },
  })

export const startCommand = running(
  'start',
  { en: 'API and worker in one process', ko: 'API와 워커를 한 프로세스에서 실행합니다' },
  { api: true, worker: true },
)
export const apiCommand = running(
  'api',
  { en: 'the HTTP API alone', ko: 'HTTP API만 실행합니다' },
  { api: true, worker: false },
)
export const workerCommand = running(
  'worker',
  { en: 'the alarm and the deliveries alone', ko: '알람과 발송만 실행합니다' },
  { api: false, worker: true },
)
