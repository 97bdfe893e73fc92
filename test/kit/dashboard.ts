import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { expect, inject, onTestFinished, TestRunner } from 'vitest'
import { startTestApp, type TestApp, type TestAppOptions } from './app.ts'

export interface PageOptions {
  language?: 'en' | 'ko'
  theme?: 'light' | 'dark'
  /** 1280 unless told; 360 is a phone. */
  width?: number
  timeZone?: string
  /** An API key, as if it had been signed in with. */
  key?: string
}

export interface OpenedPage {
  page: Page
  context: BrowserContext
  /** What the page has done that no page may: errors, refusals of its policy, requests that leave the server. */
  faults: string[]
}

export interface Dashboard extends TestApp {
  url: string
  browser: Browser
  /** A page of its own, with nothing kept from others; closed with the test that opened it, or by `end`. */
  open(path: string, options?: PageOptions): Promise<OpenedPage>
  /** A key with these scopes; the first one closes the server. */
  makeKey(scopes: readonly string[], by?: string): Promise<string>
}

const HEIGHT = 900
/** Refusals that a test provokes are shown to the reader, and logged by the browser. */
const EXPECTED = /the server responded with a status of|net::ERR_/iu

const watch = (page: Page, origin: string): string[] => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`error: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text()))
      faults.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(?:data|blob):/u.test(url)) faults.push(`left the server: ${url}`)
  })
  return faults
}

/** What a test answers in the server's place may be under way just then. */
const close = async ({ page, context }: OpenedPage): Promise<void> => {
  if (!page.isClosed()) await page.unrouteAll({ behavior: 'ignoreErrors' })
  await context.close()
}

/** The whole of Yeyak, and its dashboard in a real browser. `end` fails where a page did what no page may. */
export const startDashboard = async (o: TestAppOptions = {}): Promise<Dashboard> => {
  const [app, browser] = await Promise.all([
    startTestApp({ dashboardDirectory: inject('dashboardDirectory'), ...o }),
    chromium.connect(inject('browserUrl')),
  ])
  const url = (app.app.url ?? '').replace('localhost', '127.0.0.1')
  const opened: OpenedPage[] = []

  const open = async (path: string, options: PageOptions = {}): Promise<OpenedPage> => {
    const context = await browser.newContext({
      locale: options.language === 'ko' ? 'ko-KR' : 'en-GB',
      timezoneId: options.timeZone ?? 'Asia/Seoul',
      colorScheme: options.theme ?? 'light',
      viewport: { width: options.width ?? 1280, height: HEIGHT },
      reducedMotion: 'reduce',
      baseURL: url,
    })
    const { key } = options
    if (key !== undefined)
      await context.addInitScript((value) => sessionStorage.setItem('yeyak.key', value), key)
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    const one = { page, context, faults: watch(page, url) }
    opened.push(one)
    // Left open, each goes on asking the server what is new until the file is done.
    if (TestRunner.getCurrentTest() !== undefined) onTestFinished(() => close(one))
    await page.goto(path)
    return one
  }

  return {
    ...app,
    url,
    browser,
    open,
    async makeKey(scopes, by) {
      const reply = await app.client.call(
        'POST',
        '/v1/api-keys',
        { name: scopes.join(' ').slice(0, 90), scopes },
        by === undefined ? {} : { authorization: `Bearer ${by}` },
      )
      if (reply.status !== 201) throw new Error(`no key: ${reply.text}`)
      return reply.body.key
    },
    async end() {
      await Promise.all(opened.map(close))
      await browser.close()
      await app.end()
      expect(opened.flatMap(({ faults }) => faults)).toEqual([])
    },
  }
}

/** `axe.source` has twice the length, and each check sends it through three processes. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const CHECK = `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })`

/** No rule of axe is broken by what is shown just now. Run in the page itself: its own driver takes ten times as long. */
export const expectAccessible = async (page: Page): Promise<void> => {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate<AxeResults>(CHECK)
  const told = violations.map(({ id, nodes }) => ({
    id,
    where: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} — ${failureSummary}`),
  }))
  expect(told).toEqual([])
}

/** It is there, or comes within the time that a page has. */
export const expectSeen = (locator: Locator): Promise<void> => locator.waitFor()

/** It is gone, or goes within the time that a page has: dialogs fade. */
export const expectGone = (locator: Locator): Promise<void> => locator.waitFor({ state: 'detached' })

/** Nothing is cut off, and nothing has to be pushed sideways to be seen. */
export const expectFits = async (page: Page): Promise<void> => {
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect(overflow).toBeLessThanOrEqual(0)
}

const WIDE = 1280
const PHONE = 360

/** The page in both themes, both languages, and on a phone: accessible, and within the screen. */
export const expectWellMade = async (
  dashboard: Dashboard,
  path: string,
  ready: (page: Page) => Promise<unknown>,
  options: PageOptions = {},
): Promise<void> => {
  const ways: PageOptions[] = [
    { language: 'en', theme: 'light' },
    { language: 'ko', theme: 'dark' },
  ]
  for (const way of ways) {
    const { page, context } = await dashboard.open(path, { ...options, ...way, width: WIDE })
    for (const width of [WIDE, PHONE]) {
      if (width === PHONE) {
        await page.setViewportSize({ width, height: HEIGHT })
        await page.reload()
      }
      await ready(page)
      await expectAccessible(page)
      await expectFits(page)
      expect(await page.getAttribute('html', 'lang')).toBe(way.language)
    }
    await context.close()
  }
}
