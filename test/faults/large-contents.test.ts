import { expect, test } from 'vitest'
import { createDeployment } from '../kit/deployment.ts'
import { eventually } from '../kit/poll.ts'

const LIMITS = ['--max-old-space-size=160', '--max-semi-space-size=16']

test(
  'contents that are too large to be in memory together are sent one after the other, and end no worker',
  { timeout: 90_000 },
  async ({ onTestFinished }) => {
    const d = await createDeployment({ env: { YEYAK_WEBHOOK_ALLOW: '127.0.0.0/8' } })
    onTestFinished(d.end)
    const payload = 'x'.repeat(255 * 1024)
    const sendAt = { delay: 1 }
    // 1,000 of them would take 250 MB, several times over.
    for (let batch = 0; batch < 10; batch += 1) {
      const notifications = Array.from({ length: 100 }, () => ({
        ...{ channel: 'probe', to: d.receiver.url, message: payload, sendAt, tags: ['large'] },
      }))
      const reply = await d.client.call('POST', '/v1/notifications/batch', { notifications })
      expect(reply.status).toBe(201)
    }
    const small = await d.schedule('small', { sendAt })
    const worker = await d.spawn('worker', { nodeArgs: LIMITS })
    await d.client.inState(small, 'delivered', 30_000)
    await eventually(
      'all delivered',
      async () => {
        const [row] = await d.database.query<{ left: boolean }>(
          `select exists (select 1 from yeyak.notifications where state <> 'delivered') as left`,
        )
        return row?.left === false
      },
      60_000,
    )
    const attempts = await d.database.query<{ outcome: string; n: number }>(
      'select outcome, count(*)::int as n from yeyak.attempts group by outcome',
    )
    expect(attempts).toEqual([{ outcome: 'delivered', n: 1_001 }])
    worker.kill('SIGTERM')
    await worker.exited
  },
)
