import { readdirSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { endOrphan, freePort, privateDirectory, removeDirectory, type Run, yeyak } from './site.ts'

let directory = ''
const runs: Run[] = []

const begin = (args: readonly string[], env: Record<string, string> = {}): Run => {
  const run = yeyak(args, directory, env)
  runs.push(run)
  return run
}

const outcomeOf = async (run: Run) => {
  const { code } = await run.ended
  return { code, out: run.lines().join('\n'), errors: run.stderr() }
}

afterEach(async () => {
  for (const run of runs.splice(0)) await run.clear()
  await endOrphan(directory)
  removeDirectory(directory)
})

test('before the first start doctor says so, has no problem, and makes nothing', async () => {
  directory = privateDirectory()
  const { code, out, errors } = await outcomeOf(begin(['doctor']))
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(out).toContain('does not exist yet: yeyak start makes it')
  expect(readdirSync(directory)).toEqual([])
})

test('beside a running server both join its embedded database, and find all well', async () => {
  directory = privateDirectory()
  const port = await freePort()
  const server = begin(['start'], { PORT: String(port) })
  await server.logged('에서 실행 중입니다.')
  const client = createClient(`http://127.0.0.1:${port}`)
  await client.inState(await client.create({ message: 'checked' }), 'delivered')
  const [doctor, verify] = await Promise.all([
    outcomeOf(begin(['doctor', '--json'])),
    outcomeOf(begin(['verify', '--to', '0s', '--late', '60'])),
  ])
  expect(verify).toMatchObject({ code: 0, errors: '' })
  expect(verify.out).toMatch(/^checked 1 notifications, 1 attempts, 1 accepted, 0 runs in .*\nall is well$/mu)
  const report = JSON.parse(doctor.out) as { checks: { name: string; status: string }[] }
  expect(doctor.code).toBe(0)
  expect(report.checks.filter(({ status }) => status === 'problem')).toEqual([])
  expect(report.checks.find(({ name }) => name === 'data-directory')?.status).not.toBe('skipped')
  server.signal('SIGTERM')
  expect((await server.ended).code).toBe(0)
})
