import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { freePort } from '../../src/platform/embedded-postgres/index.ts'
import { type Container, isolated, runContainer } from '../kit/container.ts'
import { type Image, rehearse } from '../kit/docker-rehearsal.ts'
import { eventually } from '../kit/poll.ts'
import { startTestPostgres, type TestPostgres } from '../kit/postgres.ts'

const root = path.join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const { services } = parse(read('docker-compose.yml')) as {
  services: Record<string, { command?: string[]; environment: Record<string, string> }>
}

/** `npm ci` asks the registry. Where there is none, this cannot be rehearsed; in CI there always is one. */
const hasRegistry =
  process.env['CI'] !== undefined ||
  spawnSync('npm', ['view', 'pg-boss', 'version', '--fetch-retries=0', '--fetch-timeout=5000'], {
    timeout: 10_000,
  }).status === 0

describe.skipIf(!hasRegistry || process.platform === 'win32')('without Docker, step by step', () => {
  let directory: string
  let image: Image
  let postgres: TestPostgres
  let port: number
  const containers: Container[] = []

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'yeyak-image-'))
    // The user of the image has to reach it.
    chmodSync(directory, 0o755)
    image = await rehearse({ context: root, directory })
    postgres = await startTestPostgres()
    port = await freePort()
    await makeDatabase(postgres)
  }, 300_000)

  afterAll(async () => {
    for (const container of containers) await container.clear()
    await postgres?.stop()
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  /** A service as the compose file has it, but for where the database and the port are on this machine. */
  const up = (service: string): Container => {
    const env = {
      ...services[service]?.environment,
      ...{ DB_HOST: '127.0.0.1', DB_PORT: String(postgres.port), PORT: String(port) },
    }
    const command = services[service]?.command
    const container = runContainer(image, { env, ...(command === undefined ? {} : { command }) })
    containers.push(container)
    return container
  }

  const post = (url: string, body: unknown) =>
    fetch(`http://127.0.0.1:${port}${url}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  const isHealthy = async (): Promise<boolean> => {
    const probe = runContainer(image, { command: image.healthcheck, env: { PORT: String(port) } })
    return (await probe.ended) === 0
  }

  const expectDrained = async (container: Container): Promise<void> => {
    await container.terminate()
    expect(await container.ended).toBe(0)
    expect(container.output()).toContain('SIGTERM: finishing what runs')
  }

  test('the image holds the program and what it needs to run, and nothing else', () => {
    const home = path.join(image.root, image.workdir)
    const own = ['LICENSE', 'bin', 'dashboard', 'dist', 'node_modules', 'package.json']
    expect(readdirSync(home).toSorted()).toEqual(own)
    expect(readdirSync(path.join(home, 'dashboard'))).toEqual(['dist'])
    expect(readdirSync(path.join(home, 'dashboard/dist'))).toContain('index.html')
    const { packages } = JSON.parse(read('package-lock.json')) as Lock
    const installed = JSON.parse(
      readFileSync(path.join(home, 'node_modules/.package-lock.json'), 'utf8'),
    ) as Lock
    const wanted = Object.entries(packages).filter(
      ([place, { dev, optional, devOptional }]) => place !== '' && !dev && !optional && !devOptional,
    )
    const there = Object.keys(installed.packages).filter((place) => existsSync(path.join(home, place)))
    expect(wanted.filter(([place]) => !there.includes(place))).toEqual([])
    expect(there.filter((place) => packages[place]?.dev === true)).toEqual([])
    expect(there.filter((place) => /embedded-postgres|postgres-1\d/u.test(place))).toEqual([])
    // What has an install script would be broken without it.
    expect(there.filter((place) => packages[place]?.hasInstallScript === true)).toEqual([])
  })

  test('passwords can be hashed and pictures resized: what these are made of came along', async () => {
    const script = `await import('@node-rs/argon2'); await import('sharp'); console.log('both are there')`
    const container = runContainer(image, {
      command: ['node', '--input-type=module', '-e', script],
      env: {},
    })
    expect(await container.ended).toBe(0)
    expect(container.output()).toContain('both are there')
  })

  test('what the build wrote is no test, and its source maps hold no source', () => {
    const dist = path.join(image.root, image.workdir, 'dist')
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    expect(files).toContain(path.join('cli', 'main.js'))
    expect(files.filter((file) => /\.test\.|(?<!\.d)\.ts$|\.env/u.test(file))).toEqual([])
    const maps = files.filter((file) => file.endsWith('.map'))
    for (const map of maps) {
      const { sources, sourcesContent } = JSON.parse(readFileSync(path.join(dist, map), 'utf8')) as SourceMap
      expect(sourcesContent).toBeUndefined()
      expect(sources.filter((source) => !source.startsWith('../'))).toEqual([])
    }
  })

  test('it is small', () => {
    const home = path.join(image.root, image.workdir)
    const megabytes = (folder: string) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0) / 1e6
    const [all, packages] = [home, path.join(home, 'node_modules')].map((folder) => megabytes(folder))
    process.stdout.write(
      `on top of the base image: ${all?.toFixed(1)} MB, packages ${packages?.toFixed(1)} MB\n`,
    )
    expect(all).toBeLessThan(120)
  })

  test('`docker compose up`: unhealthy, then healthy, and the first message of the README is delivered', async () => {
    expect(await isHealthy()).toBe(false)
    const app = up('node-app')
    await app.logged(`알림 API 서버가 http://localhost:${port} 에서 실행 중입니다.`)
    expect(await isHealthy()).toBe(true)
    const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } })
    expect([page.status, (await page.text()).includes('/assets/index-')]).toEqual([200, true])
    const reply = await post('/schedule-notification', { message: 'Hello World' })
    expect([reply.status, await reply.text()]).toEqual([200, '10초 뒤 알림이 예약되었습니다.'])
    await app.logged('[알림 발송 성공] Hello World', 15_000)
    await expectDrained(app)
  }, 60_000)

  test('the profile `split`: what the api accepts the worker delivers, and both drain', async () => {
    const [api, worker] = [up('api'), up('worker')]
    await Promise.all([api.logged('에서 실행 중입니다.'), worker.logged('워커가 작업을 대기 중입니다.')])
    const reply = await post('/v1/notifications', { message: 'from one to the other' })
    expect(reply.status).toBe(201)
    await worker.logged('[알림 발송 성공] from one to the other')
    await expectDrained(worker)
    await expectDrained(api)
  }, 60_000)

  test('what is in flight when `docker stop` comes is answered', async () => {
    const app = up('node-app')
    await app.logged('에서 실행 중입니다.')
    const lock = new pg.Client({ connectionString: urlOf(postgres) })
    await lock.connect()
    await lock.query('begin; lock table yeyak.notifications in exclusive mode')
    const reply = post('/v1/notifications', { message: 'accepted while it stops', sendAt: { delay: '1h' } })
    await eventually('the insert that waits', async () => {
      const { rows } = await lock.query(`select 1 from pg_locks where not granted`)
      return rows.length > 0
    })
    await app.terminate()
    await app.logged('SIGTERM: finishing what runs')
    await lock.end()
    expect((await reply).status).toBe(201)
    expect(await app.ended).toBe(0)
  }, 60_000)

  test('`yeyak migrate`, as Fly.io runs it before a release, ends by itself', async () => {
    const env = { DATABASE_URL: urlOf(postgres) }
    const release = runContainer(image, { command: ['yeyak', 'migrate'], env })
    expect(await release.ended).toBe(0)
    expect(release.output()).toContain('database: up to date')
  })

  test('without a database it ends at once, and says which settings name one', async () => {
    const lonely = runContainer(image, { env: {} })
    expect(await lonely.ended).toBe(1)
    expect(lonely.output()).toMatch(/There is no embedded PostgreSQL for .*set DATABASE_URL \(or DB_HOST/u)
  })

  test.skipIf(!isolated.isFirst)('all of this ran as process 1', async () => {
    expect(await printed('process.pid')).toBe('1')
  })

  test.skipIf(!isolated.asImageUser)(
    'all of this ran as a user who can change nothing of the image',
    async () => {
      const writable = `['.', 'dist', 'bin/yeyak.mjs', 'node_modules'].filter((file) => {
      try { return fs.accessSync(file, fs.constants.W_OK) === undefined } catch { return false }
    }).length`
      expect(await printed(writable)).toBe('0')
    },
  )

  const printed = async (expression: string): Promise<string> => {
    const container = runContainer(image, { command: ['node', '-p', expression], env: {} })
    await container.ended
    return container.output().trim()
  }
})

interface Lock {
  packages: Record<
    string,
    { dev?: boolean; optional?: boolean; devOptional?: boolean; hasInstallScript?: boolean }
  >
}

interface SourceMap {
  sources: string[]
  sourcesContent?: unknown
}

const urlOf = (postgres: TestPostgres): string => {
  const { DB_USER, DB_PASSWORD, DB_NAME } = services['node-app']?.environment ?? {}
  return `postgres://${DB_USER}:${DB_PASSWORD}@127.0.0.1:${postgres.port}/${DB_NAME}`
}

/** What the image `postgres` makes of POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB. */
const makeDatabase = async (postgres: TestPostgres): Promise<void> => {
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = services['postgres']?.environment ?? {}
  const admin = new pg.Client({ connectionString: postgres.adminUrl })
  await admin.connect()
  await admin.query(`create role "${POSTGRES_USER}" superuser login password '${POSTGRES_PASSWORD}'`)
  await admin.query(`create database "${POSTGRES_DB}" owner "${POSTGRES_USER}"`)
  await admin.end()
}
