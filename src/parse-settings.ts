import { keysIn } from './platform/encryption-keys.ts'
import { readKey } from './platform/encryption.ts'
import { suggest } from './platform/suggest.ts'
import { SETTINGS, type Setting, type SettingName, type Settings } from './settings.ts'

/** Settings as text, by name. An empty text counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>

export interface ConfigProblem {
  /** The setting's name, or the file that it stands in. */
  setting: string
  wrong: string
  mend: string
}

/** The settings are wrong. Holds every mistake at once, and no secret: the message may be logged. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ setting, wrong, mend }) => `${setting}: ${wrong}. ${mend}`)
    super(
      lines.length === 1
        ? `wrong setting ${lines[0]}`
        : `${lines.length} settings are wrong:\n  ${lines.join('\n  ')}`,
    )
    this.problems = problems
  }
}

export const settingNames = Object.keys(SETTINGS) as SettingName[]

/**
 * What the settings say, and which of them were given.
 * @throws ConfigError with all mistakes together
 */
export function parseSettings(env: Environment): { values: Settings; given: ReadonlySet<SettingName> } {
  const problems = unknownNames(env)
  const given = new Set(settingNames.filter((name) => env[name]))
  const values = Object.fromEntries(
    settingNames.map((name) => {
      const setting: Setting = SETTINGS[name]
      const parsed = given.has(name) ? parse(setting, env[name] ?? '') : { value: setting.default }
      if ('value' in parsed) return [name, parsed.value]
      problems.push({ setting: name, ...parsed })
      return [name, setting.default]
    }),
  ) as Settings
  problems.push(...contradictions(values, given))
  if (problems.length > 0) throw new ConfigError(problems)
  return { values, given }
}

type Parsed = { value: string | number | null } | Omit<ConfigProblem, 'setting'>

function parse(setting: Setting, given: string): Parsed {
  const shown = setting.secret ? 'the value' : quote(given)
  switch (setting.kind) {
    case 'integer': {
      const { min, max, unit } = setting
      const number = Number(given)
      // Number() alone would take "0x1F", "3e3" and "1.0".
      if (/^\s*\d+\s*$/.test(given) && number >= min && number <= max) return { value: number }
      const mend = `Give a whole number${unit ? ` of ${unit}` : ''} from ${min} to ${max}, such as ${setting.default || setting.example}.`
      return { wrong: `${shown} is not a whole number in its range`, mend }
    }
    case 'enum': {
      const value = given.trim()
      if (setting.choices.includes(value)) return { value }
      return {
        wrong: `${shown} is not one of its values`,
        mend: `Give one of ${setting.choices.join(', ')}.`,
      }
    }
    case 'string':
      if (!setting.pattern || setting.pattern.test(given)) return { value: given }
      return {
        wrong: `${shown} does not fit`,
        mend: `Give ${setting.shape}, such as ${setting.default || setting.example}.`,
      }
    case 'path':
      // Only a shell knows what ~ is; from .env it would make a folder of that name.
      if (!given.startsWith('~')) return { value: given }
      return { wrong: `${shown} begins with ~`, mend: 'Write the path in full.' }
    case 'url':
      return parseUrl(setting, given.trim())
  }
}

/** The reason is never the parser's own text, since that quotes the URL with its password. */
function parseUrl(setting: Setting & { kind: 'url' }, given: string): Parsed {
  const mend = `Write it as ${setting.example}, with the special characters of user and password percent-encoded (@ is %40, # is %23, % is %25).`
  const url = URL.parse(given)
  if (!url) return { wrong: 'the value is not a URL', mend }
  if (!setting.protocols.some((protocol) => given.startsWith(protocol))) {
    return { wrong: `the value does not start with ${setting.protocols.join(' or ')}`, mend }
  }
  try {
    decodeURIComponent(url.username + url.password + url.pathname)
  } catch {
    return { wrong: 'the value has a % that begins no percent-encoding', mend }
  }
  return { value: given }
}

/**
 * A misspelt name would otherwise fall back to its default in silence. `YEYAK_TEST_*` and `YEYAK_BENCH_*` belong
 * to the tests and the benchmark. Kubernetes puts `YEYAK_PORT=tcp://…` and the like into every container beside a
 * service called yeyak (or yeyak-api): those are nobody's mistake.
 */
function unknownNames(env: Environment): ConfigProblem[] {
  const known: readonly string[] = settingNames
  const fromKubernetes =
    env['KUBERNETES_SERVICE_HOST'] &&
    /^YEYAK_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_\w+)?)?)$/
  return Object.keys(env)
    .filter((name) => /^YEYAK_(?!TEST_|BENCH_)/i.test(name) && env[name] && !known.includes(name))
    .filter((name) => !(fromKubernetes && fromKubernetes.test(name)))
    .map((name) => {
      const meant = meantBy(name)
      return {
        setting: name,
        wrong: 'there is no such setting',
        mend: meant ? `Did you mean ${meant}?` : 'See docs/configuration.md for those that there are.',
      }
    })
}

/** `YEYAK_PORT` for `PORT` and `YEYAK_POLL` for `YEYAK_POLL_SECONDS` are further away than a slip of the finger. */
function meantBy(name: string): string | undefined {
  const upper = name.toUpperCase()
  return (
    settingNames.find((known) => upper === `YEYAK_${known}` || known.startsWith(`${upper}_`)) ??
    suggest(name, settingNames)
  )
}

function contradictions(values: Settings, given: ReadonlySet<SettingName>): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const parts = settingNames.filter((name) => name.startsWith('DB_') && given.has(name))
  if (given.has('DATABASE_URL') && parts.length > 0) {
    problems.push({
      setting: 'DATABASE_URL',
      wrong: `it names a database, and ${parts.join(', ')} may name another`,
      mend: `Remove DATABASE_URL, or ${parts.join(', ')}.`,
    })
  }
  problems.push(...encryptionProblems(values), ...storageProblems(values))
  return problems
}

function encryptionProblems(values: Settings): ConfigProblem[] {
  const { YEYAK_ENCRYPTION_KEY: keys, YEYAK_ENCRYPTION_KEY_FILE: file } = values
  if (keys !== '' && file !== '')
    return [
      {
        setting: 'YEYAK_ENCRYPTION_KEY',
        wrong: 'YEYAK_ENCRYPTION_KEY_FILE gives keys too',
        mend: 'Remove one of the two.',
      },
    ]
  const wrong = keys === '' ? null : wrongKeys(keys)
  return wrong === null ? [] : [{ setting: 'YEYAK_ENCRYPTION_KEY', ...wrong }]
}

/** A bucket that is half described would be found out by the first image. */
function storageProblems(values: Settings): ConfigProblem[] {
  const needed = [
    'YEYAK_S3_ENDPOINT',
    'YEYAK_S3_BUCKET',
    'YEYAK_S3_ACCESS_KEY_ID',
    'YEYAK_S3_SECRET_ACCESS_KEY',
  ] as const
  const given = needed.filter((name) => values[name] !== '')
  if (given.length === 0) return []
  return needed
    .filter((name) => values[name] === '')
    .map((name) => ({
      setting: name,
      wrong: `it is needed with ${given.join(', ')}`,
      mend: `Set it, or remove ${given.join(', ')}.`,
    }))
}

/** What is wrong with a list of encryption keys, if anything; never one of them. */
export function wrongKeys(text: string): Omit<ConfigProblem, 'setting'> | null {
  const keys = keysIn(text)
  const at = keys.findIndex((key) => readKey(key) === null)
  if (keys.length > 0 && at === -1) return null
  return {
    wrong:
      keys.length > 1 ? `key ${at + 1} is not the base64 of 32 bytes` : 'it is not the base64 of 32 bytes',
    mend: 'Make one with openssl rand -base64 32.',
  }
}

/** One line, of bounded length, without what looks like the password of a URL that was put into the wrong setting. */
function quote(text: string): string {
  const bare = text.replace(/\/\/.*@/s, '//…@')
  return JSON.stringify(bare.length > 60 ? `${bare.slice(0, 60)}…` : bare)
}
