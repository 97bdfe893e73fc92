import pg from 'pg'
import { eventually } from '../test/kit/poll.ts'
import type { Site } from './dashboard-site.ts'

const MESSAGES = [
  'Your order has shipped',
  '내일 오전 9시 예약을 잊지 마세요',
  'Weekly report is ready',
  '결제가 완료되었습니다',
  'Reminder: your trip begins tomorrow',
  '배송이 시작되었습니다',
]
const messageOf = (i: number): string => MESSAGES[i % MESSAGES.length] ?? ''

const log = (i: number, delaySeconds: number) => ({
  ...{
    channel: 'log',
    message: messageOf(i),
    tags: [i % 3 === 0 ? 'order' : 'trip'],
    groupKey: `trip-${i % 9}`,
  },
  ...(delaySeconds > 0 && { sendAt: { delay: delaySeconds } }),
})

/** Nobody listens there. */
const DEAF = 'http://127.0.0.1:9/hooks/orders'

const notifications = () => [
  ...Array.from({ length: 60 }, (_, i) => log(i, 0)),
  ...Array.from({ length: 180 }, (_, i) => log(i, 20 + i * 400)),
  ...Array.from({ length: 26 }, (_, i) => ({
    ...{ channel: 'email', to: `kim${i}@example.com`, subject: messageOf(i), text: 'Hello' },
    ...(i % 2 === 0 && { sendAt: { delay: i * 900 + 60 } }),
  })),
  ...Array.from({ length: 9 }, (_, i) => ({
    ...{ channel: 'webhook', to: `${DEAF}/${i}`, payload: { order: 4200 + i } },
    retry: { limit: 1, delaySeconds: 0.3, backoff: 'fixed' },
  })),
  ...Array.from({ length: 3 }, (_, i) => ({
    ...{ channel: 'webhook', to: `https://crm.invalid/${i}`, message: messageOf(i), retry: { limit: 0 } },
  })),
]

const runSql = async (databaseUrl: string, text: string): Promise<void> => {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** An hour of figures, for the charts: nobody waits so long for a picture. */
const HOUR = `
  insert into yeyak.rollups (project_id, minutes, at, lane, created, delivered, attempts, late, took)
  select 1, 1, date_trunc('minute', now()) - make_interval(mins => m), 'notifications.log', n, n,
    array[n, 0, 0, 0, 0],
    array[n * 8 / 20, n * 6 / 20, n * 3 / 20, n * 2 / 20, case when m % 13 = 0 then n / 20 else 0 end, case when m % 17 = 0 then n / 40 else 0 end]
      || array_fill(0, array[18]),
    array[n] || array_fill(0, array[23])
  from generate_series(1, 60) m, lateral (select (900 + 500 * sin(m / 7.0) + 90 * cos(m * 2.0))::int as n) x
  on conflict do nothing`

/** A program that has just started, beside a browser that has, too, is slow for some seconds. */
const LAST_MINUTE = `delete from yeyak.rollups where at > now() - interval '2 minutes'`

/** Something of everything, made through the API as far as it can be. */
export const plantDemo = async ({ client, databaseUrl }: Site): Promise<{ failedId: string }> => {
  await runSql(databaseUrl, HOUR)
  const made = await client.call('POST', '/v1/notifications/batch', { notifications: notifications() })
  if (made.status !== 201) throw new Error(`the demo was refused: ${made.text}`)
  const listed = async (query: string): Promise<{ id: string }[]> => {
    const { text } = await client.call('GET', `/v1/notifications?channel=webhook&limit=50&${query}`)
    return (JSON.parse(text) as { items: { id: string }[] }).items
  }
  const failing = notifications().filter(({ channel }) => channel === 'webhook').length
  await eventually(
    'all have failed that will',
    async () => (await listed('state=failed')).length === failing,
    30_000,
  )
  await client.call('POST', '/v1/queues/email/pause')
  const [first] = await listed('error=connection-refused')
  // The sums are taken before they are removed.
  await client.call('GET', '/v1/overview')
  await runSql(databaseUrl, LAST_MINUTE)
  return { failedId: first?.id ?? '' }
}
