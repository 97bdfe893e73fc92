/** Yeyak inside an application, and the file that its worker and the application share. */
export { createYeyak } from './create-yeyak.ts'

export { readDeclared } from './declared.ts'
export { defineConfig } from './define-config.ts'
export { configFilesOf } from './find-config-file.ts'
export type {
  Cancel,
  Columns,
  Config,
  ContentType,
  Context,
  Item,
  Model,
  Publication,
  Resource,
  Retry,
  Task,
  TaskRun,
  TxOf,
  When,
  Yeyak,
} from './surface.ts'
