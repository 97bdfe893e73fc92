/** Background tasks: work of the application's own, run at its time. */
export { type DeclaredTask, type DeclaredTasks, namedTasks } from './declared.ts'
export { defineTask, type TaskDefinition, TaskFailure, type TaskRetry, type TaskRun } from './define.ts'
export { createEmbedded as createEmbeddedTasks } from './embedded.ts'
export { createImageResize } from './image-resize/index.ts'
export { createTasks, type Tasks } from './registry.ts'
export { createTaskStart } from './start.ts'
export { createRunBulk, createTaskApi, createTaskWorker, type TaskWorker } from './tasks.ts'
export { createCalendarSource, createDeadLetters, runFigures, taskQueues } from './views.ts'
