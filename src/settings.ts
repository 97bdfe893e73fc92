/**
 * Every setting of Yeyak, once. Parsing, types, `docs/configuration.md` and `.env.example` all come from this
 * table, so that none of them can drift: `npm run docs` writes the last two, and a test holds them equal.
 */
interface Common {
  section: Section
  /** Markdown, whole sentences, for `docs/configuration.md` and (stripped of its backticks) `.env.example`. */
  doc: string
  /** Never printed, not even in the message that says it is wrong. */
  secret?: true
  /** Shown where the default is not a value that one could write. */
  example?: string
}

export type Setting = Common &
  (
    | { kind: 'integer'; default: number; min: number; max: number; unit?: string }
    | { kind: 'enum'; default: string; choices: readonly string[] }
    | { kind: 'string'; default: string; pattern?: RegExp; shape?: string }
    /** A folder or file, resolved against the folder that the program is started in. */
    | { kind: 'path'; default: string }
    | { kind: 'url'; default: null; protocols: readonly string[] }
  )

export const SECTIONS = [
  'Server',
  'Database',
  'Log',
  'Delivery',
  'Channels',
  'Images',
  'Processes',
  'Client',
] as const
type Section = (typeof SECTIONS)[number]

export const SETTINGS = {
  PORT: {
    section: 'Server',
    kind: 'integer',
    default: 3000,
    min: 0,
    max: 65_535,
    doc: 'The TCP port of the API. `0` takes any free one; the start-up lines name it.',
  },
  HOST: {
    section: 'Server',
    kind: 'string',
    default: '127.0.0.1',
    pattern: /^(\[[0-9a-f:.]+\]|[\w.:%-]+)$/i,
    shape: 'a host name or an IP address',
    doc: 'The address that the API listens on. One that other machines can reach needs an API key or a user, or `YEYAK_AUTH=off`; else the start is refused.',
    example: '0.0.0.0',
  },
  YEYAK_AUTH: {
    section: 'Server',
    kind: 'enum',
    default: 'on',
    choices: ['on', 'off'],
    doc: '`on` asks for an API key or a session as soon as there is a key or a user; before, the API is open, on loopback addresses only. `off` never asks who calls: use it only behind a network or a proxy that decides who may.',
  },
  YEYAK_RATE_LIMIT: {
    section: 'Server',
    kind: 'integer',
    default: 0,
    min: 0,
    max: 10_000_000,
    unit: 'requests',
    doc: 'How many requests a minute each API key may make, in each process, where the key itself does not say. `0` sets no limit.',
    example: '6000',
  },
  DATABASE_URL: {
    section: 'Database',
    kind: 'url',
    default: null,
    protocols: ['postgres://', 'postgresql://'],
    secret: true,
    doc: 'The PostgreSQL to use, as one URL. Parameters such as `sslmode` are passed on to the driver.',
    example: 'postgres://user:password@localhost:5432/pgboss',
  },
  DB_HOST: {
    section: 'Database',
    kind: 'string',
    default: 'localhost',
    pattern: /^(\/.*|[\w.:%-]+)$/,
    shape: 'a host name, an IP address, or the folder of a Unix socket',
    doc: 'The host of the PostgreSQL to use.',
  },
  DB_PORT: {
    section: 'Database',
    kind: 'integer',
    default: 5432,
    min: 1,
    max: 65_535,
    doc: 'Its port.',
  },
  DB_USER: { section: 'Database', kind: 'string', default: 'user', doc: 'The user to log in as.' },
  DB_PASSWORD: {
    section: 'Database',
    kind: 'string',
    default: 'password',
    secret: true,
    doc: 'The password of that user.',
  },
  DB_NAME: { section: 'Database', kind: 'string', default: 'pgboss', doc: 'The database.' },
  YEYAK_DATA_DIR: {
    section: 'Database',
    kind: 'path',
    default: '.yeyak',
    doc: 'Where the embedded PostgreSQL keeps its data, and where resized images lie. With a database of your own, images only.',
  },
  YEYAK_SCHEMA: {
    section: 'Database',
    kind: 'string',
    default: 'yeyak',
    // PostgreSQL reserves pg_*, and information_schema is its own.
    pattern: /^(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,40}$/,
    shape: 'a schema name: up to 41 of a-z, 0-9 and _, not starting with a digit or pg_',
    doc: "The schema of Yeyak's tables. The queue's tables are in a second one, with `_queue` added to the name.",
  },
  YEYAK_ENCRYPTION_KEY: {
    section: 'Database',
    kind: 'string',
    default: '',
    secret: true,
    doc: 'What secrets in the database are sealed with: base64 of 32 random bytes (`openssl rand -base64 32`). Of several, with commas between, the first seals and all open. The embedded database makes one of its own, in `.yeyak/encryption.key`; with a database of your own and without a key, the headers of webhooks are stored as they are, and webhook endpoints are refused.',
  },
  YEYAK_ENCRYPTION_KEY_FILE: {
    section: 'Database',
    kind: 'string',
    default: '',
    pattern: /^[^~]/,
    shape: 'the path of a file, without ~',
    doc: 'A file with such keys, one a line, instead.',
    example: '/run/secrets/yeyak-encryption-key',
  },
  YEYAK_DATABASE_POOL: {
    section: 'Database',
    kind: 'integer',
    default: 10,
    min: 2,
    max: 100,
    unit: 'connections',
    doc: 'The most connections that the general pool of one process holds. The alarm and the queue have a few of their own.',
  },
  YEYAK_LOG_FORMAT: {
    section: 'Log',
    kind: 'enum',
    default: 'auto',
    choices: ['auto', 'pretty', 'json'],
    doc: '`pretty` is for people, `json` for log readers; `auto` is `pretty` on a terminal, else `json`.',
  },
  YEYAK_LOG_LEVEL: {
    section: 'Log',
    kind: 'enum',
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    doc: 'The least severe record that is written.',
  },
  YEYAK_CONCURRENCY: {
    section: 'Delivery',
    kind: 'integer',
    default: 1000,
    min: 1,
    max: 10_000,
    unit: 'sends',
    doc: 'The most sends that one worker has in flight on one channel.',
  },
  YEYAK_BATCH_SIZE: {
    section: 'Delivery',
    kind: 'integer',
    default: 200,
    min: 1,
    max: 1000,
    unit: 'items',
    doc: 'The most items that a worker claims, starts or records in one statement.',
  },
  YEYAK_POLL_SECONDS: {
    section: 'Delivery',
    kind: 'integer',
    default: 5,
    min: 1,
    max: 60,
    unit: 'seconds',
    doc: 'The pause between two looks at the database for what a lost wake-up may have left behind. Due items do not wait for it.',
  },
  YEYAK_RETENTION_DAYS: {
    section: 'Delivery',
    kind: 'integer',
    default: 0,
    min: 0,
    max: 36_500,
    unit: 'days',
    doc: 'How long finished notifications, their attempts and events are kept. `0` keeps them for ever.',
  },
  YEYAK_SMTP_URL: {
    section: 'Channels',
    kind: 'url',
    default: null,
    protocols: ['smtp://', 'smtps://'],
    secret: true,
    doc: 'The mail server for the channel `email`: `smtps://` for TLS from the start (port 465), `smtp://` for STARTTLS where it is offered (587). Parameters: `tls=require` refuses to send without TLS, `pool` is the most connections (5), `rejectUnauthorized=false` takes any certificate. Without it mails are refused, or, on the embedded database, captured in `.yeyak/mail/`.',
    example: 'smtps://user:password@smtp.example.com',
  },
  YEYAK_SMTP_FROM: {
    section: 'Channels',
    kind: 'string',
    default: '',
    doc: 'The sender of mails that name none: an address or `Name <address>`. Needed with `YEYAK_SMTP_URL`.',
    example: 'Yeyak <yeyak@example.com>',
  },
  YEYAK_WEBHOOK_SECRET: {
    section: 'Channels',
    kind: 'string',
    default: '',
    pattern: /^whsec_[A-Za-z0-9+/]{32,88}={0,2}([ ,]+whsec_[A-Za-z0-9+/]{32,88}={0,2})?$/,
    shape: '`whsec_` and the base64 of 24 to 64 bytes; two of them, with a comma between, while rotating',
    secret: true,
    doc: 'What webhooks are signed with, as Standard Webhooks has it: `whsec_` and the base64 of 24 to 64 random bytes. Two with a comma between sign both while receivers change over. Without it webhooks are not signed.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  },
  YEYAK_WEBHOOK_ALLOW: {
    section: 'Channels',
    kind: 'string',
    default: '',
    pattern: /^[\w.:/*-]+([ ,]+[\w.:/*-]+)*$/,
    shape: 'CIDRs and host names, with commas between',
    doc: 'Which private addresses webhooks may be sent to: CIDRs such as `10.0.0.0/8`, and host names. Public ones are always allowed, all others never.',
    example: '10.1.0.0/16, chat.internal',
  },
  YEYAK_IMAGE_DIR: {
    section: 'Images',
    kind: 'string',
    default: '',
    pattern: /^[^~]/,
    shape: 'the path of a folder, without ~',
    doc: 'The folder that `image-resize` writes to, where no bucket is set; `images` in `YEYAK_DATA_DIR` where left out. Workers on several machines need one that they share, or a bucket.',
    example: '/srv/images',
  },
  YEYAK_IMAGE_URL: {
    section: 'Images',
    kind: 'string',
    default: '',
    pattern: /^https?:\/\/[^\s?#]+$/,
    shape: 'http:// or https://, a host, and a path where it needs one',
    doc: 'Where people find what lies in that folder or bucket: `location` is then this and the name of the image. Without it, `location` is the path of the file, or the address of the object.',
    example: 'https://cdn.example.com/images',
  },
  YEYAK_IMAGE_ALLOW: {
    section: 'Images',
    kind: 'string',
    default: '',
    pattern: /^[\w.:/*-]+([ ,]+[\w.:/*-]+)*$/,
    shape: 'CIDRs and host names, with commas between',
    doc: 'Which private addresses images may be fetched from: CIDRs such as `10.0.0.0/8`, and host names. Public ones are always allowed, all others never.',
    example: '10.1.0.0/16, pictures.internal',
  },
  YEYAK_IMAGE_MAX_BYTES: {
    section: 'Images',
    kind: 'integer',
    default: 20_000_000,
    min: 1_000,
    max: 100_000_000,
    unit: 'bytes',
    doc: 'The most bytes that an image may have, fetched or uploaded.',
  },
  YEYAK_IMAGE_MAX_PIXELS: {
    section: 'Images',
    kind: 'integer',
    default: 100_000_000,
    min: 1_000,
    max: 500_000_000,
    unit: 'pixels',
    doc: 'The most pixels that an image may have, all frames together. It is looked up in the header: nothing larger is decoded.',
  },
  YEYAK_IMAGE_MAX_FRAMES: {
    section: 'Images',
    kind: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    unit: 'frames',
    doc: 'The most frames that an animated WebP may have.',
  },
  YEYAK_S3_ENDPOINT: {
    section: 'Images',
    kind: 'string',
    default: '',
    pattern: /^https?:\/\/[^\s/?#@]+\/?$/,
    shape: 'http:// or https:// and a host, with a port where it needs one',
    doc: 'The S3-compatible storage that `image-resize` writes to, instead of a folder. The host may be a private address: whoever sets it allows it.',
    example: 'https://s3.eu-central-1.amazonaws.com',
  },
  YEYAK_S3_BUCKET: {
    section: 'Images',
    kind: 'string',
    default: '',
    pattern: /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
    shape: 'the name of a bucket: 3 to 63 of a-z, 0-9, dots, underscores and hyphens',
    doc: 'The bucket. Needed with `YEYAK_S3_ENDPOINT`.',
    example: 'my-images',
  },
  YEYAK_S3_REGION: {
    section: 'Images',
    kind: 'string',
    default: 'us-east-1',
    pattern: /^[a-z0-9-]{1,40}$/,
    shape: 'the name of a region',
    doc: 'Its region, which signatures name: `auto` for R2, and what MinIO was told (`us-east-1` where nothing).',
  },
  YEYAK_S3_ACCESS_KEY_ID: {
    section: 'Images',
    kind: 'string',
    default: '',
    pattern: /^[!-~]{1,200}$/,
    shape: 'up to 200 visible ASCII characters',
    secret: true,
    doc: 'The key that may write to it, and look up whether something is there. Needed with `YEYAK_S3_ENDPOINT`.',
    example: 'AKIA…',
  },
  YEYAK_S3_SECRET_ACCESS_KEY: {
    section: 'Images',
    kind: 'string',
    default: '',
    pattern: /^[!-~]{1,400}$/,
    shape: 'up to 400 visible ASCII characters',
    secret: true,
    doc: 'Its secret. Needed with `YEYAK_S3_ENDPOINT`.',
    example: 'wJalr…',
  },
  YEYAK_S3_PREFIX: {
    section: 'Images',
    kind: 'string',
    default: '',
    pattern: /^\w[\w.-]*(\/\w[\w.-]*)*\/?$/,
    shape:
      'names of folders with / between, each a letter, digit or underscore and more of these, dots and hyphens',
    doc: 'What the names of the objects begin with.',
    example: 'images/',
  },
  YEYAK_BOOT_WAIT_SECONDS: {
    section: 'Processes',
    kind: 'integer',
    default: 30,
    min: 0,
    max: 86_400,
    unit: 'seconds',
    doc: 'How long a start waits for a database that cannot be reached. `0` waits for ever.',
  },
  YEYAK_SHUTDOWN_SECONDS: {
    section: 'Processes',
    kind: 'integer',
    default: 10,
    min: 0,
    max: 600,
    unit: 'seconds',
    doc: 'How long a stop lets sends in flight finish before it cuts them off.',
  },
  YEYAK_URL: {
    section: 'Client',
    kind: 'string',
    default: 'http://localhost:3000',
    pattern: /^https?:\/\/[^\s/]+\/?$/,
    shape: 'http:// or https:// and a host, with a port where it needs one',
    doc: 'The server that `yeyak send`, `list`, `show` and `cancel` talk to.',
  },
  YEYAK_API_KEY: {
    section: 'Client',
    kind: 'string',
    default: '',
    pattern: /^[!-~]{20,200}$/,
    shape: '20 to 200 visible ASCII characters (`openssl rand -hex 24` makes some)',
    secret: true,
    doc: 'The key that they send along as `Authorization: Bearer`. To the server itself it is a key with all scopes on project `default`, for a first set-up.',
    example: 'yk_…',
  },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS

type Value<S> = S extends { kind: 'integer' }
  ? number
  : S extends { kind: 'enum'; choices: readonly (infer Choice)[] }
    ? Choice
    : S extends { default: null }
      ? string | null
      : string

/** What the settings parse to, by name. */
export type Settings = { readonly [Name in SettingName]: Value<(typeof SETTINGS)[Name]> }
