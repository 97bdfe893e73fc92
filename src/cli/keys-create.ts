import type { Language } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'
import { changeAccess } from './access-database.ts'
import { EXIT, type Invocation, JSON_OPTION, UsageError } from './command.ts'
import { defineSubcommand } from './subcommands.ts'

export const PROJECT_OPTION = {
  type: 'string',
  value: '<project>',
  doc: { en: 'the project (default)', ko: '프로젝트(default)' },
} as const

const texts = {
  needed: {
    en: 'keys create needs --name and --scopes, such as --name backend --scopes notifications:write',
    ko: '--name과 --scopes가 필요합니다. 예: --name backend --scopes notifications:write',
  },
  name: { en: '--name takes 1 to 100 characters', ko: '--name에는 1~100자를 씁니다' },
  scope: {
    en: (scope: string, all: string) => `there is no scope "${scope}"; there are: all, ${all}`,
    ko: (scope: string, all: string) => `"${scope}" 권한은 없습니다. 있는 권한: all, ${all}`,
  },
  meant: {
    en: (scope: string, near: string) => `there is no scope "${scope}", did you mean "${near}"?`,
    ko: (scope: string, near: string) => `"${scope}" 권한은 없습니다: "${near}"입니까?`,
  },
  limit: {
    en: '--limit takes a whole number of requests a minute, from 1 to 10000000',
    ko: '--limit에는 분당 요청 수를 1~10000000의 정수로 씁니다',
  },
  shown: {
    en: 'Keep it now: it is not shown again.',
    ko: '지금 보관하십시오. 다시 볼 수 없습니다.',
  },
}

/** A time with a date in it is an instant, everything else a delay: `90d`, `PT12H`, `3600`. */
const whenOf = (text: string): unknown =>
  /^\d{4}-/u.test(text) ? text : { delay: /^\d+$/u.test(text) ? Number(text) : text }

const scopesOf = (given: string, all: readonly string[], language: Language): string[] => {
  if (given.trim() === 'all') return [...all]
  return given.split(',').map((part) => {
    const scope = part.trim()
    if (all.includes(scope)) return scope
    const near = suggest(scope, all)
    throw new UsageError(
      near === undefined ? texts.scope[language](scope, all.join(', ')) : texts.meant[language](scope, near),
    )
  })
}

/** The key alone on standard output, so that it can be piped on. */
export const printKey = (
  made: { key: string },
  o: Pick<Invocation, 'terminal' | 'language'>,
  json: boolean,
) => {
  if (json) o.terminal.print(JSON.stringify(made))
  else {
    o.terminal.print(made.key)
    o.terminal.complain(texts.shown[o.language])
  }
}

export const keysCreate = defineSubcommand({
  name: 'create',
  usage: '--name <name> --scopes <a,b|all> [--expires <time>] [--limit <n>] [--project <project>] [--json]',
  options: {
    name: { type: 'string', value: '<name>', doc: { en: 'what people call it', ko: '키의 이름' } },
    scopes: {
      type: 'string',
      value: '<a,b>',
      doc: {
        en: 'what it may do, with commas between; all for all',
        ko: '권한. 쉼표로 구분하며, all은 전부',
      },
    },
    expires: {
      type: 'string',
      value: '<time>',
      doc: { en: 'when it ends: an instant, or 90d', ko: '만료 시각. 시각 또는 90d' },
    },
    limit: {
      type: 'string',
      value: '<n>',
      doc: { en: 'requests a minute', ko: '분당 요청 수' },
    },
    project: PROJECT_OPTION,
    json: JSON_OPTION,
  },
  most: 0,
  async run(invocation) {
    const { values, language } = invocation
    const { name, scopes, expires, limit } = values
    if (name === undefined || scopes === undefined) throw new UsageError(texts.needed[language])
    if (name.length < 1 || name.length > 100) throw new UsageError(texts.name[language])
    const perMinute = limit === undefined ? undefined : Number(limit)
    if (
      perMinute !== undefined &&
      !(Number.isInteger(perMinute) && perMinute >= 1 && perMinute <= 10_000_000)
    )
      throw new UsageError(texts.limit[language])
    const made = await changeAccess(invocation, 'yeyak keys create', (tools) =>
      tools.keys.create(values.project ?? 'default', {
        name,
        scopes: scopesOf(scopes, tools.scopes, language),
        ...(expires !== undefined && { expiresAt: whenOf(expires) }),
        ...(perMinute !== undefined && { requestsPerMinute: perMinute }),
      }),
    )
    printKey(made, invocation, values.json)
    return EXIT.done
  },
})
