import { parseArgs } from 'node:util'
import { killChildren } from './child.ts'
import { startBench, withBench } from './kit.ts'
import { describeMachine } from './machine.ts'
import { readRuns, type Run, type Runs, writeReport } from './report.ts'
import type { Options, Row, Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'

/**
 * `npm run bench [-- scenario…] [--rounds 3] [--soak-minutes 10] [--smoke] [--no-report]`. Progress goes to standard
 * error. `--smoke` tries everything with tiny sizes, several at a time. With either of the last two nothing is written:
 * the results go to standard output as JSON. Missing a goal is no failure: the exit code is 1 where a scenario could not
 * be run.
 */
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    'soak-minutes': { type: 'string', default: '10' },
    smoke: { type: 'boolean', default: false },
    'no-report': { type: 'boolean', default: false },
  },
})

const SMOKE_AT_ONCE = 5
const SMOKE_LIMIT_MS = 5 * 60_000
const SCENARIO_LIMIT_MS = 30 * 60_000

const fail = (text: string): never => {
  console.error(text)
  process.exit(1)
}

const wholeNumber = (name: 'rounds' | 'soak-minutes', max: number): number => {
  const value = Number(given[name])
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  return fail(`--${name} takes a whole number from 1 to ${max}`)
}

const rounds = given.smoke ? 1 : wholeNumber('rounds', 100)
const soakMinutes = wholeNumber('soak-minutes', 600)
const names = scenarios.map(({ name }) => name)
const strangers = positionals.filter((name) => !names.includes(name))
if (strangers.length > 0) fail(`no scenario is called ${strangers.join(', ')}: ${names.join(', ')}`)
const wanted = scenarios.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const writesReport = !given.smoke && !given['no-report']

// Children and database servers see that this process ends, and end too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

const line = ({ what, value, unit, goal, met }: Row): string =>
  `  ${met === false ? 'MISSED ' : ''}${what}: ${value.toLocaleString('en')} ${unit}${goal === null ? '' : ` (goal ${goal})`}`

// In a smoke run all share one server, as starting ten would take longer than everything else.
const shared = given.smoke
  ? await startBench({ shared_preload_libraries: 'pg_stat_statements', max_connections: '400' })
  : null
const own: Options['withBench'] = shared === null ? withBench : (use) => use(shared)
const machine = await describeMachine(own)
const runs: Runs = writesReport ? readRuns() : {}
let hasFailed = false

const runOne = async (scenario: Scenario): Promise<void> => {
  const startedAt = performance.now()
  const limitMs = given.smoke ? SMOKE_LIMIT_MS : SCENARIO_LIMIT_MS + soakMinutes * 60_000
  const tooLong = setTimeout(
    () => fail(`${scenario.name}: not done after ${limitMs / 60_000} minutes`),
    limitMs,
  )
  const say: Options['say'] = (text) => console.error(`  ${scenario.name}: ${text}`)
  console.error(`${scenario.name}: begins`)
  try {
    const result = await scenario.run({ smoke: given.smoke, rounds, soakMinutes, withBench: own, say })
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    const run: Run = { date: new Date().toISOString().slice(0, 10), seconds, rounds, machine, ...result }
    runs[scenario.name] = run
    console.error([`${scenario.name}: done in ${seconds} s`, ...result.rows.map(line)].join('\n'))
    // After each, so that a long run that is broken off keeps what it has measured.
    if (writesReport) await writeReport(scenarios, runs)
  } catch (error) {
    hasFailed = true
    if (!given.smoke) killChildren()
    console.error(`${scenario.name}: could not be run:`, error)
  } finally {
    clearTimeout(tooLong)
  }
}

// One at a time: they would measure each other. In a smoke run the figures are worth nothing, and what waits most goes first.
const WAITS_MOST = ['takeover', 'memory', 'snapshot', 'future', 'disturbed']
const queue = given.smoke
  ? wanted.toSorted((a, b) => Number(WAITS_MOST.includes(b.name)) - Number(WAITS_MOST.includes(a.name)))
  : [...wanted]
const loop = async (): Promise<void> => {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await runOne(next)
}
await Promise.all(Array.from({ length: given.smoke ? SMOKE_AT_ONCE : 1 }, loop))

await shared?.stop()
if (!writesReport) console.log(JSON.stringify(runs))
process.exit(hasFailed ? 1 : 0)
