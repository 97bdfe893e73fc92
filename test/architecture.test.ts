import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

/** Who may import whom: the files and folders of src/, in the order of docs/architecture.md. Arrows point down. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  cli: ['app', 'boot', 'config-file', 'config', 'platform'],
  'config-file': ['library', 'app', 'config', 'platform'],
  index: ['library', 'tasks', 'platform'],
  library: [
    'app',
    'boot',
    'channels',
    'config',
    'notifications',
    'publishing',
    'schedules',
    'tasks',
    'timers',
    'queue',
    'platform',
  ],
  app: ['*'],
  roles: ['*'],
  boot: ['config', 'migrations', 'upkeep', 'queue', 'platform'],
  config: ['parse-settings', 'settings', 'platform'],
  'parse-settings': ['settings', 'platform'],
  settings: [],
  notifications: ['timers', 'delivery', 'channels', 'http', 'events', 'platform'],
  publishing: ['timers', 'delivery', 'http', 'events', 'platform'],
  schedules: ['timers', 'delivery', 'http', 'events', 'platform'],
  tasks: ['timers', 'delivery', 'channels', 'http', 'events', 'platform'],
  webhooks: ['timers', 'delivery', 'channels', 'http', 'events', 'platform'],
  operations: ['http', 'events', 'platform'],
  access: ['http', 'events', 'platform'],
  delivery: ['timers', 'queue', 'channels', 'platform'],
  timers: ['queue', 'platform'],
  channels: ['platform'],
  queue: ['platform'],
  http: ['platform'],
  events: ['http', 'platform'],
  upkeep: ['platform'],
  migrations: [],
  platform: [],
}

/** Packages that have one door, and the files that are the door. */
const doors: readonly { packages: RegExp; files: RegExp }[] = [
  {
    packages: /^(kysely|pg)(\/|$)/,
    files: /^(migrations|platform|queue)\/|\/repository[^/]*\.ts$|^library\/surface\.ts$/,
  },
  { packages: /^pg-boss(\/|$)/, files: /^queue\// },
]

interface SourceFile {
  /** Below src/, with `/`. */
  file: string
  text: string
}

function violations(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ file, text }) => {
    const unit = unitOf(file)
    const allowed = arrows[unit]
    if (!allowed) return [`${file}: ${unit} is not in the table of this test`]
    const isTest = file.endsWith('.test.ts')
    const faults: string[] = []
    if (
      file !== 'config.ts' &&
      /\bprocess\s*\.\s*env\b|import \{[^}]*\benv\b[^}]*\} from 'node:process'/.test(text)
    ) {
      faults.push('reads process.env, which only config.ts does')
    }
    for (const [, imported = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (!imported.startsWith('.')) {
        const closed = doors.find(({ packages, files }) => packages.test(imported) && !files.test(file))
        if (closed && !isTest) faults.push(`imports ${imported}, which is behind another door`)
        continue
      }
      const target = path.posix.join(path.posix.dirname(file), imported)
      if (target.startsWith('../')) {
        if (!isTest && target !== '../package.json') faults.push(`imports ${target}, which is outside src`)
        continue
      }
      const other = unitOf(target)
      if (other !== unit && !allowed.includes(other) && !allowed.includes('*'))
        faults.push(`must not know ${other}`)
      if (!isFrontDoor(file, target)) faults.push(`enters ${path.posix.dirname(target)} past its index.ts`)
    }
    return faults.map((fault) => `${file}: ${fault}`)
  })
}

/** The first folder below src/, or the name of a file that stands there by itself. */
function unitOf(file: string): string {
  return file.split('/')[0]?.replace(/(\.test)?\.ts$/, '') ?? ''
}

/**
 * A file may import what is in its own folder or in one around it, and of any other folder the index.ts.
 * platform/ has none: each of its files is one noun, and is imported by its name.
 */
function isFrontDoor(file: string, target: string): boolean {
  const folder = path.posix.dirname(target)
  const isAround = folder === '.' || `${path.posix.dirname(file)}/`.startsWith(`${folder}/`)
  if (isAround || folder === 'platform') return true
  const parent = path.posix.dirname(folder)
  const parentIsAround =
    parent === '.' || parent === 'platform' || `${path.posix.dirname(file)}/`.startsWith(`${parent}/`)
  return target === `${folder}/index.ts` && parentIsAround
}

test('the sources keep to the table', () => {
  const root = path.join(import.meta.dirname, '../src')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const sources = files.map((file) => ({
    file: file.replaceAll('\\', '/'),
    text: readFileSync(path.join(root, file), 'utf8'),
  }))
  expect(sources.length).toBeGreaterThan(30)
  expect(violations(sources)).toEqual([])
})

test.each([
  [
    'an arrow that points up',
    'timers/alarm.ts',
    `import { x } from '../delivery/index.ts'`,
    'must not know delivery',
  ],
  ['platform that knows ours', 'platform/log.ts', `import { x } from '../config.ts'`, 'must not know config'],
  [
    'one feature in another',
    'events/a.ts',
    `export * from '../notifications/index.ts'`,
    'must not know notifications',
  ],
  [
    'a folder past its index',
    'delivery/worker.ts',
    `import { x } from '../timers/alarm.ts'`,
    'enters timers past',
  ],
  [
    'an inner folder past its index',
    'app.ts',
    `import('./channels/log/index.ts')`,
    'enters channels/log past',
  ],
  ['platform/x past its index', 'app.ts', `import './platform/pg/run.ts'`, 'enters platform/pg past'],
  ['SQL outside a repository', 'delivery/worker.ts', `import { sql } from 'kysely'`, 'behind another door'],
  ['a type of the driver', 'app.ts', `import type { Pool } from 'pg'`, 'behind another door'],
  [
    'a second door to pg-boss',
    'timers/repository.ts',
    `import { PgBoss } from 'pg-boss'`,
    'behind another door',
  ],
  ['the environment', 'cli/main.ts', `const port = process.env['PORT']`, 'reads process.env'],
  ['the environment by name', 'cli/main.ts', `import { argv, env } from 'node:process'`, 'reads process.env'],
  ['a folder without a place', 'utils/text.ts', '', 'utils is not in the table'],
  ['a way out of src', 'app.ts', `import { x } from '../test/kit/index.ts'`, 'outside src'],
])('%s is found', (_, file, text, fault) => {
  expect(violations([{ file, text }])).toEqual([expect.stringContaining(fault)])
})

test.each([
  ['notifications/service.ts', `import { plant } from '../timers/index.ts'`],
  [
    'timers/repository.ts',
    `import { sql } from 'kysely'\nimport type { Database } from '../platform/database.ts'`,
  ],
  ['channels/registry.ts', `import { createLogChannel } from './log/index.ts'`],
  ['channels/log/index.ts', `import type { Channel } from '../channel.ts'`],
  ['app.ts', `import { loadConfig } from './config.ts'\nimport { createQueue } from './queue/index.ts'`],
])('%s may do what it does here', (file, text) => {
  expect(violations([{ file, text }])).toEqual([])
})
