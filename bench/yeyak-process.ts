import { createApp } from '../src/app.ts'
import { loadConfig, readEnvironment } from '../src/config.ts'
import { createLog } from '../src/platform/log.ts'
import { createBenchChannel } from './channel.ts'

// The real program with a channel that measures; its parent asks by messages.
const role = process.argv[2] ?? 'start'
const channel = createBenchChannel()
const app = createApp({
  config: loadConfig({ env: readEnvironment(process.cwd()), cwd: process.cwd() }),
  roles: { api: role !== 'worker', worker: role !== 'api' },
  log: createLog({ format: 'json', level: 'warn' }),
  channels: [channel],
})
process.on('message', (message) => {
  if (message === 'take') process.send?.({ late: channel.take() })
  if (message === 'memory') process.send?.({ rss: process.memoryUsage.rss() })
  if (message === 'stop') void app.stop().then(() => process.exit(0))
})
process.on('disconnect', () => process.exit(1))
await app.start()
process.send?.({ up: app.url })
