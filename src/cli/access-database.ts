import { setTimeout as sleep } from 'node:timers/promises'
import type { accessTools } from '../app.ts'
import { type Language, YeyakError } from '../platform/errors.ts'
import type { KeysetPage } from '../platform/keyset.ts'
import { CommandError, type Invocation } from './command.ts'

type Tools = ReturnType<typeof accessTools>

/** For so long a running process may still act on what it has looked up before. */
const KNOWN_FOR_MS = 1_100
const PAGE = 200

const explain = (error: unknown, language: Language): unknown => {
  if (!(error instanceof YeyakError)) return error
  const faults = error.fieldErrors.map(({ path, message }) => `  ${path}: ${message[language]}`)
  return new CommandError([error.detail[language], ...faults].join('\n'), { cause: error })
}

/** Does something to keys or users directly on the database, which is brought to this version before. */
export const withAccess = async <Result>(
  { config: readConfig, language, terminal }: Pick<Invocation, 'config' | 'language' | 'terminal'>,
  command: string,
  work: (tools: Tools) => Promise<Result>,
): Promise<Result> => {
  const config = readConfig()
  const [{ openPool, reachDatabase }, { createTables }, { migrateDatabase }, app] = await Promise.all([
    import('./database.ts'),
    import('../platform/tables.ts'),
    import('../boot/index.ts'),
    import('../app.ts'),
  ])
  const reached = await reachDatabase(config, terminal)
  const db = openPool(reached, { applicationName: 'yeyak-access', maxConnections: 1 })
  try {
    await migrateDatabase(reached)
    return await work(app.accessTools({ db, tables: createTables(config.schema), command }))
  } catch (error) {
    throw explain(error, language)
  } finally {
    await db.destroy()
    await reached.close()
  }
}

/** The same for a change; returns when it counts in every process: what is said then is true. */
export const changeAccess: typeof withAccess = async (invocation, command, change) => {
  const changed = await withAccess(invocation, command, change)
  await sleep(KNOWN_FOR_MS)
  return changed
}

/** All of a list, page by page. */
export const readAll = async <Item extends { id: string; createdAt: Date }>(
  read: (after: KeysetPage['after'], limit: number) => Promise<Item[]>,
): Promise<Item[]> => {
  const all: Item[] = []
  for (;;) {
    const last = all.at(-1)
    const page = await read(
      last === undefined ? null : { key: last.createdAt.toISOString(), id: last.id },
      PAGE,
    )
    all.push(...page)
    if (page.length < PAGE) return all
  }
}
