import type { SpawnOptions } from 'node:child_process'
import { chown, lchown, readdir, readFile, stat } from 'node:fs/promises'
import { getegid, geteuid, platform } from 'node:process'
import { join } from 'node:path'
import { EmbeddedPostgresError, OWN_SERVER } from './errors.ts'
import { run } from './processes.ts'

/** `namespace` and `user` are for root only; `auto` takes the first that works. */
export type PrivilegeChoice = 'auto' | 'namespace' | 'user'

/**
 * As whom PostgreSQL's programs run. They refuse root, so for root it is either a user namespace, in which root's
 * files look like those of an ordinary user, or really another user.
 */
export interface Privileges {
  kind: 'self' | 'namespace' | 'user'
  /** The owner that the server's files must have; null: whatever we create is right. */
  owner: { uid: number; gid: number } | null
  /** How to start a program so. The pid stays that of the program itself. */
  command(
    file: string,
    args: readonly string[],
  ): { file: string; args: readonly string[]; options: SpawnOptions }
}

const PROBE_TIMEOUT_MS = 5_000

export async function choosePrivileges(choice: PrivilegeChoice = 'auto'): Promise<Privileges> {
  if (geteuid === undefined || geteuid() !== 0) {
    return { kind: 'self', owner: null, command: (file, args) => ({ file, args, options: {} }) }
  }
  const user = await ordinaryUser()
  const namespace = inNamespace(user.uid)
  if (choice === 'namespace') return namespace
  if (choice === 'auto' && platform === 'linux' && (await works(namespace))) return namespace
  // A directory that every user may enter: the working directory of a root shell often is not.
  const asUser: Privileges = {
    kind: 'user',
    owner: user,
    command: (file, args) => ({ file, args, options: { uid: user.uid, gid: user.gid, cwd: '/' } }),
  }
  if (await works(asUser)) return asUser
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and neither a user namespace nor a change to the user with uid ${user.uid} ` +
      `is allowed here: start Yeyak as an ordinary user, or ${OWN_SERVER}`,
  )
}

function inNamespace(uid: number): Privileges {
  return {
    kind: 'namespace',
    owner: { uid: 0, gid: getegid?.() ?? 0 },
    command: (file, args) => ({
      file: 'unshare',
      args: ['--user', `--map-user=${uid}`, '--', file, ...args],
      options: {},
    }),
  }
}

async function works(privileges: Privileges): Promise<boolean> {
  const { file, args, options } = privileges.command('true', [])
  return (await run(file, args, PROBE_TIMEOUT_MS, options)).code === 0
}

/** initdb looks its user up, so the uid must be one that the password file knows. */
async function ordinaryUser(): Promise<{ uid: number; gid: number }> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const users = text
    .split('\n')
    .map((line) => line.split(':'))
    // macOS writes the ids of nobody as -2.
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }))
    .filter((user) => user.name !== '' && user.uid !== 0)
  const user = users.find(({ name }) => name === 'nobody') ?? users[0]
  if (user !== undefined) return { uid: user.uid, gid: user.gid }
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and /etc/passwd names no other user: add one, or ${OWN_SERVER}`,
  )
}

/** Whether a directory can be reached with those privileges: asked by trying, since every parent has a say. */
export async function canEnter(privileges: Privileges, directory: string): Promise<boolean> {
  const { file, args, options } = privileges.command('/bin/sh', ['-c', '[ -x "$0" ]', directory])
  return (await run(file, args, PROBE_TIMEOUT_MS, options)).code === 0
}

/** Gives a directory and all in it to the owner that the privileges need. The directory itself comes last, so that
 * an interrupted change is taken up again. */
export async function giveTo(privileges: Privileges, directory: string): Promise<void> {
  const { owner } = privileges
  if (owner === null || (await stat(directory)).uid === owner.uid) return
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), owner.uid, owner.gid)
  }
  await chown(directory, owner.uid, owner.gid)
}
