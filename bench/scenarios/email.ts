import { startChild } from '../child.ts'
import { measureBurst } from '../measure.ts'
import { startWorker } from '../processes.ts'
import { atLeast, rowsOf, type Scenario } from '../scenario.ts'

const goals = {
  perSecond: {
    what: 'mails due at one instant, to a local SMTP server over 5 connections: delivered and recorded',
    unit: '/s',
    bound: atLeast(500, '/s'),
  },
}

const MAIL = {
  subject: '예약 알림: your appointment tomorrow',
  text: 'Hello Kim Min,\n\nyour appointment is tomorrow at 9:00.\n내일 오전 9시에 예약이 있습니다.\n',
  html: '<p>Hello <b>Kim Min</b>,</p><p>your appointment is tomorrow at 9:00.<br>내일 오전 9시에 예약이 있습니다.</p>',
}

const MAILS = {
  target: {
    ...{ channel: 'email', recipient: 'Kim Min <min{i}@example.com>', content: MAIL },
    retryDelaySeconds: 86_400,
  },
  timeoutSeconds: 60,
}

interface Sink {
  url: string
  count(): Promise<number>
  stop(): Promise<void>
}

const startSink = async (): Promise<Sink> => {
  const child = await startChild('smtp-process.ts', { isServer: false })
  return { url: String(child.ready), count: () => child.ask('count'), stop: () => child.stop() }
}

export const email: Scenario = {
  name: 'email',
  title: 'E-mail',
  about: `The channel \`email\`, with the five connections that it has by default, to an SMTP server (smtp-server) of its own process on the
same machine, which takes every mail at once. 10,000 mails with text and HTML fall due at one instant: how many a second are delivered and
recorded, and so how much of the time of a mail is Yeyak's own; a real mail server takes longer.`,
  goals,
  run: ({ smoke, rounds, say, withBench }) =>
    withBench(async (bench) => {
      const db = await bench.database()
      const sink = await startSink()
      const worker = await startWorker(db.url, 'start', {
        YEYAK_SMTP_URL: sink.url,
        YEYAK_SMTP_FROM: 'Yeyak <yeyak@example.com>',
      })
      await measureBurst(sink, db, smoke ? 50 : 1000, MAILS)
      const perSecond: number[] = []
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`)
        perSecond.push(await measureBurst(sink, db, smoke ? 100 : 10_000, MAILS))
      }
      await Promise.all([worker.stop(), sink.stop()])
      return { rows: rowsOf(goals, { perSecond }), tables: [] }
    }),
}
