import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/**
 * The process that works on images, one at a time. Images come from anybody, and what reads them is a million lines of C:
 * whatever one of them does to this process costs one attempt, and not the timers. It can be ended in the middle of an image,
 * which libvips itself cannot. It ends when the program does, as nothing but the channel keeps it alive.
 */

// Before any thread is begun, as threads inherit it: images take what the timers leave.
const LOW_PRIORITY = 10
setPriority(LOW_PRIORITY)
const SETTINGS_OF_LINUX = [
  // Between sessions the priority of the group counts, and not that of the process: without this a database in a session of its
  // own gets no more than its half.
  ['autogroup', String(LOW_PRIORITY)],
  // Where memory runs out, this process goes first, and not the database.
  ['oom_score_adj', '900'],
] as const
for (const [name, value] of SETTINGS_OF_LINUX) {
  try {
    writeFileSync(`/proc/self/${name}`, value)
  } catch {
    // Elsewhere there is none.
  }
}

const [{ default: sharp }, { answerWith }, { createInput }] = await Promise.all([
  import('sharp'),
  import('./image-answers.ts'),
  import('./input.ts'),
])
// One thread an image: there is a process for each core, and more threads would wait for each other.
sharp.concurrency(1)
// Nothing is looked at twice.
sharp.cache(false)

const input = createInput(process.stdin)
process.on(
  'message',
  answerWith((answer) => process.send?.(answer), input),
)
// What is left to read keeps nobody alive: without this the process would outlive a program that is killed.
process.on('disconnect', () => process.stdin.destroy())
process.send?.({ id: 0 })
