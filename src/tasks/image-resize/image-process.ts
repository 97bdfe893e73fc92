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
try {
  // Where memory runs out, this process goes first, and not the database.
  writeFileSync('/proc/self/oom_score_adj', '900')
} catch {
  // Only Linux has it.
}

const [{ default: sharp }, { answerWith }] = await Promise.all([
  import('sharp'),
  import('./image-answers.ts'),
])
// One thread an image: there is a process for each core, and more threads would wait for each other.
sharp.concurrency(1)
// Nothing is looked at twice.
sharp.cache(false)

process.on(
  'message',
  answerWith((answer) => process.send?.(answer)),
)
process.send?.({ id: 0 })
