import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { runCommand } from '../kit/command.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { endOrphan, freePort, privateDirectory, PROGRAM, removeDirectory, type Run, yeyak } from './site.ts'

let directory: string
let server: Run
let port: number

interface Options {
  input?: string
  env?: Record<string, string>
}

/** One command on the embedded database that the server runs, to its end. */
const cli = async (args: readonly string[], { input = '', env = {} }: Options = {}) => {
  const { code, out, errors } = await runCommandHere(args, { cwd: directory, input, env })
  return { code, out: out.trim(), errors }
}

/** The same as a process. */
const program = async (args: readonly string[], input = '') => {
  const { code, out, errors } = await runCommand(args, {
    ...{ program: PROGRAM, cwd: directory, input, env: { HOME: directory } },
  })
  return { code, out: out.trim(), errors }
}

const statusWith = async (key: string | null) => {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
  return (await createClient(`http://127.0.0.1:${port}`).call('GET', '/v1/notifications', undefined, headers))
    .status
}

beforeAll(async () => {
  directory = privateDirectory()
  port = await freePort()
  server = yeyak(['start'], directory, { PORT: String(port) })
  await server.logged('에서 실행 중입니다.')
})

afterAll(async () => {
  server.signal('SIGTERM')
  await server.ended
  await endOrphan(directory)
  removeDirectory(directory)
})

test('the first key made on the command line has closed a running server when it is printed', async () => {
  expect(await statusWith(null)).toBe(200)
  const made = await program(['keys', 'create', '--name', 'first', '--scopes', 'all'])
  expect([made.code, made.out]).toEqual([0, expect.stringMatching(/^yk_[\w-]{43}$/u)])
  expect(made.errors).toContain('not shown again')
  expect([await statusWith(null), await statusWith(made.out)]).toEqual([401, 200])
})

test('a key is listed, rotated and revoked, and each is true when it is said', async () => {
  const made = await cli([
    'keys',
    'create',
    '--name',
    'second',
    '--scopes',
    'notifications:read',
    '--expires',
    '90d',
    '--json',
  ])
  const { id, key, expiresAt } = JSON.parse(made.out)
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(89 * 86_400_000)
  const listed = await cli(['keys', 'list'])
  expect(listed.out).toContain(id)
  expect(listed.out).not.toContain(key)
  const rotated = await cli(['keys', 'rotate', id, '--overlap', '0'])
  expect([await statusWith(key), await statusWith(rotated.out)]).toEqual([401, 200])
  const revoked = await cli(['keys', 'revoke', id])
  expect([revoked.code, revoked.out]).toEqual([0, `revoked: ${id}`])
  expect(await statusWith(rotated.out)).toBe(401)
  const again = await cli(['keys', 'revoke', id], { env: { LANG: 'ko_KR.UTF-8' } })
  expect([again.code, again.errors]).toEqual([1, '이 id에 해당하는 항목이 없습니다.\n'])
})

test('a user is made with a password from the input, signs in, gets another, and is removed', async () => {
  const email = 'kim@example.com'
  const client = createClient(`http://127.0.0.1:${port}`)
  const signIn = async (password: string) =>
    (await client.call('POST', '/v1/session', { email, password })).status
  const made = await program(
    ['users', 'create', '--email', email, '--role', 'admin'],
    'correct horse battery\n',
  )
  expect([made.code, made.out]).toEqual([0, `made: ${email}`])
  expect(await signIn('correct horse battery')).toBe(201)
  const changed = await cli(['users', 'password', email], { input: 'another horse battery\n' })
  expect(changed.code).toBe(0)
  expect([await signIn('correct horse battery'), await signIn('another horse battery')]).toEqual([401, 201])
  expect((await cli(['users', 'list'])).out).toMatch(/kim@example\.com +kim@example\.com +admin +all/u)
  const second = ['users', 'create', '--email', 'lee@example.com', '--role', 'admin']
  const short = await cli(second, { input: 'short\n' })
  expect([short.code, short.errors]).toEqual([1, expect.stringContaining('password: must be 10 to 200')])
  const unknown = await cli(['users', 'password', 'nobody@example.com'], { input: 'correct horse battery' })
  expect([unknown.code, unknown.errors]).toEqual([1, 'There is no user with this e-mail address.\n'])
  const last = await cli(['users', 'remove', email])
  expect([last.code, last.errors]).toEqual([1, expect.stringContaining('last user')])
  await cli(second, { input: 'correct horse battery' })
  expect((await cli(['users', 'remove', email])).out).toBe(`removed: ${email}`)
})

test.each([
  ['no subcommand', ['keys'], 'keys needs one of: create, list, rotate, revoke'],
  ['an unknown one', ['keys', 'crate'], '"keys crate" is unknown, did you mean "keys create"?'],
  [
    'a scope that there is not',
    ['keys', 'create', '--name', 'x', '--scopes', 'notification:read'],
    'did you mean "notifications:read"',
  ],
  ['an option of another subcommand', ['keys', 'list', '--name', 'x'], '"keys list" takes no --name'],
  ['an argument too many', ['keys', 'list', 'b'], '"keys list" does not take: b'],
  ['no id', ['keys', 'revoke'], 'the id of the key is needed'],
  ['an overlap too long', ['keys', 'rotate', 'a', '--overlap', '2592001'], '--overlap takes whole seconds'],
  [
    'a role that there is not',
    ['users', 'create', '--email', 'a@b.c', '--role', 'root'],
    'there is no role "root"',
  ],
])('%s is refused with exit code 2, in words', async (_, args, said) => {
  const { code, out, errors } = await cli(args)
  expect([code, out]).toEqual([2, ''])
  expect(errors).toContain(said)
})

test('help names every subcommand, in both languages', async () => {
  for (const env of [{}, { LANG: 'ko_KR.UTF-8' }]) {
    const keys = await cli(['help', 'keys'], { env })
    for (const name of ['create', 'list', 'rotate', 'revoke'])
      expect(keys.out).toContain(`yeyak keys ${name} `)
    expect((await cli(['help', 'users'], { env })).out).toContain('yeyak users password <email>')
  }
})
