import type { Resealed, SealedSource } from '../platform/encryption.ts'
import { CommandError, EXIT, JSON_OPTION } from './command.ts'
import { defineSubcommand } from './subcommands.ts'

const texts = {
  noKey: {
    en: (setting: string) =>
      `nothing can be sealed: set ${setting}, or ${setting}_FILE, as the servers have it`,
    ko: (setting: string) =>
      `암호화할 키가 없습니다. 서버와 같이 ${setting} 또는 ${setting}_FILE을 설정해야 합니다`,
  },
  done: {
    en: (name: string, found: number, resealed: number) =>
      `${name}: ${found} with secrets, ${resealed} sealed with the first key now`,
    ko: (name: string, found: number, resealed: number) =>
      `${name}: 비밀 값이 있는 행 ${found}개, 첫 번째 키로 다시 암호화한 행 ${resealed}개`,
  },
  all: {
    en: 'Everything is sealed with the first key: the others can be taken out of the setting.',
    ko: '모두 첫 번째 키로 암호화되어 있습니다. 다른 키는 설정에서 빼도 됩니다.',
  },
  unreadable: {
    en: 'These could not be opened, and were left as they are. Put the key back that they were sealed with, and run this again:',
    ko: '다음 값은 열 수 없어 그대로 두었습니다. 암호화할 때 쓴 키를 다시 넣고 명령을 다시 실행해야 합니다:',
  },
  busy: {
    en: 'Some change faster than they can be sealed. Run this again.',
    ko: '계속 바뀌어 암호화하지 못한 값이 있습니다. 명령을 다시 실행해야 합니다.',
  },
}

/** A change that was decided before a pass and written after it brings an old key back: a pass that finds nothing to do is the last. */
const MOST_PASSES = 5
const MOST_NAMED = 20

interface Pass {
  found: number
  resealed: number
  missed: number
  unreadable: { id: string; reason: string }[]
}

const pass = async (source: SealedSource): Promise<Pass> => {
  const total: Pass = { found: 0, resealed: 0, missed: 0, unreadable: [] }
  let after: string | null = null
  do {
    const batch: Resealed = await source.reseal(after)
    total.found += batch.found
    total.resealed += batch.resealed
    total.missed += batch.missed
    if (total.unreadable.length < MOST_NAMED) total.unreadable.push(...batch.unreadable)
    after = batch.after
  } while (after !== null)
  return total
}

const rotate = async (source: SealedSource) => {
  let resealed = 0
  for (let passes = 1; ; passes += 1) {
    const one = await pass(source)
    resealed += one.resealed
    const isDone = one.resealed === 0 && one.missed === 0
    if (isDone || passes === MOST_PASSES)
      return {
        table: source.name,
        found: one.found,
        resealed,
        unreadable: one.unreadable.slice(0, MOST_NAMED),
        isDone,
      }
  }
}

/** `yeyak keys rotate-encryption`: seals every secret in the database with the first key. Repeatable. */
export const rotateEncryption = defineSubcommand({
  name: 'rotate-encryption',
  usage: '[--json]',
  options: { json: JSON_OPTION },
  most: 0,
  async run({ values, language, terminal, config: readConfig }) {
    const given = readConfig()
    const [{ openPool, reachDatabase }, { openEncryption }, encryptions, { migrateDatabase }, app] =
      await Promise.all([
        import('./database.ts'),
        import('../platform/encryption-keys.ts'),
        import('../platform/encryption.ts'),
        import('../boot/index.ts'),
        import('../app.ts'),
      ])
    const encryption = openEncryption(given.encryption)
    if (encryption === null) throw new CommandError(texts.noKey[language](encryptions.ENCRYPTION_SETTING))
    const reached = await reachDatabase(given, terminal)
    const { config, log } = reached
    const db = openPool(reached, { applicationName: 'yeyak-rotate-encryption', maxConnections: 1 })
    try {
      await migrateDatabase(reached)
      encryption.ready()
      const tables = []
      for (const source of app.sealedSources({ config, db, encryption, log }))
        tables.push(await rotate(source))
      const unreadable = tables.flatMap(({ table, unreadable: rows }) =>
        rows.map(({ id, reason }) => `  ${table} ${id}: ${reason}`),
      )
      if (values.json) terminal.print(JSON.stringify({ tables }))
      else for (const t of tables) terminal.print(texts.done[language](t.table, t.found, t.resealed))
      if (unreadable.length > 0)
        throw new CommandError([texts.unreadable[language], ...unreadable].join('\n'))
      if (!tables.every(({ isDone }) => isDone)) throw new CommandError(texts.busy[language])
      if (!values.json) terminal.print(texts.all[language])
      return EXIT.done
    } catch (error) {
      if (error instanceof encryptions.EncryptionError) throw new CommandError(error.message)
      throw error
    } finally {
      await db.destroy()
      await reached.close()
    }
  },
})
