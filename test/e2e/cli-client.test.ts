import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../kit/client.ts'
import { beginCommand } from '../kit/command.ts'
import { eventually } from '../kit/poll.ts'
import { endOrphan, freePort, privateDirectory, PROGRAM, removeDirectory, type Run, yeyak } from './site.ts'

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

let directory: string
let server: Run
let url: string
const children: ChildProcess[] = []

interface Options {
  input?: string
  env?: Record<string, string>
  cwd?: string
}

const begin = (args: readonly string[], { input = '', env = {}, cwd = directory }: Options) => {
  const begun = beginCommand(args, {
    ...{ program: PROGRAM, cwd, input },
    env: { HOME: directory, YEYAK_URL: url, ...env },
  })
  children.push(begun.child)
  return begun
}

/** One command, to its end. */
const cli = (args: readonly string[], options: Options = {}) => begin(args, options).ended

const lines = (text: string): string[] => text.split('\n').filter(Boolean)
const client = () => createClient(url)

beforeAll(async () => {
  directory = privateDirectory()
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  server = yeyak(['start'], directory, { PORT: String(port) })
  await server.logged('에서 실행 중입니다.')
})

afterAll(async () => {
  for (const child of children)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  server.signal('SIGTERM')
  await server.ended
  await endOrphan(directory)
  removeDirectory(directory)
})

describe('send', () => {
  test('a message is scheduled, and its id, state and time printed on one line', async () => {
    const { code, out, errors } = await cli(['send', 'from the command line', '--in', '0.2s'])
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(out).toMatch(
      new RegExp(`^${ID}  scheduled  due \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d \\+00:00\n$`, 'u'),
    )
    await server.logged('알림 발송 성공] from the command line')
  })

  test('each option is its member of the request, and --json prints what the server answered', async () => {
    const { code, out } = await cli([
      ...[
        'send',
        'Stand-up',
        '--local',
        '2035-12-01T09:00',
        '--zone',
        'Asia/Seoul',
        '--disambiguation',
        'earlier',
      ],
      ...['--expires-in', '1h', '--priority=-5', '--group', 'g1', '--tag', 'one', '--tag', 'two'],
      ...['--metadata', '{"n":1}', '--json'],
    ])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      state: 'scheduled',
      message: 'Stand-up',
      sendAt: { local: '2035-12-01T09:00', timeZone: 'Asia/Seoul', disambiguation: 'earlier' },
      dueAt: '2035-12-01T00:00:00.000Z',
      expiresAt: '2035-12-01T01:00:00.000Z',
      priority: -5,
      groupKey: 'g1',
      tags: ['one', 'two'],
      metadata: { n: 1 },
    })
  })

  test('the whole body comes from the input or a file, and options win over it', async () => {
    const body = JSON.stringify({ message: 'whole', sendAt: '2035-01-01T00:00:00Z', priority: 3 })
    const file = path.join(directory, 'body.json')
    writeFileSync(file, body)
    const [piped, read] = await Promise.all([
      cli(['send', '--body', '-', '--json'], { input: body }),
      cli(['send', '--body', `@${file}`, '--priority', '7', '--json']),
    ])
    expect(JSON.parse(piped.out)).toMatchObject({ message: 'whole', priority: 3 })
    expect(JSON.parse(read.out)).toMatchObject({ message: 'whole', priority: 7 })
  })

  test('a message of - is what the input holds, to the letter', async () => {
    const { out } = await cli(['send', '-', '--in', '1d', '--json'], { input: '두 줄\n그리고 🎉\n' })
    expect(JSON.parse(out).message).toBe('두 줄\n그리고 🎉\n')
  })

  test('repeated with one --idempotency-key it is scheduled once', async () => {
    const args = ['send', 'once', '--in', '1d', '--idempotency-key', 'cli-1']
    const first = await cli(args)
    const second = await cli(args)
    expect(second.code).toBe(0)
    expect(second.out.slice(0, 36)).toBe(first.out.slice(0, 36))
    expect(second.errors).toContain('--idempotency-key')
  })

  test('with one --dedupe key there is one that waits', async () => {
    const args = ['send', 'one', '--in', '1d', '--dedupe', 'cli-2']
    const first = await cli(args)
    const second = await cli(args)
    expect(second.out.slice(0, 36)).toBe(first.out.slice(0, 36))
    expect(second.errors).toContain('waiting already')
    const rejected = await cli([...args, '--on-duplicate', 'reject'])
    expect(rejected.code).toBe(1)
    expect(rejected.errors).toMatch(/^409 duplicate: /u)
  })

  test('what the server refuses is said field by field, in the language of the locale, with exit code 1', async () => {
    const english = await cli(['send', 'x', '--at', 'tomorrow'])
    expect({ code: english.code, out: english.out }).toEqual({ code: 1, out: '' })
    expect(english.errors).toMatch(/^422 /u)
    expect(english.errors).toContain('  sendAt: ')
    const korean = await cli(['send', 'x', '--priority', '101'], { env: { LANG: 'ko_KR.UTF-8' } })
    expect(korean.code).toBe(1)
    expect(korean.errors).toMatch(/ {2}priority: .*[가-힣]/u)
    const json = await cli(['send', 'x', '--at', 'tomorrow', '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ status: 422, errors: [{ path: 'sendAt' }] })
  })

  test.each([
    ['nothing to send', ['send']],
    ['two times', ['send', 'x', '--in', '1s', '--at', '2035-01-01T00:00:00Z']],
    ['a local time without a zone', ['send', 'x', '--local', '2035-01-01T09:00']],
    ['a priority that is no number', ['send', 'x', '--priority', 'high']],
    ['a header without a colon', ['send', 'x', '--header', 'X-Shop']],
    ['a header given twice', ['send', 'x', '--header', 'X-A: 1', '--header', 'x-a: 2']],
    ['a payload that is no JSON', ['send', '--payload', '{']],
    ['a body that is no object', ['send', '--body', '[1]']],
    ['a file that is not there', ['send', '--body', '@/nowhere/x.json']],
    ['two messages', ['send', 'x', 'y']],
    ['an option without its value', ['send', 'x', '--tag', '--json']],
    ['one option twice', ['send', 'x', '--in', '1s', '--in', '2s']],
    ['a key with a blank', ['send', 'x', '--idempotency-key', 'a b']],
    ['an unknown option', ['send', 'x', '--prioritty', '1']],
    ['a limit of nought', ['list', '--limit', '0']],
    ['show without an id', ['show']],
    ['cancel without an id', ['cancel']],
    ['a wrong setting', ['list'], { YEYAK_URL: 'localhost' }],
  ] as [string, string[], Record<string, string>?][])(
    '%s: exit code 2, and nothing was asked of a server',
    async (_, args, env) => {
      const { code, out, errors } = await cli(args, { env: { YEYAK_URL: 'http://127.0.0.1:9', ...env } })
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(errors).not.toContain('    at ')
      expect(errors).not.toContain('npm start')
    },
  )
})

describe('what is no Yeyak', () => {
  test('a server that does not answer is said, with YEYAK_URL and npm start', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`
    const { code, out, errors } = await cli(['list'], { env: { YEYAK_URL: nowhere } })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(errors).toContain(nowhere)
    expect(errors).toContain('YEYAK_URL')
    expect(errors).toContain('npm start')
    const korean = await cli(['list'], { env: { YEYAK_URL: nowhere, LC_ALL: 'ko_KR.UTF-8', LANG: 'C' } })
    expect(korean.errors).toMatch(/서버가 없습니다.*npm start.*YEYAK_URL/su)
  })

  test('the key and the language go along; a redirect is not followed with them', async () => {
    const asked: IncomingHttpHeaders[] = []
    const other = createServer((request, response) => {
      asked.push(request.headers)
      response.writeHead(302, { location: `${url}/v1/notifications`, 'content-type': 'text/html' }).end('<p>')
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { code, errors } = await cli(['list'], {
      env: {
        YEYAK_URL: `http://127.0.0.1:${port}/`,
        YEYAK_API_KEY: 'yk_secret_of_20_and_more',
        LANG: 'ko_KR.UTF-8',
      },
    })
    other.close()
    other.closeAllConnections()
    expect(code).toBe(1)
    expect(errors).toContain('302')
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({
      authorization: 'Bearer yk_secret_of_20_and_more',
      'accept-language': 'ko',
    })
  })
})

describe('list, show and cancel', () => {
  test('--all walks every page and gives each item once', async () => {
    const created = await Promise.all(
      Array.from({ length: 230 }, (_, i) =>
        client().create({ message: `walk ${i}`, tags: ['walk'], sendAt: { delay: 90_000 + i } }),
      ),
    )
    const { code, out } = await cli(['list', '--tag', 'walk', '--all', '--json'])
    expect(code).toBe(0)
    const { items, nextCursor } = JSON.parse(out)
    expect(nextCursor).toBeNull()
    expect(items.map((item: { id: string }) => item.id).sort()).toEqual(created.sort())

    const some = await cli(['list', '--tag', 'walk', '--limit', '3'])
    const [heading, ...rows] = lines(some.out)
    expect(heading).toMatch(/^ID +STATE +DUE +CHANNEL +TO +CONTENT$/u)
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatch(new RegExp(`^${ID}  scheduled  .* \\+00:00  log +walk 0$`, 'u'))
    expect(some.errors).toContain('--all')
  })

  test('filters are those of the HTTP list, and a wrong one is refused by the server', async () => {
    await client().create({
      message: 'needle in a haystack',
      groupKey: 'g-needle',
      sendAt: { delay: 90_000 },
    })
    for (const filter of [
      ['--search', 'NEEDLE'],
      ['--group', 'g-needle', '--state', 'scheduled,queued', '--channel', 'log'],
    ]) {
      const { out } = await cli(['list', ...filter, '--json'])
      expect(JSON.parse(out).items).toMatchObject([{ message: 'needle in a haystack' }])
    }
    const none = await cli(['list', '--group', 'nobody'])
    expect(none).toEqual({ code: 0, out: '', errors: 'none\n' })
    const refused = await cli(['list', '--state', 'delivred'])
    expect(refused.code).toBe(1)
    expect(refused.errors).toContain('state')
  })

  test('control characters of a message reach no terminal', async () => {
    await client().create({ message: 'a\u001b[31mred\nline', tags: ['evil'], sendAt: { delay: 90_000 } })
    const { out } = await cli(['list', '--tag', 'evil'])
    expect(out).toContain('a\\u001b[31mred\\nline')
  })

  test('show tells the fields, the attempts and the timeline', async () => {
    const id = await client().create({ message: 'shown' })
    await client().inState(id, 'delivered')
    const { code, out } = await cli(['show', id])
    expect(code).toBe(0)
    expect(out).toMatch(/^state +delivered$/mu)
    expect(out).toMatch(/^Attempts:\n {2}1 {2}delivered /mu)
    expect(out).toMatch(/^Timeline:\n.* created /mu)
    const json = JSON.parse((await cli(['show', id, '--json'])).out)
    expect(json).toMatchObject({ id, attempts: [{ number: 1, outcome: 'delivered' }] })
    expect(json.timeline.at(-1)).toMatchObject({ type: 'delivered' })
  })

  test('cancel decides each by itself, and exits with 1 if one was refused', async () => {
    const [waiting, sent] = await Promise.all([
      client().create({ message: 'never', sendAt: { delay: 90_000 } }),
      client().create({ message: 'at once' }),
    ])
    await client().inState(sent, 'delivered')
    const { code, out, errors } = await cli(['cancel', sent, 'no-such-id', waiting])
    expect(code).toBe(1)
    expect(out).toBe(`${waiting}  canceled\n`)
    expect(lines(errors)).toEqual([
      expect.stringContaining(`${sent}  409 already-final`),
      expect.stringContaining('no-such-id  404 not-found'),
    ])
    const again = await cli(['cancel', waiting, '--json'])
    expect(again.code).toBe(0)
    expect(JSON.parse(again.out)).toEqual({ id: waiting, outcome: 'canceled', state: 'canceled' })
  })

  test('--watch shows what changes, and Ctrl-C ends it with exit code 0', async () => {
    const id = await client().create({ message: 'watched', tags: ['watch'], sendAt: { delay: 90_000 } })
    const watching = begin(['list', '--tag', 'watch', '--watch'], {})
    await eventually('the item', () => watching.out().includes(`${id}  scheduled`))
    await client().call('POST', `/v1/notifications/${id}/cancel`)
    await eventually('its change', () => watching.out().includes(`${id}  canceled`))
    watching.child.kill('SIGINT')
    const { code, out, errors } = await watching.ended
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(lines(out)).toHaveLength(2)
  })
})

describe('sql', () => {
  test('it joins the embedded database that runs, and reads', async () => {
    const { code, out, errors } = await cli([
      'sql',
      `select 1 as one, null as none, '한글' as text, 'x' as "열"`,
    ])
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(out).toBe(
      [' one | none | text | 열', '-----+------+------+----', '   1 | NULL | 한글 | x', '(1 row)', ''].join(
        '\n',
      ),
    )
  })

  test('a change is refused without --write, and made with it', async () => {
    const change = `update projects set name = 'default' where id = 1`
    const refused = await cli(['sql', change])
    expect(refused.code).toBe(1)
    expect(refused.errors).toMatch(/25006.*--write/su)
    expect(await cli(['sql', '--write', change])).toEqual({ code: 0, out: 'UPDATE 1\n', errors: '' })
  })

  test('statements and backslash lines come from the input; --json prints rows as objects', async () => {
    const script = await cli(['sql'], {
      input: 'select 1\n  as a;\nselect 2 as b;\n\\d queues\n\\q\nselect 3 as afterwards',
    })
    expect(script.out).toMatch(/ a\n.* b\n.* name +\| text/su)
    expect(script.out).not.toContain('afterwards')
    const json = await cli([
      'sql',
      '--json',
      `select 9007199254740993 as big, 2 as n, true as t, '{"a":1}'::jsonb as j, 1 as n`,
    ])
    expect(JSON.parse(json.out)).toEqual([{ big: '9007199254740993', n: 2, t: true, j: { a: 1 }, n_2: 1 }])
  })

  test('rows beyond the limit are counted, a statement that takes too long is given up', async () => {
    const many = await cli(['sql', '--limit', '2', 'select * from generate_series(1, 5000) as n'])
    expect(many.out).toBe(' n\n---\n 1\n 2\n(5000 rows)\n')
    expect(many.errors).toContain('4998 more')
    const slow = await cli(['sql', '--timeout', '1', 'select pg_sleep(30)'])
    expect(slow.code).toBe(1)
    expect(slow.errors).toContain('57014')
  })

  test('where none runs, the embedded database is started for the time of the command', async () => {
    const elsewhere = privateDirectory()
    try {
      const { code, out } = await cli(['sql', 'select 40 + 2 as n'], { cwd: elsewhere })
      expect(code).toBe(0)
      expect(out).toContain('42')
      expect(readFileSync(path.join(elsewhere, '.yeyak/database-url'), 'utf8')).toContain('postgres://')
      expect(existsSync(path.join(elsewhere, '.yeyak/postgres/postmaster.pid'))).toBe(false)
    } finally {
      await endOrphan(elsewhere)
      removeDirectory(elsewhere)
    }
  })
})

describe('help', () => {
  const names = [
    'start',
    'api',
    'worker',
    'migrate',
    'send',
    'list',
    'show',
    'cancel',
    'import',
    'sql',
    'uninstall',
    'help',
  ]

  test.each(names)('yeyak help %s says what --help says, in the language of the locale', async (name) => {
    const [asked, flagged, korean] = await Promise.all([
      cli(['help', name]),
      cli([name, '--help']),
      cli(['help', name], { env: { LC_MESSAGES: 'ko_KR.UTF-8' } }),
    ])
    expect(asked).toMatchObject({ code: 0, errors: '' })
    expect(asked.out).toContain(`Usage:\n  yeyak ${name}`)
    expect(flagged.out).toBe(asked.out)
    expect(korean.out).toMatch(/^사용법:\n/mu)
    expect(asked.out).not.toMatch(/[가-힣]/u)
  })
})
