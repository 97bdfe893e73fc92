import { ALL_SCOPES, type Caller } from '../http/index.ts'
import { type Database, inTransaction } from '../platform/database.ts'
import { type Language, YeyakError } from '../platform/errors.ts'
import type { Logger } from '../platform/log.ts'
import type { Tables } from '../platform/tables.ts'
import type { Given } from './definition.ts'
import { createLookRepository } from './repository-look.ts'
import { isName, LONGEST_NAME } from './schema.ts'
import type { Schedules } from './schedules-api.ts'
import { LOG_PREFIX } from './due.ts'

/** Schedules by their names, and the name of the project that they belong to. */
export interface Declared {
  project: string
  schedules: Readonly<Record<string, Given>>
}

export interface DeclareOptions {
  db: Database
  tables: Tables
  schedules: Pick<Schedules, 'service' | 'validate'>
  log: Logger
}

const FILE = 'yeyak.config.ts'

/** The file may do whatever the one may who can start the worker. */
const callerOf = (projectId: number): Caller => ({
  ...{ projectId, actor: { kind: 'operator', id: FILE }, name: FILE, scopes: new Set(ALL_SCOPES) },
})

const noProject = (name: string): YeyakError =>
  new YeyakError('not-found', {
    detail: { en: `There is no project "${name}".`, ko: `"${name}" 프로젝트가 없습니다.` },
  })

const badName = (name: string): YeyakError => {
  const where = `schedules["${name.slice(0, LONGEST_NAME)}"]`
  return new YeyakError('invalid-request', {
    detail: {
      en: `${where} is no name for a schedule: 1 to 100 of a-z 0-9 . _ -`,
      ko: `${where}: 일정의 이름이 될 수 없습니다. a-z 0-9 . _ - 1~100자여야 합니다.`,
    },
  })
}

/**
 * Makes the schedules of `yeyak.config.ts` what the file says, one process at a time. A schedule that the file no longer names
 * is left as it is, and said: a file that was emptied by mistake, or an older process that starts later, must not end anything.
 * Throws the first refusal, with the name of its schedule in front of its paths.
 */
export const declareSchedules = async (
  { project, schedules: declared }: Declared,
  { db, tables, schedules, log }: DeclareOptions,
): Promise<void> => {
  const look = createLookRepository(tables)
  await inTransaction(db, { lock_timeout: '30s' }, async (tx) => {
    await look.lockDeclaring(tx)
    const projectId = await look.projectId(tx, project)
    if (projectId === null) throw noProject(project)
    const caller = callerOf(projectId)
    const counts = { created: 0, replaced: 0, same: 0 }
    for (const [name, given] of Object.entries(declared)) {
      if (!isName(name)) throw badName(name)
      try {
        schedules.validate({ ...given, name })
        counts[await schedules.service.put(caller, name, 'any', given, true)] += 1
      } catch (error) {
        throw error instanceof YeyakError ? within(name, error) : error
      }
    }
    const left = (await look.declared(tx, projectId)).filter((name) => !Object.hasOwn(declared, name))
    if (Object.keys(declared).length > 0) log.info(counts, `${LOG_PREFIX} what ${FILE} declares is there`)
    if (left.length > 0)
      log.warn(
        { names: left.slice(0, 20), count: left.length },
        `${LOG_PREFIX} ${left.length} are no longer in ${FILE}, and still run: delete or pause them`,
      )
  })
}

/** A refusal as one of the file. Its detail says all, as it is what the log shows of a start that has failed. */
const within = (name: string, { code, detail, fieldErrors, members }: YeyakError): YeyakError => {
  const errors = fieldErrors.map((one) => ({ ...one, path: `schedules.${name}.${one.path}` }))
  const said = (language: Language): string =>
    errors.length === 0
      ? `schedules.${name}: ${detail[language]}`
      : errors
          .map(({ path, message, suggestion }) => {
            const mend = suggestion === undefined ? '' : ` → ${suggestion}`
            return `${path}: ${message[language]}${mend}`
          })
          .join('; ')
  return new YeyakError(code, { members, errors, detail: { en: said('en'), ko: said('ko') } })
}
