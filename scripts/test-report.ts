import path from 'node:path'

/** What one stage of `npm test` came to. A check that is not made of tests counts as one. */
export interface StageResult {
  stage: string
  passed: number
  failed: number
  skipped: number
  seconds: number
}

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: TestFile[]
}

interface TestFile {
  status: string
  /** Absolute. */
  name?: string
  /** Why the file could not be loaded. */
  message?: string
  assertionResults: { status: string; fullName?: string; failureMessages?: string[] }[]
}

const MOST_FAILURES = 50

/**
 * A file that cannot be loaded fails without a failed test in it, a crash leaves no report at all, and a stage
 * in which no test ran proves nothing: each of these counts as a failure, so that it cannot pass unseen.
 */
export function countTests(
  report: VitestReport | undefined,
  exitCode: number,
): Omit<StageResult, 'stage' | 'seconds'> {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((each) => each.status === 'failed'),
  ).length
  const failed = report.numFailedTests + brokenFiles
  const unseen = failed === 0 && (exitCode !== 0 || report.numPassedTests === 0)
  return {
    passed: report.numPassedTests,
    failed: unseen ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Each failure in a line, for the end of a long run: the file below `root`, the test, and the first line of why. */
export function failureLines(report: VitestReport | undefined, root: string): string[] {
  const failures = (report?.testResults ?? []).flatMap(
    ({ status, name = '', message = '', assertionResults }) => {
      const failed = assertionResults.filter((each) => each.status === 'failed')
      const whys =
        failed.length === 0 && status === 'failed'
          ? [message]
          : failed.map(({ fullName = '', failureMessages: [why = ''] = [] }) => `${fullName}: ${why}`)
      return whys.map((why) => `${path.relative(root, name)}: ${why.trim().split('\n', 1)[0]}`)
    },
  )
  return failures.slice(0, MOST_FAILURES)
}

export function stageLine({ stage, passed, failed, skipped, seconds }: StageResult): string {
  return `${failed > 0 ? 'FAILED' : 'ok    '} ${stage.padEnd(12)} ${counts({ passed, failed, skipped }).padEnd(36)} ${seconds.toFixed(1).padStart(6)} s`
}

/** The closing line of a run: `N passed, N failed`, which log readers look for. */
export function closingLine(results: readonly StageResult[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped') =>
    results.reduce((total, result) => total + result[key], 0)
  return counts({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') })
}

function counts({ passed, failed, skipped }: { passed: number; failed: number; skipped: number }): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
