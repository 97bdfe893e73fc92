import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { livingPid, processMark } from './owner.ts'
import { inspectProcess, isAlive, pollUntil, run } from './processes.ts'

test.runIf(process.platform !== 'win32')('a zombie counts as dead', async () => {
  // The shell becomes a `sleep`, which never looks after the child that the shell left it.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  const pid = Number(line)
  const isZombie = async () => (await inspectProcess(pid))?.zombie === true
  expect(await pollUntil(isZombie, { everyMs: 5, withinMs: 5_000 })).toBe(true)
  expect(await isAlive(pid)).toBe(false)
  expect(await isAlive(process.pid)).toBe(true)
  expect(await isAlive(4_194_304)).toBe(false)
})

test.runIf(process.platform !== 'win32')(
  'a mark names one process, and not a later one with its pid',
  async () => {
    const mark = await processMark()
    expect(mark).toMatch(/^yeyak-\d+-\w+$/)
    expect(await livingPid(mark)).toBe(process.pid)
    expect(await livingPid(`yeyak-${process.pid}-1`)).toBeNull()
    expect(await livingPid('')).toBeNull()
    expect(await livingPid('somebody’s own name')).toBeNull()
  },
)

test('a program that hangs is killed at its timeout, and one that is missing says so', async () => {
  const begun = performance.now()
  expect(await run(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], 200)).toMatchObject({
    code: null,
  })
  expect(performance.now() - begun).toBeLessThan(10_000)
  expect(await run('/nowhere/program', [], 1_000)).toMatchObject({
    code: null,
    output: expect.stringContaining('ENOENT'),
  })
})
