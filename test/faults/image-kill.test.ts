import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../kit/app.ts'
import { eventually } from '../kit/poll.ts'
import { startProcess, type YeyakProcess } from '../kit/process.ts'
import { createRuns, type Runs } from '../kit/runs.ts'

let api: TestApp
let runs: Runs
let directory: string
let picture: Buffer
const workers: YeyakProcess[] = []
const far = createServer((_request, response) => response.end(picture))

beforeAll(async () => {
  api = await startTestApp({
    roles: { api: true, worker: false },
    env: { YEYAK_IMAGE_ALLOW: '127.0.0.1' },
  })
  runs = createRuns(api.client)
  directory = await mkdtemp(path.join(tmpdir(), 'yeyak-killed-images-'))
  const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const
  picture = await sharp({ create: { width: 800, height: 600, channels: 3, background: 'red', noise } })
    .jpeg()
    .toBuffer()
  await new Promise<void>((resolve) => {
    far.listen(0, '127.0.0.1', resolve)
  })
})
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.end()))
  await api.end()
  far.close()
  await rm(directory, { recursive: true })
})

const spawn = async (): Promise<YeyakProcess> => {
  const worker = await startProcess({
    role: 'worker',
    env: {
      DATABASE_URL: api.database.url,
      YEYAK_IMAGE_ALLOW: '127.0.0.1',
      YEYAK_IMAGE_DIR: directory,
      YEYAK_POLL_SECONDS: '1',
    },
  })
  workers.push(worker)
  return worker
}
/** What readers of the folder see, without its subfolders. */
const made = async (): Promise<string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && path.basename(entry.parentPath) !== '.unfinished')
    .map(({ name }) => name)
    .toSorted()
}

test('a worker killed in the middle of an image leaves whole sizes, and another one makes what is missing', async () => {
  const first = await spawn()
  // The first size takes a moment, the second one many times as long.
  const data = {
    imageUrl: `http://127.0.0.1:${(far.address() as AddressInfo).port}/`,
    sizes: [60, 400],
    format: 'avif',
  }
  const id = await runs.start('image-resize', {
    data,
    retry: { limit: 5, delaySeconds: 0, backoff: 'fixed' },
  })
  await eventually('the first size', async () => (await made()).length === 1, 30_000)
  const [small] = await made()
  expect((await runs.get(id)).state).toBe('running')
  first.kill('SIGKILL')
  await spawn()
  const run = await runs.inState(id, ['succeeded', 'failed'], 60_000)
  expect(run).toMatchObject({
    attemptCount: 2,
    attempts: [{ outcome: 'unknown', error: { code: 'worker-lost' } }, { outcome: 'succeeded' }],
  })
  const names = run.result.sizes.map(({ location }: { location: string }) => path.basename(location))
  expect(await made()).toEqual(names.toSorted())
  expect(names).toContain(small)
  for (const { location, width } of run.result.sizes)
    expect(await sharp(location).metadata()).toMatchObject({ format: 'heif', width })
})
