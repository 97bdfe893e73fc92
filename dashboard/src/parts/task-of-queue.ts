/** A task whose name a channel has is a queue under this and its name. */
const TASK_QUEUE = /^task:/u

export const isNamedAsTask = (queue: string): boolean => TASK_QUEUE.test(queue)

/** The name of the task that a queue of runs has. */
export const taskOfQueue = (queue: string): string => queue.replace(TASK_QUEUE, '')
