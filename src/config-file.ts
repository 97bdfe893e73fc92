import path from 'node:path'
import type { AppOptions } from './app.ts'
import { type Config, ConfigError, embeddedConfig } from './config.ts'
import { describeError } from './platform/database.ts'
import { YeyakError } from './platform/errors.ts'
import { importConfig } from './platform/import-config.ts'
import { configFilesOf, readDeclared } from './library/index.ts'

/** What the program runs with: the settings, and what the file declares. */
export type FromFile = Pick<AppOptions, 'external' | 'contentTypes' | 'schedules' | 'tasks'> & {
  config: Config
}

const refuse = (file: string, wrong: string, mend: string): ConfigError =>
  new ConfigError([{ setting: file, wrong, mend }])

const find = (cwd: string): string | null => {
  const [file, second] = configFilesOf(cwd)
  if (file !== undefined && second !== undefined)
    throw refuse(file, `stands beside ${path.basename(second)}`, 'Keep one of them.')
  return file ?? null
}

const load = async (file: string): Promise<object> => {
  let loaded: unknown
  try {
    loaded = await importConfig(file)
  } catch (error) {
    throw refuse(file, `it cannot be loaded: ${describeError(error)}`, 'Mend what it says.')
  }
  const declared: unknown =
    typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined
  if (typeof declared !== 'object' || declared === null)
    throw refuse(file, 'it has no default export', 'Write: export default defineConfig({ … })')
  return declared
}

const read = (file: string, given: object): ReturnType<typeof readDeclared> => {
  try {
    return readDeclared(given)
  } catch (error) {
    if (!(error instanceof YeyakError) || error.fieldErrors.length === 0)
      throw refuse(file, describeError(error), 'See docs/models.md.')
    throw new ConfigError(
      error.fieldErrors.map(({ path: at, message, suggestion }) => ({
        setting: `${file}: ${at}`,
        wrong: message.en,
        mend: suggestion === undefined ? 'See docs/models.md.' : `Did you mean "${suggestion}"?`,
      })),
    )
  }
}

/**
 * `yeyak.config.ts` (`.mts`, `.js`, `.mjs`) of the working directory, where there is one: worker and application register the
 * same models, tasks and content types by it. A database or a schema that it names wins over the environment, as in the application.
 * @throws ConfigError naming the file and what is wrong in it
 */
export const loadConfigFile = async (cwd: string, settings: Config): Promise<FromFile> => {
  const file = find(cwd)
  if (file === null) return { config: settings }
  const {
    connection,
    schema,
    external,
    contentTypes,
    schedules,
    tasks: declared,
  } = read(file, await load(file))
  const config =
    connection === null && schema === null
      ? settings
      : { ...embeddedConfig({ connection, schema }), log: settings.log, startedByNpm: settings.startedByNpm }
  if (external !== undefined && config.database.kind === 'embedded')
    throw refuse(file, 'its models have no database', 'Name it with database, or set DATABASE_URL.')
  return {
    ...{ config, contentTypes, tasks: { declared, file } },
    ...(external !== undefined && { external }),
    ...(schedules !== undefined && { schedules }),
  }
}
