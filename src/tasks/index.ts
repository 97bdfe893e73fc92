/** Background tasks: work of the application's own, run at its time. */
export { type DeclaredTask, type DeclaredTasks, namedTasks } from './declared.ts'
export {
  type BuiltInRun,
  type BuiltInTask,
  defineBuiltIn,
  defineTask,
  type TaskDefinition,
  TaskFailure,
  type TaskRetry,
  type TaskRun,
  type TaskUpload,
  type UploadedFile,
} from './define.ts'
export { createEmbedded as createEmbeddedTasks, type EmbeddedCancel } from './embedded.ts'
export { createImageResize } from './image-resize/index.ts'
export { createTasks, laneOfTask, type Tasks } from './registry.ts'
export { KIND } from './repository-insert.ts'
export { runSubject } from './repository.ts'
export { createTaskStart } from './start.ts'
export { createRunBulk, createTaskApi, createTaskWorker, type TaskWorker } from './tasks.ts'
export { createCalendarSource, createDeadLetters, taskQueues } from './views.ts'
