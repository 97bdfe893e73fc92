import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../src/platform/database.ts'
import { createListener } from '../../src/platform/listener.ts'
import { SETTINGS } from '../../src/settings.ts'
import { createNotifier, NOTIFY_HORIZON_SECONDS } from '../../src/timers/index.ts'
import { silentLog } from '../kit/config.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'

let database: TestDatabase
let db: Database
beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({
    connection: () => ({ connectionString: database.url }),
    ...{ applicationName: 'test', maxConnections: 2, onConnectionLost: () => {} },
  })
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

const notify = (channel: string, payload: string) =>
  database.query('select pg_notify($1, $2)', [channel, payload])

const listen = async (channels: string[], echo = notify) => {
  const heard: string[] = []
  let connections = 0
  const listener = createListener({
    connection: () => ({ connectionString: database.url, application_name: 'listening' }),
    ...{ channels, log: silentLog() },
    onNotification: (channel, payload) => heard.push(`${channel} ${payload}`),
    echo: (channel) => echo(channel, ''),
    onConnected: () => {
      connections += 1
    },
  })
  await listener.start()
  return { listener, heard, connections: () => connections }
}

test('whatever the settings say, a worker looks more often than timers are planted without a word', () => {
  // Else one that is due just beyond the horizon would be there for longer than the pause between two looks.
  expect(SETTINGS.YEYAK_POLL_SECONDS.max).toBeLessThan(NOTIFY_HORIZON_SECONDS)
})

test('what is told within a moment is told once: of instants the earliest, of names each', async () => {
  const { listener, heard } = await listen(['due', 'ready'])
  const notifier = createNotifier(db, silentLog())
  for (const dueMs of [1_000_000_000_000, 999_999_999_999, 1_500_000_000_000]) notifier.notify('due', dueMs)
  for (const name of ['notifications.log', 'notifications.probe', 'notifications.log'])
    notifier.notify('ready', name)
  await notifier.stop()
  await eventually('three messages', () => heard.length >= 3)
  expect(heard.toSorted()).toEqual([
    'due 999999999999',
    'ready notifications.log',
    'ready notifications.probe',
  ])
  await listener.stop()
})

test('what cannot be told is no error for who told it', async () => {
  const gone = createDatabase({
    connection: () => ({ connectionString: database.url.replace(/:\d+\//u, ':9/') }),
    ...{ applicationName: 'test', maxConnections: 1, onConnectionLost: () => {} },
  })
  const notifier = createNotifier(gone, silentLog())
  notifier.notify('due', 1)
  await expect(notifier.stop()).resolves.toBeUndefined()
  await gone.destroy()
})

test('a listening connection that was cut off is made anew, and says so', async () => {
  const { listener, heard, connections } = await listen(['a channel', 'yeyak"quoted'])
  expect(listener.hears).toBe(true)
  expect(connections()).toBe(1)
  await notify('yeyak"quoted', '1')
  await eventually('the first message', () => heard.length === 1)
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listening'`,
  )
  await eventually('another connection', () => connections() === 2)
  expect(listener.hears).toBe(true)
  await notify('a channel', '2')
  await eventually('the second message', () => heard.length === 2)
  expect(heard).toEqual(['yeyak"quoted 1', 'a channel 2'])
  await listener.stop()
  expect(listener.query('select 1', [])).toBeNull()
})

test('where notifications do not come through, it knows', async () => {
  const { listener, connections } = await listen(['x'], async () => [])
  expect(listener.hears).toBe(false)
  expect(connections()).toBe(1)
  // It is good for statements all the same.
  expect(await listener.query<{ n: number }>('select $1::int as n', [5])).toEqual([{ n: 5 }])
  await listener.stop()
})

test('a statement that is wrong costs no connection', async () => {
  const { listener, connections } = await listen(['x'])
  await expect(listener.query('select nonsense', [])).rejects.toThrow('nonsense')
  expect(await listener.query<{ n: number }>('select 1 as n', [])).toEqual([{ n: 1 }])
  expect(connections()).toBe(1)
  await listener.stop()
})
