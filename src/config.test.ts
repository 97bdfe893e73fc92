import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inspect } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError, describeDatabase, loadConfig, readEnvironment } from './config.ts'
import { SETTINGS } from './settings.ts'

const cwd = mkdtempSync(path.join(tmpdir(), 'yeyak-config-'))
afterAll(() => rmSync(cwd, { recursive: true }))

const load = (env: Record<string, string>) => loadConfig({ env, cwd, terminal: false })

function problems(env: Record<string, string>): string[] {
  try {
    load(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').map((line) => line.trim())
    throw error
  }
  return []
}

test('without settings everything is as documented, and the database is the embedded one', () => {
  expect(load({})).toEqual({
    http: { host: '127.0.0.1', port: 3000 },
    auth: 'on',
    rateLimitPerMinute: 0,
    database: { kind: 'embedded', dataDir: path.join(cwd, '.yeyak') },
    encryption: { kind: 'made', path: path.join(cwd, '.yeyak', 'encryption.key') },
    databasePool: 10,
    schema: 'yeyak',
    queueSchema: 'yeyak_queue',
    log: { format: 'json', level: 'info' },
    delivery: { concurrency: 1000, batchSize: 200 },
    email: { kind: 'capture', directory: path.join(cwd, '.yeyak', 'mail'), from: '' },
    webhook: { secrets: [], allow: [] },
    images: {
      ...{ allow: [], maxBytes: 20_000_000, maxPixels: 100_000_000, maxFrames: 100, url: '' },
      storage: { kind: 'folder', directory: path.join(cwd, '.yeyak', 'images') },
    },
    client: { url: 'http://localhost:3000', apiKey: '' },
    pollSeconds: 5,
    retentionDays: 0,
    bootWaitSeconds: 30,
    shutdownSeconds: 10,
    startedByNpm: false,
  })
})

test('every setting that is given arrives', () => {
  const config = load({
    PORT: '0',
    HOST: '[::1]',
    YEYAK_AUTH: 'off',
    YEYAK_RATE_LIMIT: '6000',
    YEYAK_SCHEMA: 'shop',
    YEYAK_DATA_DIR: '/var/lib/yeyak',
    YEYAK_ENCRYPTION_KEY: `${'A'.repeat(43)}=, ${'B'.repeat(42)}A=`,
    YEYAK_DATABASE_POOL: '20',
    YEYAK_LOG_FORMAT: 'pretty',
    YEYAK_LOG_LEVEL: 'debug',
    YEYAK_CONCURRENCY: '7',
    YEYAK_BATCH_SIZE: '1',
    YEYAK_POLL_SECONDS: '1',
    YEYAK_RETENTION_DAYS: '90',
    YEYAK_BOOT_WAIT_SECONDS: '0',
    YEYAK_SHUTDOWN_SECONDS: '0',
    YEYAK_SMTP_URL: 'smtps://user:password@mail.example.com',
    YEYAK_SMTP_FROM: 'Shop <shop@example.com>',
    YEYAK_WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}, whsec_${'B'.repeat(32)}`,
    YEYAK_WEBHOOK_ALLOW: '10.0.0.0/8, chat.internal',
    YEYAK_IMAGE_ALLOW: '10.0.0.0/8',
    YEYAK_IMAGE_URL: 'https://cdn.example.com/pictures/',
    YEYAK_IMAGE_MAX_BYTES: '1000',
    YEYAK_IMAGE_MAX_PIXELS: '2000',
    YEYAK_IMAGE_MAX_FRAMES: '3',
    YEYAK_S3_ENDPOINT: 'https://s3.example.com/',
    YEYAK_S3_BUCKET: 'pictures',
    YEYAK_S3_REGION: 'auto',
    YEYAK_S3_ACCESS_KEY_ID: 'key',
    YEYAK_S3_SECRET_ACCESS_KEY: 'secret',
    YEYAK_S3_PREFIX: 'small/',
    YEYAK_URL: 'https://yeyak.example.com/',
    YEYAK_API_KEY: 'yk_0123456789abcdefg',
  })
  expect(config).toEqual({
    http: { host: '::1', port: 0 },
    auth: 'off',
    rateLimitPerMinute: 6000,
    database: { kind: 'embedded', dataDir: '/var/lib/yeyak' },
    encryption: { kind: 'given', keys: [`${'A'.repeat(43)}=`, `${'B'.repeat(42)}A=`] },
    databasePool: 20,
    schema: 'shop',
    queueSchema: 'shop_queue',
    log: { format: 'pretty', level: 'debug' },
    delivery: { concurrency: 7, batchSize: 1 },
    email: {
      kind: 'smtp',
      url: 'smtps://user:password@mail.example.com',
      from: 'Shop <shop@example.com>',
    },
    webhook: {
      secrets: [`whsec_${'A'.repeat(32)}`, `whsec_${'B'.repeat(32)}`],
      allow: ['10.0.0.0/8', 'chat.internal'],
    },
    images: {
      ...{ allow: ['10.0.0.0/8'], maxBytes: 1000, maxPixels: 2000, maxFrames: 3 },
      url: 'https://cdn.example.com/pictures',
      storage: {
        ...{ kind: 's3', endpoint: 'https://s3.example.com', bucket: 'pictures', region: 'auto' },
        ...{ accessKeyId: 'key', secretAccessKey: 'secret', prefix: 'small/' },
      },
    },
    client: { url: 'https://yeyak.example.com', apiKey: 'yk_0123456789abcdefg' },
    pollSeconds: 1,
    retentionDays: 90,
    bootWaitSeconds: 0,
    shutdownSeconds: 0,
    startedByNpm: false,
  })
})

test('a bucket that is half described is told at the start, and no secret with it', () => {
  const given = { YEYAK_S3_ENDPOINT: 'https://s3.example.com', YEYAK_S3_SECRET_ACCESS_KEY: 's3cr3t' }
  const told = problems(given).join()
  expect(told).toMatch(/YEYAK_S3_BUCKET: it is needed .*,YEYAK_S3_ACCESS_KEY_ID: it is needed/s)
  expect(told).not.toContain('s3cr3t')
  expect(load({ YEYAK_IMAGE_DIR: 'public/img' }).images.storage).toEqual({
    ...{ kind: 'folder', directory: path.join(cwd, 'public', 'img') },
  })
})

test('encryption keys come from the setting or from a file, and a wrong one is told without being shown', () => {
  const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((bytes) => bytes.toString('base64'))
  const file = path.join(cwd, 'keys')
  writeFileSync(file, `${first}\n${second}\n`)
  expect(load({ YEYAK_ENCRYPTION_KEY_FILE: 'keys' }).encryption).toEqual({
    kind: 'given',
    keys: [first, second],
  })
  expect(load({ DATABASE_URL: 'postgres://localhost/x' }).encryption).toEqual({ kind: 'none' })
  expect(problems({ YEYAK_ENCRYPTION_KEY: `${first},c2hvcnQ=` })).toEqual([
    'wrong setting YEYAK_ENCRYPTION_KEY: key 2 is not the base64 of 32 bytes. Make one with openssl rand -base64 32.',
  ])
  expect(problems({ YEYAK_ENCRYPTION_KEY: first ?? '', YEYAK_ENCRYPTION_KEY_FILE: file })).toEqual([
    'wrong setting YEYAK_ENCRYPTION_KEY: YEYAK_ENCRYPTION_KEY_FILE gives keys too. Remove one of the two.',
  ])
  expect(problems({ YEYAK_ENCRYPTION_KEY_FILE: 'missing' })).toEqual([
    `wrong setting YEYAK_ENCRYPTION_KEY_FILE: ${path.join(cwd, 'missing')} cannot be read (ENOENT). Let this user read it, or mend the path.`,
  ])
  writeFileSync(file, 'short')
  expect(problems({ YEYAK_ENCRYPTION_KEY_FILE: file })).toEqual([
    'wrong setting YEYAK_ENCRYPTION_KEY_FILE: it is not the base64 of 32 bytes. Make one with openssl rand -base64 32.',
  ])
})

test('the log is pretty on a terminal unless it is told otherwise', () => {
  expect(loadConfig({ env: {}, cwd, terminal: true }).log.format).toBe('pretty')
  expect(loadConfig({ env: { YEYAK_LOG_FORMAT: 'json' }, cwd, terminal: true }).log.format).toBe('json')
})

test('all mistakes are reported together, each with its name and its mend', () => {
  expect(
    problems({ PORT: 'abc', YEYAK_LOG_LEVEL: 'loud', YEYAK_POLL_SECONDS: '0', YEYAK_SCHEMA: 'My Schema' }),
  ).toEqual([
    '4 settings are wrong:',
    'PORT: "abc" is not a whole number in its range. Give a whole number from 0 to 65535, such as 3000.',
    'YEYAK_SCHEMA: "My Schema" does not fit. Give a schema name: up to 41 of a-z, 0-9 and _, not starting with a digit or pg_, such as yeyak.',
    'YEYAK_LOG_LEVEL: "loud" is not one of its values. Give one of trace, debug, info, warn, error, fatal, silent.',
    'YEYAK_POLL_SECONDS: "0" is not a whole number in its range. Give a whole number of seconds from 1 to 60, such as 5.',
  ])
})

test.each(['abc', '-1', '65536', '3000.0', '0x1F', '3e3', '3 000', '３０００', 'NaN', '9'.repeat(400)])(
  'PORT=%s is refused, not replaced by the default',
  (PORT) => {
    expect(problems({ PORT })).toHaveLength(1)
  },
)

test.each(['pg_yeyak', 'information_schema', '1st', 'Yeyak', 'a-b', 'a"b', 'x'.repeat(42), '예약'])(
  'YEYAK_SCHEMA=%s is refused',
  (YEYAK_SCHEMA) => {
    expect(problems({ YEYAK_SCHEMA })).toHaveLength(1)
  },
)

test.each([
  ['YEYAK_CONCURENCY', 'YEYAK_CONCURRENCY'],
  ['yeyak_log_level', 'YEYAK_LOG_LEVEL'],
  ['YEYAK_PORT', 'PORT'],
  ['YEYAK_DATABASE_URL', 'DATABASE_URL'],
  ['YEYAK_SHUTDOWN', 'YEYAK_SHUTDOWN_SECONDS'],
])('%s is refused, and %s suggested', (name, meant) => {
  expect(problems({ [name]: '1' })).toEqual([
    `wrong setting ${name}: there is no such setting. Did you mean ${meant}?`,
  ])
})

test('an unknown name like no other is refused without a guess, and its value is not shown', () => {
  const [message] = problems({ YEYAK_XYZZY_TOKEN: 'hunter2' })
  expect(message).toContain('See docs/configuration.md')
  expect(message).not.toContain('hunter2')
})

test('names of the tests, and those that Kubernetes sets for a service called yeyak, are no mistakes', () => {
  const injected = { YEYAK_PORT: 'tcp://10.0.0.1:3000', YEYAK_API_PORT_3000_TCP_ADDR: '10.0.0.1' }
  expect(problems({ YEYAK_TEST_POSTGRES: '14' })).toEqual([])
  expect(problems({ ...injected, KUBERNETES_SERVICE_HOST: '10.0.0.2' })).toEqual([])
  expect(problems(injected)).toHaveLength(3)
})

describe('the database', () => {
  const url = 'postgres://me:s3cret%40@db.example.com:6432/shop?sslmode=require'

  test('one DB_ setting brings the defaults of the rest', () => {
    const config = load({ DB_HOST: 'db' })
    expect(config.database).toMatchObject({
      kind: 'external',
      connection: { host: 'db', port: 5432, user: 'user', password: 'password', database: 'pgboss' },
    })
    expect(describeDatabase(config)).toBe('PostgreSQL at db:5432, database pgboss, user user')
  })

  test('DATABASE_URL goes to the driver as it is', () => {
    const config = load({ DATABASE_URL: url })
    expect(config.database).toMatchObject({ kind: 'external', connection: { connectionString: url } })
    expect(describeDatabase(config)).toBe('PostgreSQL at db.example.com:6432, database shop, user me')
  })

  test.each([
    ['postgresql://localhost', 'PostgreSQL at localhost:5432'],
    ['postgres:///shop?host=/run/postgresql', 'PostgreSQL at /run/postgresql:5432, database shop'],
    ['postgres://u:p@[::1]:5433/d', 'PostgreSQL at [::1]:5433, database d, user u'],
    ['postgres://u:p@ss@h/d', 'PostgreSQL at h:5432, database d, user u'],
  ])('%s is understood', (DATABASE_URL, described) => {
    expect(describeDatabase(load({ DATABASE_URL }))).toBe(described)
  })

  test('both at once are refused', () => {
    expect(problems({ DATABASE_URL: url, DB_NAME: 'x', DB_PORT: '1' })).toEqual([
      'wrong setting DATABASE_URL: it names a database, and DB_PORT, DB_NAME may name another. Remove DATABASE_URL, or DB_PORT, DB_NAME.',
    ])
  })

  test.each([
    'mysql://u:s3cret@h/d',
    'host=h password=s3cret',
    'postgres:u:s3cret@h',
    'postgres://u:s3cret#@h/d',
    'postgres://u:s3cret%@h/d',
    'postgres://u:s3cret@h:99999/d',
  ])('a DATABASE_URL that is wrong is refused without showing the password: %s', (DATABASE_URL) => {
    expect(problems({ DATABASE_URL })).toHaveLength(1)
    expect(problems({ DATABASE_URL }).join()).not.toContain('s3cret')
  })

  test('the password of a URL in the wrong setting is not shown either', () => {
    const misplaced = 'postgres://u:s3cret@h/d'
    const shown = problems({
      DB_HOST: misplaced,
      DB_PORT: misplaced,
      HOST: misplaced,
      YEYAK_SCHEMA: misplaced,
    })
    expect(shown).toHaveLength(5)
    expect(shown.join()).not.toContain('s3cret')
  })

  test('printing the settings shows no password, and the driver still gets it', () => {
    for (const env of [{ DATABASE_URL: url }, { DB_PASSWORD: 's3cret' }]) {
      const config = load(env)
      expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain('s3cret')
      expect(
        config.database.kind === 'external' && Object.values({ ...config.database.connection }).map(String),
      ).toEqual(expect.arrayContaining([expect.stringContaining('s3cret')]))
    }
  })
})

describe('.env', () => {
  const write = (content: string | Buffer) => writeFileSync(path.join(cwd, '.env'), content)

  test('is read, the real environment wins, and an empty value counts as unset in both', () => {
    write(
      '\uFEFFPORT=4000\r\nYEYAK_SCHEMA="shop" # ours\r\nYEYAK_LOG_LEVEL=\r\nexport YEYAK_BATCH_SIZE=9\r\n',
    )
    const env = readEnvironment(cwd, { PORT: '', YEYAK_SCHEMA: 'other' })
    const config = loadConfig({ env, cwd })
    expect([config.http.port, config.schema, config.log.level, config.delivery.batchSize]).toEqual([
      4000,
      'other',
      'info',
      9,
    ])
  })

  test('may be missing', () => {
    rmSync(path.join(cwd, '.env'), { force: true })
    expect(readEnvironment(cwd, { PORT: '1' })).toEqual({ PORT: '1' })
  })

  test('with an encoding that hides its settings is refused', () => {
    write(Buffer.from('\uFEFFPORT=4000', 'utf16le'))
    expect(() => readEnvironment(cwd, {})).toThrow(/Save it as a UTF-8 text file/)
  })

  test.each(['PORT: 4000', 'PORT 4000', '  DB_PASSWORD', 'export YEYAK_SCHEMA'])(
    'the line %s is refused',
    (line) => {
      write(`# PORT is this\nPORTAL\n${line}\nDB_HOST = h\n`)
      expect(() => readEnvironment(cwd, {})).toThrow(/has no "=" after it/)
    },
  )
})

test('the configuration cannot be changed after it was read', () => {
  const config = load({ DB_HOST: 'db' })
  expect(() => Object.assign(config.http, { port: 1 })).toThrow(TypeError)
  expect(() => Object.assign(config.database, { kind: 'embedded' })).toThrow(TypeError)
})

const withDefault = Object.entries(SETTINGS).filter(([, setting]) => setting.default !== null)

test.each(withDefault)('the default of %s is a value that it takes', (name, setting) => {
  expect(problems({ [name]: String(setting.default) })).toEqual([])
})
