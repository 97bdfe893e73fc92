import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Runs } from '../../bench/report.ts'
import { scenarios } from '../../bench/scenarios/index.ts'
import { COMPILE_CACHE } from '../kit/compile-cache.ts'

const root = path.join(import.meta.dirname, '../..')
const LIMIT_MS = 240_000

/** How fast anything was is not asked here: the machine of a test run may be as slow and as busy as it likes. */
describe('the benchmark, with tiny sizes', () => {
  let runs: Runs = {}

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['bench/run.ts', '--smoke', '--no-report'],
      {
        ...{ cwd: root, env: { ...process.env, ...COMPILE_CACHE } },
        ...{ timeout: LIMIT_MS - 10_000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 },
      },
    )
    runs = JSON.parse(stdout) as Runs
  }, LIMIT_MS)

  test('runs every scenario that there is a file for', () => {
    const files = readdirSync(path.join(root, 'bench/scenarios')).map((file) => path.basename(file, '.ts'))
    expect(scenarios.map(({ name }) => name).sort()).toEqual(files.filter((name) => name !== 'index').sort())
    expect(Object.keys(runs).sort()).toEqual(scenarios.map(({ name }) => name).sort())
  })

  test.each(scenarios)('$name yields all its figures', ({ name, goals }) => {
    const rows = runs[name]?.rows ?? []
    expect(rows.map((row) => row.id)).toEqual(Object.keys(goals))
    for (const row of rows) expect(Number.isFinite(row.value), row.what).toBe(true)
  })

  // A server that is short of time refuses creates, as it should: how many says only how busy the machine is.
  test('nothing began early, and nothing was lost', () => {
    const rows = Object.values(runs).flatMap((run) => run.rows)
    const counted = rows.filter((row) => ['early', 'lost'].includes(row.id))
    expect(counted.length).toBeGreaterThanOrEqual(6)
    expect(counted.filter((row) => row.value !== 0)).toEqual([])
  })
})
