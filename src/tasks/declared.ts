import type { BuiltInRun, TaskDefinition, TaskUpload } from './define.ts'

/** As it is declared: a built-in one has an upload and a description, one of the application's a thread. */
export interface DeclaredTask extends Omit<TaskDefinition, 'handler'> {
  name: string
  description?: string
  upload?: TaskUpload
  concurrencyOfWorker?: number
  check?(data: unknown): void
  handler(run: BuiltInRun): unknown
  prune?(): Promise<void>
  close?(): Promise<void>
}

/** As `tasks` of a configuration has them: by their names, or a list of named ones. */
export type DeclaredTasks = Readonly<Record<string, TaskDefinition>> | readonly TaskDefinition[]

/** Throws an error that says which one is none. */
export const namedTasks = (given: DeclaredTasks): DeclaredTask[] =>
  Array.isArray(given)
    ? given.map((task: TaskDefinition, i) => {
        if (typeof task?.name !== 'string') throw new Error(`tasks[${i}] has no name`)
        return { ...task, name: task.name }
      })
    : Object.entries(given).map(([name, task]: [string, TaskDefinition]) => {
        if (typeof task !== 'object' || task === null) throw new Error(`task "${name}" is no definition`)
        if (task.name !== undefined && task.name !== name)
          throw new Error(`task "${name}" calls itself "${task.name}"`)
        return { ...task, name }
      })
