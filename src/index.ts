/** Yeyak inside an application: scheduling in its own transactions, and a worker in its own process. */
export {
  type Cancel,
  type Columns,
  type Config,
  type ContentType,
  type Context,
  createYeyak,
  defineConfig,
  type Item,
  type Model,
  type Publication,
  type Resource,
  type Retry,
  type Task,
  type TaskRun,
  type TxOf,
  type When,
  type Yeyak,
} from './library/index.ts'
export { defineTask, TaskFailure } from './tasks/index.ts'
export { YeyakError } from './platform/errors.ts'
