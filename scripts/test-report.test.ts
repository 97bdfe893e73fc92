import { expect, test } from 'vitest'
import { closingLine, countTests, failureLines } from './test-report.ts'

const report = (
  passed: number,
  failed: number,
  files: { status: string; assertionResults: { status: string }[] }[] = [],
) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: files,
})

test('tests are counted as vitest counts them', () => {
  expect(countTests(report(5, 0), 0)).toEqual({ passed: 5, failed: 0, skipped: 2 })
  const files = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }]
  expect(countTests(report(5, 2, files), 1)).toEqual({ passed: 5, failed: 2, skipped: 2 })
})

test('a file that cannot be loaded, a crash, and a stage without a test are failures', () => {
  expect(countTests(report(5, 0, [{ status: 'failed', assertionResults: [] }]), 1).failed).toBe(1)
  expect(countTests(report(5, 0), 1).failed).toBe(1)
  expect(countTests(undefined, 0).failed).toBe(1)
  expect(countTests(report(0, 0), 0).failed).toBe(1)
})

test('what failed is said in a line each: the file, the test, and the first line of why', () => {
  const failed = { status: 'failed', fullName: 'it rains', failureMessages: ['Error: dry\n  at here'] }
  const files = [
    { status: 'passed', name: '/r/test/a.test.ts', assertionResults: [{ status: 'passed', fullName: 'x' }] },
    { status: 'failed', name: '/r/test/b.test.ts', assertionResults: [failed] },
    { status: 'failed', name: '/r/test/c.test.ts', message: 'no module\nmore', assertionResults: [] },
  ]
  expect(failureLines(report(1, 1, files), '/r')).toEqual([
    'test/b.test.ts: it rains: Error: dry',
    'test/c.test.ts: no module',
  ])
  expect(failureLines(undefined, '/r')).toEqual([])
})

test('the closing line is one that log readers know', () => {
  const stage = { stage: 'unit', passed: 3, failed: 0, skipped: 0, seconds: 1 }
  expect(closingLine([stage, { ...stage, failed: 1 }])).toBe('6 passed, 1 failed')
  expect(closingLine([{ ...stage, skipped: 2 }])).toBe('3 passed, 0 failed, 2 skipped')
})
