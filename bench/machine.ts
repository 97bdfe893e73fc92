import { readFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { median } from './figures.ts'
import { connect, type WithBench } from './kit.ts'

/** What the figures were measured on. Nothing in it names the machine. */
export interface Machine {
  cpu: string
  cores: number
  memoryGb: number
  system: string
  node: string
  postgres: string
  pgBoss: string
  yeyak: string
  /** What the server says of its settings. */
  settings: Record<string, string>
  /** One commit alone, with what the disk takes. */
  commitMs: number
}

const SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'shared_buffers',
  'wal_init_zero',
  'max_wal_size',
]
const COMMITS = 200

const packageOf = (specifier: string): { version: string } =>
  JSON.parse(readFileSync(new URL(import.meta.resolve(specifier)), 'utf8')) as { version: string }

export const describeMachine = (withBench: WithBench): Promise<Machine> =>
  withBench(async (bench) => {
    const [server] = await bench.execute<{ server_version: string }>('show server_version')
    const settings = await bench.execute<{ name: string; value: string }>(
      `select name, current_setting(name) as value from pg_settings where name in ('${SETTINGS.join("', '")}') order by name`,
    )
    return {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 1024 ** 3),
      // What follows the version proper is a distributor's or an owner's name for it.
      system: `${platform()} ${/^[\d.]+/.exec(release())?.[0] ?? ''} ${arch()}`,
      node: process.versions.node,
      postgres: server?.server_version ?? 'unknown',
      pgBoss: packageOf('pg-boss/package.json').version,
      yeyak: packageOf('../package.json').version,
      settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
      commitMs: await measureCommit(await bench.emptyDatabase()),
    }
  })

const measureCommit = async (url: string): Promise<number> => {
  const session = await connect(url)
  await session.query('create table commits (n integer)')
  const tookMs: number[] = []
  for (let n = 0; n < COMMITS; n++) {
    const startedAt = performance.now()
    await session.query('insert into commits values (1)')
    tookMs.push(performance.now() - startedAt)
  }
  await session.end()
  return Number(median(tookMs).toPrecision(2))
}
