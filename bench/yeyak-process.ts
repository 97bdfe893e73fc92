import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createApp } from '../src/app.ts'
import { loadConfig, readEnvironment } from '../src/config.ts'
import { defineTask, namedTasks } from '../src/tasks/index.ts'
import { createLog } from '../src/platform/log.ts'
import { createBenchChannel } from './channel.ts'
import { endWithParent, serve } from './serve.ts'

// The real program with one more channel, which measures: `node bench/yeyak-process.ts start|api|worker`.
endWithParent()
const role = process.argv[2] ?? 'start'
const channel = createBenchChannel()
const app = createApp({
  config: loadConfig({ env: readEnvironment(process.cwd()), cwd: process.cwd() }),
  roles: { api: role !== 'worker', worker: role !== 'api' },
  log: createLog({ format: 'json', level: 'warn' }),
  channels: [channel],
  ...(process.env['BENCH_TASKS'] !== undefined && {
    tasks: { declared: namedTasks({ noop: defineTask({ handler: () => {} }) }), file: null },
  }),
})
await app.start()
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
/** The longest since the last call, in milliseconds. */
const longestBlock = (): number => {
  const longestMs = delay.max / 1e6
  delay.reset()
  return longestMs
}
serve(
  {
    take: () => channel.take(),
    count: () => channel.count(),
    begun: () => channel.begun(),
    longestBlock,
    memory: () => ({ rss: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 }),
    stop: () => app.stop().then(() => process.exit(0)),
  },
  app.url,
)
