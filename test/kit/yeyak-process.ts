import { createApp } from '../../src/app.ts'
import { loadConfig, readEnvironment } from '../../src/config.ts'
import { createLog } from '../../src/platform/log.ts'
import { stopOnSignals } from '../../src/cli/run.ts'
import { rowModels } from './row-models.ts'
import { namedTasks } from '../../src/tasks/index.ts'
import { createProbeChannel } from './probe-channel.ts'
import { PROCESS_TASKS } from './process-tasks.ts'

// The real program with one more channel: `node test/kit/yeyak-process.ts start|api|worker`, settings by the environment.
const role = process.argv[2] ?? 'start'
const config = loadConfig({ env: readEnvironment(process.cwd()), cwd: process.cwd() })
const log = createLog(config.log)
/** `TEST_TASKS` gives it the tasks of `process-tasks.ts`. */
const declared = process.env['TEST_TASKS'] === undefined ? [] : namedTasks(PROCESS_TASKS)
/** `TEST_KILL_AT` names a step of publishing or of schedules at which this process dies; `TEST_TYPES` further types of content. */
const killAt = process.env['TEST_KILL_AT']
const killAtStep = (step: string) => {
  if (step === killAt) process.kill(process.pid, 'SIGKILL')
}
const types = process.env['TEST_TYPES']?.split(',') ?? []
/** `TEST_ROWS`: the models `note`, of callbacks, and `page`, of a table, over a pool of the application's own. */
const rows = process.env['TEST_ROWS'] === undefined ? null : rowModels(String(process.env['DATABASE_URL']))
const app = createApp({
  config,
  roles: { api: role !== 'worker', worker: role !== 'api' },
  log,
  channels: [createProbeChannel()],
  tasks: { declared, file: null },
  contentTypes: types.map((name) => ({ name, schema: { type: 'object' } })),
  ...(rows?.external && { external: rows.external }),
  onPublishStep: killAtStep,
  onScheduleStep: killAtStep,
})
stopOnSignals(app, log)
await app.start()
log.info({ url: app.url }, 'test: up')
