import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient } from '../kit/client.ts'
import { beginCommand } from '../kit/command.ts'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { eventually } from '../kit/poll.ts'
import { createRuns } from '../kit/runs.ts'

/** What is written below `defineConfig`, in a file that a stranger could have written, in a directory that has no packages. */
const configOf = (schedules: string) => `import { defineConfig, defineTask } from 'yeyak'

const report = defineTask({
  schema: {
    type: 'object',
    required: ['at'],
    properties: { at: { type: 'string', format: 'date-time' }, day: { type: 'string' } },
    additionalProperties: false,
  },
  handler: ({ data }) => ({ of: data.at, day: data.day }),
})

export default defineConfig({ tasks: { report }, schedules: ${schedules} })
`
const DAILY = `{ cron: '0 9 * * *', timeZone: 'Asia/Seoul', notification: { message: 'Report' } }`
const EVERY_SECOND = `{ cron: '* * * * * *', task: { name: 'report', data: { at: '{{ occurrence.at }}', day: '{{ occurrence.date }}' } } }`

let database: TestDatabase
let folder: string
const begun: ReturnType<typeof beginCommand>[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(path.join(tmpdir(), 'yeyak-declared-'))
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}')
})
afterAll(async () => {
  for (const { child } of begun) if (child.exitCode === null) child.kill('SIGKILL')
  await Promise.all(begun.map(({ ended }) => ended))
  await database.drop()
  await rm(folder, { recursive: true })
})

/** `yeyak start` beside a file that declares these. */
const start = async (schedules: string) => {
  await writeFile(path.join(folder, 'yeyak.config.ts'), configOf(schedules))
  const command = beginCommand(['start'], {
    cwd: folder,
    env: { DATABASE_URL: database.url, PORT: '0', YEYAK_LOG_FORMAT: 'json', YEYAK_POLL_SECONDS: '1' },
  })
  begun.push(command)
  return command
}

const withServer = async (schedules: string, work: (client: Client, log: string) => Promise<void>) => {
  const command = await start(schedules)
  const url = await eventually(
    'the address of the server',
    () => {
      if (command.child.exitCode !== null) throw new Error(`${command.out()}${command.errors()}`)
      return /this process: API on (http:\/\/[^, "]+)/u.exec(command.out())?.[1]
    },
    30_000,
  )
  await work(createClient(url), command.out())
  command.child.kill('SIGTERM')
  expect((await command.ended).code).toBe(0)
}

const read = async (client: Client, name: string) => (await client.call('GET', `/v1/schedules/${name}`)).body

test('yeyak start runs the tasks of its yeyak.config.ts by the schedules of it, with the occurrence in their data', async () => {
  await withServer(`{ daily: ${DAILY}, 'every-second': ${EVERY_SECOND} }`, async (client) => {
    const daily = { declared: true, version: 1, state: 'active', timeZone: 'Asia/Seoul' }
    expect(await read(client, 'daily')).toMatchObject(daily)
    const listed = await client.call('GET', '/v1/tasks')
    expect(listed.body.items.map(({ name }: { name: string }) => name)).toContain('report')

    const runs = createRuns(client)
    const [first] = await eventually('a run of the schedule', async () => {
      const { body } = await client.call('GET', '/v1/schedules/every-second/runs?state=started')
      return body.items.length > 0 && body.items
    })
    expect(first).toMatchObject({ scheduleId: 'every-second', item: { kind: 'run' } })
    const at = first.occurrenceAt
    const ran = await runs.inState(first.item.id, 'succeeded')
    const data = { at, day: at.slice(0, 10) }
    expect(ran).toMatchObject({ task: 'report', scheduleId: 'every-second', data, result: { of: at } })
    expect(ran.lateMs).toBeGreaterThanOrEqual(0)
    const byHand = await client.call('POST', '/v1/schedules/every-second/run-now', undefined, {
      'if-match': '*',
    })
    expect(byHand.status).toBe(201)
    await runs.inState(byHand.body.item.id, 'succeeded')
    const ofSchedule = await client.call('GET', '/v1/runs?task=report&limit=200')
    expect(
      ofSchedule.body.items.every((run: { scheduleId: string }) => run.scheduleId === 'every-second'),
    ).toBe(true)
  })
})

test('the next start leaves what is the same, writes what was changed, and says what is no longer named', async () => {
  await withServer(
    `{ daily: ${DAILY}, added: { rrule: 'FREQ=DAILY', notification: { message: 'x' } } }`,
    async (client, log) => {
      expect(await read(client, 'daily')).toMatchObject({ version: 1 })
      expect(await read(client, 'added')).toMatchObject({ version: 1, declared: true })
      expect(await read(client, 'every-second')).toMatchObject({ version: 1, state: 'active' })
      expect(log).toContain('no longer in yeyak.config.ts')
      expect(log).toContain('every-second')
    },
  )
})

test.each([
  [
    `{ daily: { cron: '0 9 * * FRI-MON', notification: { message: 'x' } } }`,
    ['schedules.daily.cron: ', ' → 0 9 * * FRI-SAT,SUN-MON'],
  ],
  [
    `{ daily: { cron: '0 9 * * *', task: { name: 'report', data: { at: 'soon' } } } }`,
    ['schedules.daily.task.data.at: ', 'an instant such as'],
  ],
])(
  'a start with a declaration that cannot be ends with the field and the mend: %s',
  async (schedules, parts) => {
    const { code, out } = await (await start(schedules)).ended
    expect(code).toBe(1)
    const said = out.split('\n').find((line) => line.includes('서버 시작 실패'))
    for (const part of parts) expect(said).toContain(part)
  },
)
