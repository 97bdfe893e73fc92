/**
 * `npm test`: everything that a change must pass. `node scripts/test.ts lint unit` runs only the named stages.
 * The last line is `N passed, N failed`; the exit code is 1 on any failure.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  closingLine,
  countTests,
  failureLines,
  stageLine,
  type StageResult,
  type VitestReport,
} from './test-report.ts'
import { runTool } from './tool.ts'

/** Far above what a stage takes: it ends a run that hangs, so that it still says what failed. */
const limitMs = 15 * 60_000

const checks: Readonly<Record<string, [tool: string, ...args: string[]]>> = {
  format: ['oxfmt', '--check'],
  lint: ['oxlint'],
  types: ['tsc', '--project', 'tsconfig.json'],
  'types:dashboard': ['tsc', '--project', 'dashboard/tsconfig.json'],
}
const tiers = ['unit', 'integration', 'dashboard', 'faults', 'e2e']

const wanted = process.argv.slice(2)
const strangers = wanted.filter((name) => !(name in checks) && !tiers.includes(name))
if (strangers.length > 0) {
  console.error(
    `no stage is called ${strangers.join(', ')}: ${[...Object.keys(checks), ...tiers].join(', ')}`,
  )
  process.exit(1)
}
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name)
const reports = mkdtempSync(path.join(tmpdir(), 'yeyak-test-'))
const results: StageResult[] = []
const failures: string[] = []

try {
  // The checks and the unit tests need no database and little time: together they fill both cores. The other tiers bring
  // workers of their own, and watch the clock: two at a time, each finds the machine too slow for some of its tests.
  await Promise.all([...Object.keys(checks).filter(isWanted).map(check), runTiers(['unit'], false)])
  await runTiers(['integration', 'faults', 'dashboard', 'e2e'], true)
} finally {
  rmSync(reports, { recursive: true, force: true })
}

console.log(`\n${[...failures, ...results.map(stageLine)].join('\n')}\n`)
console.log(closingLine(results))
if (results.some((result) => result.failed > 0)) process.exitCode = 1

async function check(stage: string): Promise<void> {
  const [tool, ...args] = checks[stage] ?? ['']
  const started = performance.now()
  const { exitCode, output } = await runTool(tool, args, { show: false, limitMs })
  finish({ stage, passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }, started)
  if (exitCode !== 0) console.log(output)
}

async function runTiers(names: readonly string[], show: boolean): Promise<void> {
  for (const tier of names.filter(isWanted)) await runTier(tier, show)
}

async function runTier(stage: string, show: boolean): Promise<void> {
  const started = performance.now()
  const file = path.join(reports, `${stage}.json`)
  const args = [
    'run',
    '--project',
    stage,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]
  const { exitCode, output } = await runTool('vitest', args, { show, limitMs })
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as VitestReport) : undefined
  const counted = countTests(report, exitCode)
  failures.push(...failureLines(report, path.join(import.meta.dirname, '..')))
  finish({ stage, ...counted }, started)
  if (counted.failed > 0) console.log(output)
}

function finish(result: Omit<StageResult, 'seconds'>, startedAtMs: number): void {
  const complete = { ...result, seconds: (performance.now() - startedAtMs) / 1000 }
  results.push(complete)
  console.log(stageLine(complete))
}
