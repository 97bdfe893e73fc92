import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type Image, imageEnvironment } from './docker-rehearsal.ts'
import { eventually } from './poll.ts'

export interface Container {
  /** All that it has written. */
  output(): string
  /** Resolves once it has written `text`. */
  logged(text: string, timeoutMs?: number): Promise<void>
  /** What `docker stop` sends. */
  terminate(): Promise<void>
  /** The exit code, null where a signal ended it. */
  ended: Promise<number | null>
  /** Ends it by force, if it still runs. */
  clear(): Promise<void>
}

/** The user `node` of the base image. */
const NODE_ID = '1000'

/**
 * As near to a container as this machine allows: process 1 of a namespace of its own, which gets no signal that it has
 * not asked for, and a user who owns nothing of the image.
 */
const isolations = [
  ['unshare', '--pid', '--fork', '--setuid', NODE_ID, '--setgid', NODE_ID, '--'],
  ['unshare', '--user', '--map-current-user', '--pid', '--fork', '--'],
]
const isolation = isolations.find(
  ([command = '', ...args]) => spawnSync(command, [...args, process.execPath, '--version']).status === 0,
)

/** Whether containers are process 1 here, and whether they run as the user of the image. */
export const isolated = { isFirst: isolation !== undefined, asImageUser: isolation === isolations[0] }

/** Starts a command of the image, its own unless told, with the image's environment and `env`. */
export const runContainer = (
  image: Image,
  o: { command?: readonly string[]; env: Readonly<Record<string, string>> },
): Container => {
  if (image.user !== 'node') throw new Error(`the image runs as ${image.user ?? 'root'}`)
  const [command = '', ...args] = [...(isolation ?? []), ...(o.command ?? image.command)]
  const child = spawn(command, args, {
    cwd: path.join(image.root, image.workdir),
    env: { ...imageEnvironment(image), ...o.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  let isOver = false
  const ended = once(child, 'close').then(([code]) => {
    isOver = true
    return code as number | null
  })
  return {
    output: () => output,
    async logged(text, timeoutMs = 20_000) {
      await eventually(
        `the line "${text}" in ${output}`,
        () => {
          if (output.includes(text)) return true
          if (isOver) throw new Error(`it ended before it said "${text}": ${output}`)
          return false
        },
        timeoutMs,
      )
    },
    async terminate() {
      process.kill(await programOf(child), 'SIGTERM')
    },
    ended,
    async clear() {
      if (!isOver) process.kill(await programOf(child), 'SIGKILL')
      await ended
    },
  }
}

/** `unshare` stays above what it starts, and passes no signal on. */
const programOf = async ({ pid }: ChildProcess): Promise<number> => {
  if (pid === undefined) throw new Error('it could not be started')
  if (isolation === undefined) return pid
  return await eventually('the process below unshare', () => {
    const [first = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    return Number(first)
  })
}
