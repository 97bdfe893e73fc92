import { type Browser, chromium } from 'playwright-core'
import { createApp } from '../src/app.ts'
import { buildDashboard, launchBrowser } from '../test/kit/browser-setup.ts'
import { type Client, createClient } from '../test/kit/client.ts'
import { silentLog, testConfig } from '../test/kit/config.ts'
import { startTestPostgres } from '../test/kit/postgres.ts'
import { startSmtpSink } from '../test/kit/smtp-sink.ts'
import { migrateTemplate } from '../test/kit/template.ts'
import { DEMO_TASKS } from './dashboard-tasks.ts'

export interface Site {
  url: string
  databaseUrl: string
  browser: Browser
  client: Client
  end(): Promise<void>
}

/** The whole of Yeyak on a database of its own, with the dashboard built from the sources, and a browser. */
export const startSite = async (): Promise<Site> => {
  const [postgres, server, dashboard, smtp] = await Promise.all([
    startTestPostgres(),
    launchBrowser(),
    buildDashboard(),
    startSmtpSink({ disabledCommands: ['STARTTLS', 'AUTH'] }),
  ])
  const databaseUrl = await postgres.createDatabase('site')
  await migrateTemplate(databaseUrl)
  const app = createApp({
    config: testConfig({
      DATABASE_URL: databaseUrl,
      YEYAK_WEBHOOK_ALLOW: '127.0.0.1',
      YEYAK_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
      YEYAK_SMTP_FROM: 'Yeyak <yeyak@example.com>',
    }),
    roles: { api: true, worker: true },
    log: silentLog(),
    dashboardDirectory: dashboard.directory,
    tasks: { declared: DEMO_TASKS, file: null },
  })
  await app.start()
  const url = (app.url ?? '').replace('localhost', '127.0.0.1')
  const browser = await chromium.connect(server.wsEndpoint())
  return {
    url,
    databaseUrl,
    browser,
    client: createClient(url),
    async end() {
      await browser.close()
      await server.close()
      await app.stop()
      await postgres.stop()
      await smtp.stop()
      dashboard.remove()
    },
  }
}
