import { registeredTypes } from '../publishing/index.ts'
import { createTasks } from '../tasks/index.ts'
import { createOpening } from './opening.ts'
import { readOptions } from './options.ts'
import type { Config } from './surface.ts'

/** Connects to nothing. Throws `invalid-request` naming each option at fault, or an error that says which content type is none. */
export const readDeclared = (config: Config<unknown, string>) => {
  const options = readOptions(config)
  const { connection, schema, content, models, project, schedules, tasks } = options
  registeredTypes(content, models)
  createTasks(tasks)
  const { transaction } = createOpening(options)
  return {
    ...{ connection, schema, contentTypes: content, schedules: schedules ?? undefined, tasks },
    external: Object.keys(models).length === 0 ? undefined : { models, project, transaction },
  }
}
