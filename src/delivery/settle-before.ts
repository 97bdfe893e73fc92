import type { Runner } from '../queue/index.ts'

/**
 * Lets a runner claim no more, and waits for what it has in hand until `deadlineMs` (of `performance.now()`) at most. What is
 * left is claimed by nobody soon, and taken by another worker.
 */
export const settleBefore = async (runner: Runner, deadlineMs: number): Promise<void> => {
  let giveUp: NodeJS.Timeout | undefined
  const tooLate = new Promise<void>((resolve) => {
    giveUp = setTimeout(resolve, Math.max(0, deadlineMs - performance.now()))
  })
  await Promise.race([runner.stop().then(() => runner.settled()), tooLate])
  clearTimeout(giveUp)
}
