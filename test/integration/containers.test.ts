import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DCLinter } from 'dclint'
import { parse as parseToml } from 'smol-toml'
import { expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { loadConfig } from '../../src/config.ts'
import { SETTINGS, type Setting } from '../../src/settings.ts'
import { contextFiles, readDockerignore } from '../kit/docker-context.ts'
import { execForm, pairsOf, parseDockerfile } from '../kit/dockerfile.ts'

const root = path.join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

interface Service {
  build?: string
  command?: string[]
  container_name?: string
  depends_on?: Record<string, { condition: string }>
  environment: Record<string, string>
  healthcheck?: { test?: string[]; disable?: boolean }
  ports?: string[]
  profiles?: string[]
  restart?: string
  stop_grace_period?: string
  volumes?: string[]
}
const compose = parseYaml(read('docker-compose.yml')) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}
const fly = parseToml(read('fly.toml')) as {
  [section: string]: unknown
  kill_signal: string
  kill_timeout: string
  deploy: { release_command: string }
  env: Record<string, string>
  processes: Record<string, string>
  checks: Record<string, { port: number; path: string; processes: string[] }>
}
const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
const stages = parseDockerfile(read('Dockerfile'))
const page = read('docs/deployment.md')

const configOf = (env: Record<string, string>) => loadConfig({ env, cwd: root })
/** What a stop needs at most: the sends in flight, and 10 s for the rest. */
const stopSeconds = SETTINGS.YEYAK_SHUTDOWN_SECONDS.default + 10

test('the compose file is one', () => {
  const rules = { 'services-alphabetical-order': 0 } as const
  const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] })
  const file = path.join(root, 'docker-compose.yml')
  const results: readonly { messages: readonly unknown[] }[] = linter.lintFiles([file], false)
  expect(results).toHaveLength(1)
  expect(results.flatMap(({ messages }) => messages)).toEqual([])
})

test('`docker compose up` starts the app once the database answers, and both again after a crash', () => {
  const { postgres, 'node-app': app, ...others } = compose.services
  expect(postgres).toMatchObject({
    image: 'postgres:18',
    container_name: 'pgboss_db',
    restart: 'unless-stopped',
  })
  expect(postgres?.healthcheck?.test).toContain('pg_isready')
  expect(app).toMatchObject({ build: '.', container_name: 'pgboss_app', restart: 'unless-stopped' })
  expect(app?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } })
  expect([postgres?.profiles, app?.profiles]).toEqual([undefined, undefined])
  for (const other of Object.values(others)) expect(other.profiles).toEqual(['split'])
})

test('the data is in a named volume, at the place that the image wants', () => {
  expect(compose.services['postgres']?.volumes).toEqual(['postgres-data:/var/lib/postgresql'])
  expect(Object.keys(compose.volumes)).toEqual(['postgres-data'])
})

test('nothing is published but on 127.0.0.1', () => {
  const ports = Object.values(compose.services).flatMap((service) => service.ports ?? [])
  expect(new Set(ports)).toEqual(new Set(['127.0.0.1:3000:3000', '127.0.0.1:5432:5432']))
})

test('app, api and worker take their settings, and find the database that is made there', () => {
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = compose.services['postgres']?.environment ?? {}
  for (const name of ['node-app', 'api', 'worker']) {
    const config = configOf(compose.services[name]?.environment ?? {})
    expect(config.http).toEqual({ host: '0.0.0.0', port: 3000 })
    const connection = config.database.kind === 'external' ? { ...config.database.connection } : null
    expect(connection).toEqual({
      ...{ host: 'postgres', port: 5432 },
      ...{ user: POSTGRES_USER, password: POSTGRES_PASSWORD, database: POSTGRES_DB },
    })
  }
  expect([POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB]).toEqual(['user', 'password', 'pgboss'])
})

test('the commands of compose file, fly.toml and Dockerfile are commands of the program', () => {
  const { stdout } = spawnSync(process.execPath, ['bin/yeyak.mjs', '--help'], { cwd: root, encoding: 'utf8' })
  const known = [...stdout.matchAll(/^ {2}([a-z]+)/gmu)].map(([, name]) => `yeyak ${name}`)
  const given = [
    ...Object.values(compose.services).flatMap(({ command }) => (command ? [command.join(' ')] : [])),
    ...Object.values(fly.processes),
    fly.deploy.release_command,
    ...stages.flatMap(({ instructions }) =>
      instructions.flatMap(({ keyword, text }) => (keyword === 'CMD' ? [execForm(text)?.join(' ')] : [])),
    ),
  ]
  expect(new Set(given)).toEqual(new Set(['yeyak start', 'yeyak api', 'yeyak worker', 'yeyak migrate']))
  expect(known).toEqual(expect.arrayContaining(given))
})

test('whoever stops it waits longer than it drains', () => {
  const graces = ['node-app', 'api', 'worker'].map((name) => compose.services[name]?.stop_grace_period)
  const unit = /^TimeoutStopSec=(.*)$/mu.exec(page)?.[1]
  for (const grace of [...graces, fly.kill_timeout, unit])
    expect(Number(/^(\d+)s?$/u.exec(grace ?? '')?.[1])).toBeGreaterThan(stopSeconds)
  expect(fly.kill_signal).toBe('SIGTERM')
})

test('fly.toml has settings that are taken, holds no secret, and opens nothing to the public', () => {
  const config = configOf({ ...fly.env, DATABASE_URL: 'postgres://user:password@db.internal/yeyak' })
  expect(config.http.port).toBe(fly.checks['ready']?.port)
  expect(fly.checks['ready']).toMatchObject({ path: '/readyz', processes: ['api'] })
  const secrets = Object.entries<Setting>(SETTINGS).flatMap(([name, { secret }]) => (secret ? [name] : []))
  expect(secrets).toContain('DATABASE_URL')
  expect(Object.keys(fly.env).filter((name) => secrets.includes(name))).toEqual([])
  expect(Object.keys(fly).filter((section) => /service/u.test(section))).toEqual([])
})

test('the image has one base, a user without rights, and the memory limits of `npm start`', () => {
  expect(new Set(stages.map(({ image }) => image))).toEqual(new Set(['node:24-trixie-slim']))
  const last = stages.at(-1)?.instructions ?? []
  expect(last.find(({ keyword }) => keyword === 'USER')?.text).toBe('node')
  expect(last.some(({ keyword }) => keyword === 'HEALTHCHECK')).toBe(true)
  const env = Object.fromEntries(
    last.flatMap(({ keyword, text }) => (keyword === 'ENV' ? pairsOf(text) : [])),
  )
  expect(manifest.scripts['start']).toBe(`node ${env['NODE_OPTIONS']} bin/yeyak.mjs start`)
  expect(page).toContain(`node ${env['NODE_OPTIONS']} bin/yeyak.mjs start`)
})

test('the scripts that the pages name are there', () => {
  expect(Object.keys(manifest.scripts)).toEqual(
    expect.arrayContaining(['dev', 'build', 'start', 'start:prod']),
  )
})

test('the build gets what it needs, and neither secrets, nor data, nor what others have installed', () => {
  const { includes } = readDockerignore(read('.dockerignore'))
  const kept = [
    ...['.env', '.env.production', 'src/.env', '.git/config', '.yeyak/postgres/base/1', 'yeyak.dump'],
    ...['node_modules/pg/package.json', 'test/kit/app.ts', 'src/config.test.ts', 'bench/results.json'],
    ...['dist/app.js', 'docs/errors.md', '.github/workflows/ci.yml', 'fly.toml', 'stand-up.json'],
  ]
  expect(kept.filter(includes)).toEqual([])
  const files = contextFiles(root, read('.dockerignore'))
  expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([])
  expect(files).toEqual(expect.arrayContaining(['package-lock.json', 'src/cli/main.ts', 'scripts/build.ts']))
})

test('the page about deployment names services, containers and profiles that there are', () => {
  const named = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, name = '']) => name)
  const services = Object.keys(compose.services)
  const containers = Object.values(compose.services).flatMap(({ container_name: name }) => name ?? [])
  const targets = named(/docker compose (?:logs -f|start|stop) ([\w-]+)/gu)
  expect(services).toEqual(expect.arrayContaining([...targets, ...named(/--scale ([\w-]+)=/gu)]))
  expect(targets).toContain('node-app')
  expect(containers).toEqual(expect.arrayContaining(named(/\b(pgboss_\w+)/gu)))
  expect(new Set(named(/--profile (\S+)/gu))).toEqual(new Set(['split']))
  expect(page).toContain('docker compose --profile split up --build --scale node-app=0')
})
