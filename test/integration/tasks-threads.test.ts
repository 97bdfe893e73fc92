import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfigFile } from '../../src/config-file.ts'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { testConfig } from '../kit/config.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns, type Runs } from '../kit/runs.ts'

const YEYAK = pathToFileURL(path.resolve(import.meta.dirname, '../../src/index.ts')).href
const DEFINE = pathToFileURL(path.resolve(import.meta.dirname, '../../src/tasks/define.ts')).href

/** As somebody writes it; of the package that alone which each thread needs, as the whole takes a second from its sources. */
const CONFIG = `import { setTimeout as sleep } from 'node:timers/promises'
import { isMainThread, parentPort, threadId } from 'node:worker_threads'
import { defineTask } from '${DEFINE}'

const held = []
let letGo = () => {}
const never = defineTask({ thread: true, retry: { limit: 0 }, handler() { for (;;); } })
export default {
  tasks: {
    where: defineTask({ thread: true, handler: ({ data, progress }) => { progress(50); return { isMainThread, threadId, data } } }),
    never,
    patient: defineTask({ thread: true, handler: ({ signal }) => sleep(60_000, null, { signal }) }),
    fills: defineTask({ thread: true, threadMemoryMb: 64, retry: { limit: 0 }, handler() {
      const all = []
      for (;;) all.push(new Array(100_000).fill(Math.random()).map(String))
    } }),
    buffers: defineTask({ thread: true, threadMemoryMb: 64, retry: { limit: 0 }, handler() {
      const all = []
      for (;;) all.push(Buffer.alloc(1_000_000, 1))
    } }),
    exits: defineTask({ thread: true, retry: { limit: 0 }, handler: () => process.exit(3) }),
    later: defineTask({ thread: true, retry: { limit: 0 }, async handler() {
      setTimeout(() => { throw new Error('thrown by a timer') }, 1)
      await sleep(60_000)
    } }),
    rejects: defineTask({ thread: true, retry: { limit: 0 }, async handler() {
      void sleep(1).then(() => { throw new Error('awaited by nobody') })
      await sleep(60_000)
    } }),
    aborts: defineTask({ thread: true, retry: { limit: 0 }, handler: () => process.abort() }),
    chats: defineTask({ thread: true, handler() {
      for (const said of [null, 'ended', { type: 'ended' }, {}]) parentPort.postMessage(said)
      return 'said'
    } }),
    leaves: defineTask({ thread: true, retry: { limit: 0 }, async handler({ data, progress }) {
      if (data.leave === 'memory') held.push(Buffer.alloc(220_000_000))
      else if (data.leave !== undefined)
        // Not before the next run is there.
        void new Promise((resolve) => { letGo = resolve }).then(() => {
          if (data.leave === 'throw') setTimeout(() => { throw new Error('left behind') }, 1)
          if (data.leave === 'exit') setTimeout(() => process.exit(3), 1)
          if (data.leave === 'progress') setTimeout(() => progress(99), 1)
          if (data.leave === 'reject') throw new Error('left behind')
        })
      else if (data.meet) {
        letGo()
        // This run is there for as long as what was let go may need to come: nothing else tells that it did not.
        await sleep(200)
        if (data.fail) throw new Error('as told')
      }
      return threadId
    } }),
    odd: defineTask({ thread: true, handler: () => ({ handler() {}, at: new Date(0) }) }),
  },
}
`

let directory: string
let t: TestApp
let runs: Runs
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'yeyak-threads-'))
  await writeFile(path.join(directory, 'package.json'), '{"type":"module"}')
  await writeFile(path.join(directory, 'yeyak.config.ts'), CONFIG)
  const { tasks } = await loadConfigFile(directory, testConfig({}))
  t = await startTestApp({ tasks: tasks?.declared ?? [], taskFile: tasks?.file ?? '' })
  runs = createRuns(t.client)
})
afterAll(async () => {
  await t.end()
  await rm(directory, { recursive: true })
})

test('a task marked so runs in a thread of its own, which is used again', async () => {
  const first = await runs.inState(await runs.start('where', { data: { n: 1 } }), 'succeeded')
  expect(first.result).toMatchObject({ isMainThread: false, data: { n: 1 } })
  const second = await runs.inState(await runs.start('where'), 'succeeded')
  expect(second.result.threadId).toBe(first.result.threadId)
  const odd = await runs.inState(await runs.start('odd'), 'succeeded')
  expect(odd.result).toEqual({ at: '1970-01-01T00:00:00.000Z' })
})

test.each([
  ['fills', 'out-of-memory'],
  ['buffers', 'out-of-memory'],
  ['exits', 'thread-exited'],
  ['later', 'thread-failed'],
  ['rejects', 'thread-failed'],
  // Node.js refuses it in a thread.
  ['aborts', 'handler-error'],
])('a handler that %s costs its own run only', async (task, code) => {
  const beside = await runs.start('patient')
  const run = await runs.inState(await runs.start(task), 'failed', 30_000)
  expect(run.attempts).toMatchObject([{ outcome: 'failed', error: { code } }])
  expect((await runs.get(beside)).state).toBe('running')
  await runs.act(beside, 'cancel')
  await runs.inState(beside, 'canceled', 3_000)
})

test.each(['throw', 'exit', 'reject'])(
  'what a run leaves behind, a timer that will %s, costs no later run in its thread',
  async (leave) => {
    const first = await runs.inState(await runs.start('leaves', { data: { leave } }), 'succeeded')
    const second = await runs.inState(await runs.start('leaves', { data: { meet: true } }), 'succeeded')
    expect(second.attempts).toMatchObject([{ outcome: 'succeeded' }])
    // The same thread, or the trial was none; and no other run begins in what has crashed.
    expect(second.result).toBe(first.result)
    const third = await runs.inState(await runs.start('leaves'), 'succeeded')
    expect(third.result).not.toBe(first.result)
  },
)

test('progress that a run tells after its end is not the next one’s', async () => {
  await runs.inState(await runs.start('leaves', { data: { leave: 'progress' } }), 'succeeded')
  const next = await runs.inState(await runs.start('leaves', { data: { meet: true, fail: true } }), 'failed')
  expect(next).toMatchObject({ progress: 0, attempts: [{ error: { message: 'as told' } }] })
})

test('a thread that still holds most of its memory after a run gets no other one', async () => {
  const first = await runs.inState(await runs.start('leaves', { data: { leave: 'memory' } }), 'succeeded')
  const second = await runs.inState(await runs.start('leaves'), 'succeeded')
  expect(second.result).not.toBe(first.result)
})

test('a handler may talk on the port of its thread to whom it likes', async () => {
  const run = await runs.inState(await runs.start('chats'), 'succeeded')
  expect(run.result).toBe('said')
})

test('a handler that never ends is ended, while notifications start on time beside it', async () => {
  const id = await runs.start('never', { timeoutSeconds: 2 })
  await runs.inState(id, 'running')
  const sent = await Promise.all(
    Array.from({ length: 20 }, (_, i) => t.client.create({ message: 'x', sendAt: { delay: 0.2 + i / 20 } })),
  )
  for (const notification of sent) {
    const { lateMs } = await t.client.inState(notification, 'delivered')
    expect(lateMs).toBeLessThan(500)
  }
  const run = await runs.inState(id, 'failed', 10_000)
  expect(run.attempts).toMatchObject([{ error: { code: 'timeout' } }])
})

test('a handler that never ends is canceled within three seconds, and leaves nothing running', async () => {
  const id = await runs.start('never', { timeoutSeconds: 600 })
  await runs.inState(id, 'running')
  await runs.act(id, 'cancel')
  expect((await runs.inState(id, 'canceled', 3_000)).reason).toBe('request')
  const idle = async () => {
    const { user } = process.cpuUsage()
    await new Promise((resolve) => {
      setTimeout(resolve, 200)
    })
    return process.cpuUsage().user - user < 150_000
  }
  await eventually('the thread is gone', idle, 5_000)
})

test.each(['ts', 'mts', 'js', 'mjs'])('yeyak.config.%s declares tasks', async (ending) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'yeyak-config-'))
  const file = path.join(folder, `yeyak.config.${ending}`)
  await writeFile(
    file,
    `import { defineConfig, defineTask } from '${YEYAK}'
export default defineConfig({ tasks: [defineTask({ name: 'listed', handler: () => 1 })] })`,
  )
  const { tasks } = await loadConfigFile(folder, testConfig({}))
  expect(tasks).toMatchObject({ file, declared: [{ name: 'listed' }] })
  await rm(folder, { recursive: true })
})

test.each([
  [`{ A: { handler() {} } }`, 'is no name for a task'],
  [`{ a: {} }`, 'has no handler'],
  [`{ a: { handler() {}, concurency: 1 } }`, 'did you mean concurrency'],
  [`{ a: { handler() {}, concurrency: 0 } }`, 'concurrency must be a number from 1'],
  [`{ a: { handler() {}, schema: { type: 'strin' } } }`, 'its schema is none'],
  [`{ a: { handler() {}, schema: { type: 'string' } } }`, 'its type must be "object"'],
  [`{ a: { name: 'b', handler() {} } }`, 'calls itself'],
  [`[{ handler() {} }]`, 'has no name'],
  [`[{ name: 'a', handler() {} }, { name: 'a', handler() {} }]`, 'two tasks have the name'],
])('what is wrong with a declaration is said at the start: %s', async (tasks, message) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'yeyak-config-'))
  await writeFile(path.join(folder, 'yeyak.config.mjs'), `export default { tasks: ${tasks} }`)
  await expect(loadConfigFile(folder, testConfig({}))).rejects.toThrow(message)
  await rm(folder, { recursive: true })
})
