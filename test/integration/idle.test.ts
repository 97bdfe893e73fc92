import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startTestApp } from '../kit/app.ts'
import { createTestDatabase } from '../kit/database.ts'
import { startTestPostgres } from '../kit/postgres.ts'
import { migrateTemplate } from '../kit/template.ts'

const WINDOW_SECONDS = 20

/** A server that writes down each statement that it is sent, pg-boss's and those of `begin` and `commit` included. */
test('an idle worker sends at most 15 statements a minute in all', { timeout: 60_000 }, async () => {
  const postgres = await startTestPostgres({ settings: { log_statement: 'all', log_line_prefix: '%a|' } })
  try {
    await postgres.createDatabase('template')
    await migrateTemplate(postgres.url('template'))
    const database = await createTestDatabase('template', postgres.adminUrl)
    const [row] = await database.query<{ data_directory: string }>('show data_directory')
    const logPath = join(dirname(row?.data_directory ?? ''), 'postgres.log')
    const statements = async () => {
      const lines = (await readFile(logPath, 'utf8')).split('\n')
      return lines.filter((line) => /^yeyak(-\w+)?\|LOG: {2}(statement|execute)/u.test(line))
    }
    const app = await startTestApp({ database })
    try {
      // What is in the future does not wake it either.
      await app.client.create({ message: 'in an hour', sendAt: { delay: '1h' } })
      await app.client.inState(await app.client.create({ message: 'now' }), 'delivered')
      let before = await statements()
      expect(before.length).toBeGreaterThan(10)
      for (;;) {
        await sleep(1_500)
        const now = await statements()
        if (now.length - before.length <= 1) break
        before = now
      }
      before = await statements()
      await sleep(WINDOW_SECONDS * 1000)
      const sent = (await statements()).slice(before.length)
      // Four ticks, or five where the window begins and ends with one.
      expect(sent.length, sent.join('\n')).toBeLessThanOrEqual((15 * WINDOW_SECONDS) / 60)
      expect(sent.length).toBeGreaterThanOrEqual(3)
    } finally {
      await app.end()
    }
  } finally {
    await postgres.stop()
  }
})
