import { calendarSource, createDeadLetterSource, TROUBLE } from '../delivery/index.ts'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { Tasks } from './registry.ts'
import { KIND } from './repository-insert.ts'
import { type DeadRun, deadRuns, runCalendar, runLine } from './repository-views.ts'

export interface ViewOptions {
  db: Database
  tables: Tables
  tasks: Tasks
}

/** Every task is a queue under its own name, unless another one has it: then it is `task:` and its name, which always finds it. */
const queueNameOf = (task: string, taken: readonly string[]): string =>
  taken.includes(task) ? `task:${task}` : task

/** `concurrency`: of each worker process. `taken`: the names of the queues that are none of tasks. */
export const taskQueues = (tasks: Tasks, concurrency: number, taken: readonly string[]) =>
  tasks.all.map(({ name, lane, concurrency: own, concurrencyOfWorker }) => ({
    ...{ name: queueNameOf(name, taken), lane, alias: `task:${name}` },
    concurrency: own ?? concurrencyOfWorker ?? concurrency,
  }))

const queuesOf = (tasks: Tasks, taken: readonly string[]) =>
  tasks.all.flatMap(({ name, lane }) =>
    [...new Set([queueNameOf(name, taken), `task:${name}`])].map((queue) => ({ name: queue, lane })),
  )

/** Failed runs, as the list of dead letters takes them. */
export const createDeadLetters = ({ db, tables, tasks, taken }: ViewOptions & { taken: readonly string[] }) =>
  createDeadLetterSource({
    ...{ db, kind: KIND, queues: queuesOf(tasks, taken) },
    table: deadRuns(tables),
    show: ({ task, tags, groupKey }: DeadRun) => ({
      ...{ queue: queueNameOf(task, taken), provider: task, to: null, title: task, tags, groupKey },
    }),
  })

/** Runs by their due instants, as the calendar takes them. */
export const createCalendarSource = ({ db, tables }: Pick<ViewOptions, 'db' | 'tables'>) =>
  calendarSource({ db, kind: KIND, scope: 'tasks:read', table: runCalendar(tables) })

/** Runs as the overview counts them: those that wait for a slot have neither timer nor job. */
export const runFigures = ({ tables, tasks }: Pick<ViewOptions, 'tables' | 'tasks'>) => ({
  ...{ kind: KIND, table: tables.runs, retrying: TROUBLE.retrying },
  tasks: tasks.all.map(({ name, lane }) => ({ name, lane })),
  line: runLine(
    tables,
    tasks.all.map(({ lane }) => lane),
  ),
})
