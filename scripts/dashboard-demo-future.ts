import type { Site } from './dashboard-site.ts'

const HOUR_MS = 3_600_000

const TITLES = [
  'Appointment tomorrow',
  '예약 안내: 내일 오전 9시',
  'Your trial ends soon',
  '주간 보고서',
  'Rent is due',
  'Happy birthday, Min!',
]

const SCHEDULES = [
  {
    ...{ name: 'daily-report', cron: '0 9 * * *', timeZone: 'Asia/Seoul' },
    notification: { channel: 'log', message: 'The report of {{ occurrence.at }}' },
  },
  {
    ...{ name: 'newsletter', rrule: 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=10;BYMINUTE=0;BYSECOND=0' },
    ...{ timeZone: 'Europe/Berlin', exclude: ['2026-12-25'], jitterSeconds: 120 },
    notification: { channel: 'log', message: 'The newsletter' },
  },
  {
    ...{ name: 'stand-up', cron: '30 9 * * 1-5', timeZone: 'Europe/Berlin', missed: 'skip' },
    notification: { channel: 'log', message: 'Stand-up in five minutes' },
  },
  {
    ...{ name: 'weekly-cleanup', cron: '0 3 * * 1', timeZone: 'UTC', missed: 'all' },
    notification: { channel: 'log', message: 'Clean up' },
  },
]

/** Something for the weeks to come: single ones, a minute with very many, publications, and what recurs. */
export const plantFuture = async ({ client }: Site): Promise<void> => {
  const now = Date.now()
  const inHours = (hours: number): string => new Date(now + hours * HOUR_MS).toISOString()
  const call = async (method: string, path: string, body: unknown, headers = {}): Promise<void> => {
    const { status, text } = await client.call(method, path, body, headers)
    if (status >= 300) throw new Error(`the demo was refused: ${text}`)
  }
  const notifications = [
    ...Array.from({ length: 60 }, (_, i) => ({
      ...{ channel: 'log', message: TITLES[i % TITLES.length], sendAt: inHours(26 + i * 9.7) },
    })),
    ...Array.from({ length: 320 }, () => ({ channel: 'log', message: 'Newsletter', sendAt: inHours(80) })),
  ]
  await call('POST', '/v1/notifications/batch', { notifications })
  for (let i = 0; i < 7; i += 1)
    await call('POST', '/v1/content/story', {
      ...{ id: `story-${101 + i}`, data: { title: TITLES[i % TITLES.length] } },
      schedule: { publishAt: inHours(20 + i * 61), unpublishAt: inHours(400 + i * 30) },
    })
  for (const schedule of SCHEDULES) await call('POST', '/v1/schedules', schedule)
  const any = { 'if-match': '*' }
  await call('POST', '/v1/schedules/weekly-cleanup/pause', {}, any)
  const past = { from: inHours(-24 * 9), to: inHours(-1) }
  await call('POST', '/v1/schedules/daily-report/backfill', past, any)
}
