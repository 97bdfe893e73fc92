import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { runTool } from '../../scripts/tool.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one browser of the tier is reached. */
    browserUrl: string
  }
}

/** By version, since the package takes whatever `chromium` lies in the temporary directory for its own. */
const VERSION = '153.0.0'
const DIRECTORY = join(import.meta.dirname, `../../.tmp/chromium-${VERSION}`)

/** Not those that the package proposes: one process for all crashes, and pages without the rules of the web hide faults. */
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']

/** The path of the browser, unpacked where it was not before; that takes two seconds. What was cut off is not found by the next run. */
const unpack = async (): Promise<string> => {
  const executable = join(DIRECTORY, 'chromium')
  if (existsSync(executable)) return executable
  const unfinished = `${DIRECTORY}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = unfinished
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  rmSync(DIRECTORY, { recursive: true, force: true })
  renameSync(unfinished, DIRECTORY)
  return executable
}

export const launchBrowser = async () =>
  chromium.launchServer({ executablePath: await unpack(), headless: true, args: ARGS })

/** From the sources as they are: an older build would be tested instead. */
export const buildDashboard = async (): Promise<void> => {
  const args = ['build', 'dashboard', '--logLevel', 'warn']
  const { exitCode, output } = await runTool('vite', args, { show: false, limitMs: 120_000 })
  if (exitCode !== 0) throw new Error(`the dashboard could not be built: ${output}`)
}

/** One browser for all files: each opens contexts of its own, which share nothing. */
// oxlint-disable-next-line import/no-default-export -- vitest calls the default export
export default async function setup(project: TestProject) {
  const [browser] = await Promise.all([launchBrowser(), buildDashboard()])
  project.provide('browserUrl', browser.wsEndpoint())
  return () => browser.close()
}
