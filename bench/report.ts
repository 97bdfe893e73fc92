import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { runTool } from '../scripts/tool.ts'
import type { Machine } from './machine.ts'
import type { Goal, Result, Row, Scenario, Table } from './scenario.ts'

/** What one run of one scenario gave. */
export interface Run extends Result {
  /** The day, in UTC. */
  date: string
  /** How long it took. */
  seconds: number
  rounds: number
  machine: Machine
}

/** By the scenario's name. A scenario that is run again replaces its own run only. */
export type Runs = Record<string, Run>

const resultsFile = new URL('results.json', import.meta.url)
const reportFile = new URL('../docs/benchmarks.md', import.meta.url)

export const readRuns = (): Runs =>
  existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Runs) : {}

/** Keeps the raw results, and writes the page from them. */
export const writeReport = async (scenarios: readonly Scenario[], runs: Runs): Promise<void> => {
  const known = Object.fromEntries(
    scenarios.flatMap(({ name }) => (runs[name] === undefined ? [] : [[name, runs[name]]])),
  )
  writeFileSync(resultsFile, `${JSON.stringify(known, null, 2)}\n`)
  writeFileSync(reportFile, render(scenarios, known))
  // It is committed, and so it has to pass the check of the format like everything else.
  const { exitCode, output } = await runTool('oxfmt', ['bench/results.json'], {
    show: false,
    limitMs: 60_000,
  })
  if (exitCode !== 0) throw new Error(`bench/results.json could not be formatted: ${output}`)
}

const cell = (value: string | number): string =>
  (typeof value === 'number'
    ? value.toLocaleString('en', { maximumSignificantDigits: 6 })
    : value
  ).replaceAll('|', '\\|')

const table = (head: readonly string[], lines: readonly (readonly (string | number)[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...lines.map((line) => `| ${line.map(cell).join(' | ')} |`),
]

const verdict = ({ met }: Row): string => (met === null ? '' : met ? 'met' : '**missed**')

const figures = (rows: readonly Row[]): string[] => {
  const hasRounds = rows.some((row) => row.rounds !== null)
  return table(
    ['what', 'result', ...(hasRounds ? ['rounds'] : []), 'goal', ''],
    rows.map((row) => [
      row.what,
      `${cell(row.value)} ${row.unit}`,
      ...(hasRounds ? [row.rounds?.map(cell).join(' · ') ?? ''] : []),
      row.goal ?? '',
      verdict(row),
    ]),
  )
}

const further = ({ title, head, cells }: Table): string[] => ['', `${title}:`, '', ...table(head, cells)]

/** The machine of the run that is the latest stands at the head of the page; a section says where its own differs. */
const machineText = (machine: Machine): string =>
  `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; ${machine.system}; Node ${machine.node}, PostgreSQL ` +
  `${machine.postgres}, pg-boss ${machine.pgBoss}, Yeyak ${machine.yeyak}`

const section = (scenario: Scenario, run: Run | undefined, latest: Machine | undefined): string[] => [
  '',
  `## ${scenario.title}`,
  '',
  scenario.about,
  '',
  ...(run === undefined
    ? notRun(scenario)
    : [...measured(scenario, run, latest), ...figures(run.rows), ...run.tables.flatMap(further)]),
]

const measured = ({ name }: Scenario, run: Run, latest: Machine | undefined): string[] => {
  const elsewhere =
    latest === undefined || machineText(latest) === machineText(run.machine)
      ? ''
      : ` on ${machineText(run.machine)}`
  return [
    `Measured on ${run.date}${elsewhere}, in ${run.seconds} s: \`npm run bench -- ${name}${run.rounds === 3 ? '' : ` --rounds ${run.rounds}`}\`.`,
    '',
  ]
}

const notRun = ({ name, goals }: Scenario): string[] => {
  const bounds = Object.values(goals).flatMap(({ what, bound }: Goal) => (bound ? [[what, bound.text]] : []))
  return [`Not measured yet: \`npm run bench -- ${name}\`.`, '', ...table(['what', 'goal'], bounds)]
}

const summary = (scenarios: readonly Scenario[], runs: Runs): string[] => {
  const judged = scenarios.flatMap(({ name, title }) =>
    (runs[name]?.rows ?? []).filter((row) => row.met !== null).map((row) => ({ title, row })),
  )
  const missed = judged.filter(({ row }) => row.met === false)
  if (judged.length === 0) return ['Nothing was measured yet.']
  if (missed.length === 0) return [`All goals are met: ${judged.length}.`]
  return [
    `${judged.length - missed.length} of ${judged.length} goals are met. Missed:`,
    '',
    ...missed.map(
      ({ title, row }) => `- ${title}, ${row.what}: ${cell(row.value)} ${row.unit}, goal ${row.goal}`,
    ),
  ]
}

/** The page as Markdown. */
export const render = (scenarios: readonly Scenario[], runs: Runs): string => {
  const latest = Object.values(runs).sort((a, b) => (a.date < b.date ? 1 : -1))[0]?.machine
  const machine =
    latest === undefined
      ? []
      : [
          '',
          ...table(
            ['machine', ''],
            [
              ['processor', `${latest.cpu}, ${latest.cores} cores`],
              ['memory', `${latest.memoryGb} GB`],
              ['system', latest.system],
              [
                'versions',
                `Node ${latest.node}, PostgreSQL ${latest.postgres} (embedded), pg-boss ${latest.pgBoss}, Yeyak ${latest.yeyak}`,
              ],
              [
                'PostgreSQL',
                Object.entries(latest.settings)
                  .map(([name, value]) => `\`${name} = ${value}\``)
                  .join(', '),
              ],
              ['one commit alone', `${latest.commitMs} ms`],
            ],
          ),
        ]
  const lines = [
    '# Benchmarks',
    '',
    'Written by `npm run bench` from `bench/results.json`; not by hand. `npm run bench -- lateness http` measures only these, and rewrites',
    'only their sections; `--rounds 5` measures more often, `--smoke` tries everything with tiny sizes and writes nothing.',
    '',
    '**How it is measured.** Load, servers and PostgreSQL share one machine, and so one clock. PostgreSQL is the embedded one, with',
    'durable commits. Yeyak is a real process with the V8 limits of `npm start`; what it is compared with gets a process and the same limits.',
    'Lateness is the moment at which a send begins, as the channel sees it, minus the due time. Notifications are planted ahead by SQL,',
    'as the API writes them, except where HTTP is measured. Each process is warmed up first. What is compared takes turns within a',
    'round; a result is the median of the rounds, which stand beside it. p99: of a hundred, the second latest.',
    '',
    ...summary(scenarios, runs),
    ...machine,
    ...scenarios.flatMap((scenario) => section(scenario, runs[scenario.name], latest)),
  ]
  return `${lines.join('\n')}\n`
}
