import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlOf, quoted } from './curl.ts'

/** What a real shell makes of it: curl is a function that writes its arguments and what it is given. */
const run = (command: string): { args: string[]; input: string } => {
  const script = `curl() { printf '%s\\0' "$@"; printf '\\1'; cat; }\n${command}\n`
  const output = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { YEYAK_API_KEY: 'yk_1' } })
  const at = output.indexOf('\u0001')
  return { args: output.slice(0, at).split('\0').slice(0, -1), input: output.slice(at + 1) }
}

const HOSTILE = [
  `'; touch /tmp/owned; '`,
  '$(id) `id` ${HOME} $HOME',
  String.raw`back\slash \n \' \\`,
  'END\nEND\n',
  '"quotes" \'and\' !history',
  '\u0000\u001b[31m\u202eright to left\u2028',
  '한글 😀 %s %n',
]

test.each(HOSTILE)('a message %j arrives as it is, and does nothing in the shell', (message) => {
  const request = { path: '/v1/notifications' as const, body: { channel: 'log', message } }
  const { args, input } = run(curlOf(request, { origin: 'http://127.0.0.1:3000', needsKey: true }))
  expect(args.slice(0, 2)).toEqual(['--fail-with-body', 'http://127.0.0.1:3000/v1/notifications'])
  expect(args).toContain('Authorization: Bearer yk_1')
  expect(JSON.parse(input)).toEqual(request.body)
})

test.each(HOSTILE.filter((text) => !text.includes('\0')))('%j is one word', (text) => {
  expect(run(`curl ${quoted(text)} </dev/null`).args).toEqual([text])
})
