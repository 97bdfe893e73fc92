import type { Language } from '../platform/errors.ts'
import { changeAccess, readAll, withAccess } from './access-database.ts'
import { EXIT, JSON_OPTION, UsageError } from './command.ts'
import { printKey, PROJECT_OPTION } from './keys-create.ts'
import { defineSubcommand } from './subcommands.ts'
import { align } from './table.ts'
import { localTime } from './time.ts'
import { visible } from './visible.ts'

const texts = {
  id: { en: 'the id of the key is needed: yeyak keys list', ko: '키의 id가 필요합니다: yeyak keys list' },
  overlap: {
    en: '--overlap takes whole seconds from 0 to 2592000 (30 days)',
    ko: '--overlap에는 0~2592000초(30일)를 정수로 씁니다',
  },
  none: { en: 'no keys', ko: '키가 없습니다' },
  never: { en: 'never', ko: '없음' },
  revoked: { en: (id: string) => `revoked: ${id}`, ko: (id: string) => `폐기했습니다: ${id}` },
  head: {
    en: ['id', 'name', 'key', 'last used', 'expires', 'scopes'],
    ko: ['id', '이름', '키', '마지막 사용', '만료', '권한'],
  },
}

const DAY_SECONDS = 86_400

const timeOr = (instant: Date | null, language: Language): string =>
  instant === null ? texts.never[language] : localTime(instant)

export const keysList = defineSubcommand({
  name: 'list',
  usage: '[--project <project>] [--json]',
  options: { project: PROJECT_OPTION, json: JSON_OPTION },
  most: 0,
  async run(invocation) {
    const { values, language, terminal } = invocation
    const keys = await withAccess(invocation, 'yeyak keys list', (tools) =>
      readAll((after, limit) => tools.keys.list(values.project ?? 'default', after, limit)),
    )
    if (values.json) terminal.print(JSON.stringify(keys))
    else if (keys.length === 0) terminal.print(texts.none[language])
    else {
      const rows = keys.map((key) => [
        ...[key.id, visible(key.name), `${key.hint}…`],
        ...[timeOr(key.lastUsedAt, language), timeOr(key.expiresAt, language), key.scopes.join(',')],
      ])
      terminal.print(align([texts.head[language], ...rows]).join('\n'))
    }
    return EXIT.done
  },
})

export const keysRotate = defineSubcommand({
  name: 'rotate',
  usage: '<id> [--overlap <seconds>] [--project <project>] [--json]',
  options: {
    overlap: {
      type: 'string',
      value: '<seconds>',
      doc: { en: 'how long the old key stays good (86400)', ko: '이전 키를 더 쓸 수 있는 시간(86400초)' },
    },
    project: PROJECT_OPTION,
    json: JSON_OPTION,
  },
  most: 1,
  async run(invocation) {
    const { values, language } = invocation
    const [id] = invocation.positionals
    if (id === undefined) throw new UsageError(texts.id[language])
    const overlapSeconds = Number(values.overlap ?? DAY_SECONDS)
    if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > 30 * DAY_SECONDS)
      throw new UsageError(texts.overlap[language])
    const made = await changeAccess(invocation, 'yeyak keys rotate', (tools) =>
      tools.keys.rotate(values.project ?? 'default', id, overlapSeconds),
    )
    printKey(made, invocation, values.json)
    return EXIT.done
  },
})

export const keysRevoke = defineSubcommand({
  name: 'revoke',
  usage: '<id> [--project <project>] [--json]',
  options: { project: PROJECT_OPTION, json: JSON_OPTION },
  most: 1,
  async run(invocation) {
    const { values, language, terminal } = invocation
    const [id] = invocation.positionals
    if (id === undefined) throw new UsageError(texts.id[language])
    await changeAccess(invocation, 'yeyak keys revoke', (tools) =>
      tools.keys.revoke(values.project ?? 'default', id),
    )
    terminal.print(values.json ? JSON.stringify({ revoked: id }) : texts.revoked[language](id))
    return EXIT.done
  },
})
