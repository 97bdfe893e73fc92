import { readFileSync } from 'node:fs'
import path from 'node:path'
import { inspect, parseEnv } from 'node:util'
import { ConfigError, parseSettings, settingNames, type Environment, wrongKeys } from './parse-settings.ts'
import { type KeySource, keysIn } from './platform/encryption-keys.ts'
import type { ConnectionConfig } from './platform/database.ts'
import type { SettingName, Settings } from './settings.ts'

export { ConfigError, type Environment }

/** The driver's own options are not ours to describe: they stay as they are. */
type Frozen<T> = T extends object
  ? { readonly [K in keyof T]: K extends 'connection' ? T[K] : Frozen<T[K]> }
  : T

/** The settings as the program uses them, deeply frozen. Units are last in the names. */
export type Config = Frozen<ReturnType<typeof assemble>>

/**
 * `.env` of `cwd` below the process's environment, which wins. An empty value counts as unset in both, since
 * that is what `PORT=${PORT:-}` in a compose file leaves behind.
 * @throws ConfigError where `.env` is there but cannot be read
 */
export function readEnvironment(cwd: string, environment: Environment = process.env): Environment {
  const given = Object.entries(environment).filter(([, text]) => text)
  return { ...readDotEnv(path.join(cwd, '.env')), ...Object.fromEntries(given) }
}

/**
 * Nothing falls back silently, and unknown `YEYAK_*` names are refused.
 * @param input.env as `readEnvironment` has it
 * @param input.cwd what relative paths are resolved against
 * @param input.terminal whether people read the log; that of this process where left out
 * @throws ConfigError with all mistakes together
 */
export function loadConfig(input: { env: Environment; cwd: string; terminal?: boolean }): Config {
  const { values, given } = parseSettings(input.env)
  const terminal = input.terminal ?? process.stdout.isTTY
  return deepFreeze(
    // npm tells the scripts that it runs what they are called.
    assemble(
      values,
      chooseDatabase(values, given, input.cwd),
      input.cwd,
      terminal,
      Boolean(input.env['npm_lifecycle_event']),
    ),
  )
}

/**
 * The settings of an application that has Yeyak inside. What it says itself wins over the environment.
 * @throws ConfigError with all mistakes together
 */
export function embeddedConfig(own: { connection: ConnectionConfig | null; schema: string | null }): Config {
  const cwd = process.cwd()
  const { connection, schema } = own
  const environment = readEnvironment(cwd)
  const env = { ...environment, ...(schema !== null && { YEYAK_SCHEMA: schema }) }
  if (connection === null) return loadConfig({ env, cwd, terminal: false })
  const elsewhere = Object.entries(env).filter(([name]) => name !== 'DATABASE_URL' && !name.startsWith('DB_'))
  // Any address: it decides what depends on there being a database of one's own, and is replaced.
  const config = loadConfig({
    env: { ...Object.fromEntries(elsewhere), DATABASE_URL: 'postgres://localhost' },
    cwd,
    terminal: false,
  })
  const { host = 'localhost', port = 5432, database, user } = connection
  const at = { host, port: String(port), database, user: typeof user === 'string' ? user : undefined }
  const { connectionString } = connection
  return {
    ...config,
    database: connectionString === undefined ? external(connection, at) : ofUrl(connectionString),
  }
}

/** Which database is used, for people; without the password. */
export function describeDatabase({ database }: Pick<Config, 'database'>): string {
  return database.kind === 'embedded'
    ? `embedded PostgreSQL in ${database.dataDir}`
    : `PostgreSQL ${database.place}`
}

function assemble(
  values: Settings,
  database: ReturnType<typeof chooseDatabase>,
  cwd: string,
  terminal: boolean,
  startedByNpm: boolean,
) {
  const automatic = terminal ? ('pretty' as const) : ('json' as const)
  return {
    http: { host: values.HOST.replace(/^\[(.*)\]$/, '$1'), port: values.PORT },
    auth: values.YEYAK_AUTH,
    rateLimitPerMinute: values.YEYAK_RATE_LIMIT,
    database,
    encryption: chooseEncryption(values, database, cwd),
    databasePool: values.YEYAK_DATABASE_POOL,
    schema: values.YEYAK_SCHEMA,
    queueSchema: `${values.YEYAK_SCHEMA}_queue`,
    log: {
      format: values.YEYAK_LOG_FORMAT === 'auto' ? automatic : values.YEYAK_LOG_FORMAT,
      level: values.YEYAK_LOG_LEVEL,
    },
    delivery: { concurrency: values.YEYAK_CONCURRENCY, batchSize: values.YEYAK_BATCH_SIZE },
    email: chooseEmail(values, database),
    webhook: {
      secrets: listOf(values.YEYAK_WEBHOOK_SECRET),
      allow: listOf(values.YEYAK_WEBHOOK_ALLOW),
    },
    images: {
      allow: listOf(values.YEYAK_IMAGE_ALLOW),
      maxBytes: values.YEYAK_IMAGE_MAX_BYTES,
      maxPixels: values.YEYAK_IMAGE_MAX_PIXELS,
      maxFrames: values.YEYAK_IMAGE_MAX_FRAMES,
      url: values.YEYAK_IMAGE_URL.replace(/\/+$/, ''),
      storage: chooseStorage(values, cwd),
    },
    client: { url: values.YEYAK_URL.replace(/\/$/, ''), apiKey: values.YEYAK_API_KEY },
    pollSeconds: values.YEYAK_POLL_SECONDS,
    retentionDays: values.YEYAK_RETENTION_DAYS,
    bootWaitSeconds: values.YEYAK_BOOT_WAIT_SECONDS,
    shutdownSeconds: values.YEYAK_SHUTDOWN_SECONDS,
    startedByNpm,
  }
}

/** An embedded database has a key of its own, beside its data. */
function chooseEncryption(
  values: Settings,
  database: ReturnType<typeof chooseDatabase>,
  cwd: string,
): KeySource {
  const { YEYAK_ENCRYPTION_KEY: keys, YEYAK_ENCRYPTION_KEY_FILE: file } = values
  if (keys !== '') return { kind: 'given', keys: keysIn(keys) }
  if (file !== '') return { kind: 'given', keys: keysIn(readKeys(path.resolve(cwd, file))) }
  return database.kind === 'embedded'
    ? { kind: 'made', path: path.join(database.dataDir, 'encryption.key') }
    : { kind: 'none' }
}

function readKeys(file: string): string {
  const setting = 'YEYAK_ENCRYPTION_KEY_FILE'
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new ConfigError([
      {
        setting,
        wrong: `${file} cannot be read (${reason})`,
        mend: 'Let this user read it, or mend the path.',
      },
    ])
  }
  const wrong = wrongKeys(text)
  if (wrong !== null) throw new ConfigError([{ setting, ...wrong }])
  return text
}

/** How mails leave. Where nothing is configured at all, to try things out, they are kept in files. */
function chooseEmail(values: Settings, database: ReturnType<typeof chooseDatabase>) {
  const { YEYAK_SMTP_URL: url, YEYAK_SMTP_FROM: from } = values
  if (url !== null) return { kind: 'smtp' as const, url, from }
  return database.kind === 'embedded' && values.YEYAK_AUTH === 'on'
    ? { kind: 'capture' as const, directory: path.join(database.dataDir, 'mail'), from }
    : { kind: 'none' as const }
}

/** Where resized images go. */
function chooseStorage(values: Settings, cwd: string) {
  if (values.YEYAK_S3_ENDPOINT === '') {
    const directory = values.YEYAK_IMAGE_DIR || path.join(values.YEYAK_DATA_DIR, 'images')
    return { kind: 'folder' as const, directory: path.resolve(cwd, directory) }
  }
  return {
    kind: 's3' as const,
    endpoint: values.YEYAK_S3_ENDPOINT.replace(/\/$/, ''),
    bucket: values.YEYAK_S3_BUCKET,
    region: values.YEYAK_S3_REGION,
    accessKeyId: values.YEYAK_S3_ACCESS_KEY_ID,
    secretAccessKey: values.YEYAK_S3_SECRET_ACCESS_KEY,
    prefix: values.YEYAK_S3_PREFIX === '' ? '' : `${values.YEYAK_S3_PREFIX.replace(/\/$/, '')}/`,
  }
}

const listOf = (text: string): string[] => text.split(/[ ,]+/).filter((item) => item !== '')

function ofUrl(text: string) {
  const url = new URL(text)
  const host = decodeURIComponent(url.hostname) || url.searchParams.get('host') || 'localhost'
  const [database, user] = [url.pathname.slice(1), url.username].map(decodeURIComponent)
  return external({ connectionString: text }, { host, port: url.port, database, user })
}

function chooseDatabase(values: Settings, given: ReadonlySet<SettingName>, cwd: string) {
  if (values.DATABASE_URL !== null) return ofUrl(values.DATABASE_URL)
  if (settingNames.some((name) => name.startsWith('DB_') && given.has(name))) {
    const { DB_HOST: host, DB_PORT: port, DB_USER: user, DB_PASSWORD: password, DB_NAME: database } = values
    return external({ host, port, user, password, database }, { host, port: `${port}`, database, user })
  }
  return { kind: 'embedded' as const, dataDir: path.resolve(cwd, values.YEYAK_DATA_DIR) }
}

/**
 * `connection` is plain data for the driver, and shows `place` instead of the password when somebody logs it.
 * The printing members are not enumerable, so the driver, which copies what is, does not see them.
 */
function external(
  connection: ConnectionConfig,
  at: { host: string; port: string; database: string | undefined; user: string | undefined },
) {
  const address = `${at.host.includes(':') && !at.host.startsWith('[') ? `[${at.host}]` : at.host}:${at.port || 5432}`
  const place = `at ${address}${at.database ? `, database ${at.database}` : ''}${at.user ? `, user ${at.user}` : ''}`
  const show = { value: () => place }
  Object.defineProperties(connection, { toJSON: show, [inspect.custom]: show })
  return { kind: 'external' as const, connection, place }
}

function readDotEnv(file: string): Environment {
  let text: string
  try {
    // Fatal, so that a file that an editor saved as UTF-16 is not read as one without settings; drops a BOM.
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError([
      {
        setting: file,
        wrong: `it cannot be read (${reason})`,
        mend: 'Save it as a UTF-8 text file, or remove it.',
      },
    ])
  }
  const stray = /^[ \t]*(?:export[ \t]+)?((?:YEYAK|DB)_\w+|DATABASE_URL|PORT|HOST)\b(?![ \t]*=)/m.exec(text)
  if (stray) {
    throw new ConfigError([
      { setting: file, wrong: `${stray[1]} has no "=" after it`, mend: `Write ${stray[1]}=value.` },
    ])
  }
  return Object.fromEntries(Object.entries(parseEnv(text)).filter(([, value]) => value))
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) deepFreeze(member)
  }
  return Object.freeze(value)
}
