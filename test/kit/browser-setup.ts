import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserServer, chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { runTool } from '../../scripts/tool.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one browser of the tier is reached. */
    browserUrl: string
    /** The dashboard, built for this run. */
    dashboardDirectory: string
  }
}

/** By version, since the package takes whatever `chromium` lies in the temporary directory for its own. */
const VERSION = '153.0.0'
const TMP = join(import.meta.dirname, '../../.tmp')
const DIRECTORY = join(TMP, `chromium-${VERSION}`)

/** Not those that the package proposes: one process for all crashes, and pages without the rules of the web hide faults. */
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
/** So that the libraries for a machine that has none come along; they are used where one is missing. */
const BARE_MACHINE = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
/** What the package sets for its own sake. */
const ITS_OWN = ['FONTCONFIG_PATH', 'LD_LIBRARY_PATH', 'HOME']

/** The letters that every machine has, and no others: Korean is shown by the font that the page brings. */
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${DIRECTORY}/fonts/fonts</dir><cachedir>${DIRECTORY}/fonts-cache</cachedir></fontconfig>`

const withEnvironment = async <Result>(
  changes: Record<string, string>,
  work: () => Promise<Result>,
): Promise<Result> => {
  const before = Object.fromEntries(
    [...Object.keys(changes), ...ITS_OWN].map((name) => [name, process.env[name]]),
  )
  Object.assign(process.env, changes)
  try {
    return await work()
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
  }
}

/** The path of the browser, unpacked where it was not before; that takes two seconds. What was cut off is not found by the next run. */
const unpack = async (): Promise<string> => {
  const executable = join(DIRECTORY, 'chromium')
  if (existsSync(executable)) return executable
  mkdirSync(TMP, { recursive: true })
  const unfinished = mkdtempSync(`${DIRECTORY}.`)
  await withEnvironment({ ...BARE_MACHINE, TMPDIR: unfinished }, async () => {
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
  })
  writeFileSync(join(unfinished, 'fonts.conf'), FONTS)
  // Another run may have been faster.
  if (existsSync(executable)) rmSync(unfinished, { recursive: true })
  else renameSync(unfinished, DIRECTORY)
  return executable
}

export const launchBrowser = async (): Promise<BrowserServer> => {
  const executablePath = await unpack()
  const launch = (more: Record<string, string>) =>
    chromium.launchServer({
      ...{ executablePath, headless: true, args: ARGS },
      env: { ...process.env, FONTCONFIG_FILE: join(DIRECTORY, 'fonts.conf'), ...more },
    })
  return launch({}).catch((error: unknown) => {
    if (!/shared librar|shared object/iu.test(String(error))) throw error
    return launch({ LD_LIBRARY_PATH: join(DIRECTORY, 'al2023/lib') })
  })
}

/** From the sources as they are, at a place of its own: an older build would be tested instead, or one torn away from a server. */
export const buildDashboard = async (): Promise<{ directory: string; remove(): void }> => {
  mkdirSync(TMP, { recursive: true })
  const directory = mkdtempSync(join(TMP, 'dashboard-'))
  const args = ['build', 'dashboard', '--logLevel', 'warn', '--outDir', directory, '--emptyOutDir']
  const { exitCode, output } = await runTool('vite', args, { show: false, limitMs: 120_000 })
  if (exitCode !== 0) throw new Error(`the dashboard could not be built: ${output}`)
  return { directory: `${directory}/`, remove: () => rmSync(directory, { recursive: true, force: true }) }
}

/** One browser for all files: each opens contexts of its own, which share nothing. */
// oxlint-disable-next-line import/no-default-export -- vitest calls the default export
export default async function setup(project: TestProject) {
  const [browser, dashboard] = await Promise.all([launchBrowser(), buildDashboard()])
  project.provide('browserUrl', browser.wsEndpoint())
  project.provide('dashboardDirectory', dashboard.directory)
  return async () => {
    await browser.close()
    dashboard.remove()
  }
}
