/** `npm run screenshots [page…]`: docs/images/<page>-<theme>.png, of pages with something on them. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { plantContent } from './dashboard-content.ts'
import { plantDemo } from './dashboard-demo.ts'
import { plantFuture } from './dashboard-demo-future.ts'
import { startSite } from './dashboard-site.ts'
import { plantRuns } from './dashboard-tasks.ts'

const images = path.join(import.meta.dirname, '../docs/images')
const THEMES = ['light', 'dark'] as const
const SIZE = { width: 1200, height: 720 }

/** Name of the image → address, and what is there once the page is. */
const PAGES: Readonly<Record<string, { address: string; ready: string }>> = {
  overview: { address: '/', ready: 'canvas' },
  calendar: { address: '/calendar?view=month', ready: '[role="listitem"]' },
  compose: { address: '/compose?from=FAILED', ready: 'main pre' },
  schedules: { address: '/schedules', ready: 'table td' },
  schedule: { address: '/schedules/daily-report', ready: 'table td' },
  notifications: { address: '/notifications', ready: '[data-index="3"]' },
  notification: { address: '/notifications/FAILED', ready: 'ol li' },
  tasks: { address: '/runs', ready: '[role="progressbar"]' },
  run: { address: '/runs/FAILING', ready: 'ol li' },
  queues: { address: '/queues', ready: 'table td' },
  'dead-letters': { address: '/dead-letters', ready: 'table td' },
  content: { address: '/content', ready: '[data-index="3"]' },
  item: { address: '/content/story/cl_123', ready: 'mark' },
  release: { address: '/content/release/RELEASE', ready: 'table td' },
  settings: { address: '/settings?tab=audit', ready: 'main details' },
}

const wanted = process.argv.slice(2)
const names = Object.keys(PAGES).filter((name) => wanted.length === 0 || wanted.includes(name))
mkdirSync(images, { recursive: true })
const site = await startSite()
try {
  const { failedId } = await plantDemo(site)
  await plantFuture(site)
  const { releaseId } = await plantContent(site)
  const { runId } = await plantRuns(site)
  for (const theme of THEMES) {
    const context = await site.browser.newContext({
      ...{ viewport: SIZE, colorScheme: theme, locale: 'en-GB', timezoneId: 'Asia/Seoul' },
      ...{ reducedMotion: 'reduce', baseURL: site.url },
    })
    const page = await context.newPage()
    for (const name of names) {
      const { address, ready } = PAGES[name] ?? { address: '/', ready: 'main' }
      await page.goto(
        address.replace('FAILED', failedId).replace('RELEASE', releaseId).replace('FAILING', runId),
      )
      await page.locator(ready).first().waitFor()
      await page.evaluate('document.fonts.ready')
      await page.waitForLoadState('load')
      await page.getByText('Live', { exact: true }).first().waitFor()
      // A change of colour is there with the next frame but one.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      await page.screenshot({ path: path.join(images, `${name}-${theme}.png`) })
      console.log(`written   docs/images/${name}-${theme}.png`)
    }
    await context.close()
  }
} finally {
  await site.end()
}
