import { describe, expect, test } from 'vitest'
import { runCommand } from '../kit/command.ts'
import { runCommandHere } from '../kit/command-here.ts'
import { PROGRAM } from './site.ts'

const next = (args: readonly string[]) => runCommandHere(['next', ...args])

const SEOUL = ['0 9 * * 1-5', '--zone', 'asia/seoul', '--from', '2026-12-04T00:00:00Z', '--count', '2']

describe.concurrent('yeyak next', () => {
  test.each([
    ['en_US.UTF-8', 'At 09:00, on Monday to Friday. (Asia/Seoul)'],
    ['ko_KR.UTF-8', '월요일부터 금요일까지 09:00에 실행됩니다. (Asia/Seoul)'],
  ])(
    'in %s says the rule in words and lists its runs, without a server or a database',
    async (LANG, words) => {
      const { code, out, errors } = await runCommand(['next', ...SEOUL], { program: PROGRAM, env: { LANG } })
      expect({ code, errors }).toEqual({ code: 0, errors: '' })
      const [first, ...runs] = out.trimEnd().split('\n')
      expect(first).toBe(words)
      expect(runs.map((line) => line.trim().split(/ {2,}/u).slice(0, 2))).toEqual([
        ['2026-12-04 09:00:00', '2026-12-04T00:00:00.000Z'],
        ['2026-12-07 09:00:00', '2026-12-07T00:00:00.000Z'],
      ])
    },
  )

  test('says where clocks change, also as JSON', async () => {
    const gap = ['30 2 * * *', '--zone', 'America/New_York', '--from', '2027-03-14T00:00:00Z', '--count', '2']
    const { out } = await next(gap)
    expect(out).toContain('clocks go forward: this local time does not exist')
    const json = await next([...gap, '--json'])
    expect(json.code).toBe(0)
    const { runs } = JSON.parse(json.out)
    expect(runs[0]).toEqual({
      ...{ at: '2027-03-14T07:00:00.000Z', local: '2027-03-14T03:00:00', note: 'dst_gap' },
    })
  })

  test.each([
    ['an expression that cannot be read', ['0 22-2 * * *'], 1, '0 22-23,0-2 * * *'],
    ['one that never runs', ['0 0 31 2 *'], 1, 'it never runs'],
    ['an RRULE that cannot be read', ['FREQ=DAILY;COUNT=2;UNTIL=20270101'], 1, 'by COUNT or by UNTIL'],
    ['an offset for a zone', ['* * * * *', '--zone', 'UTC+9'], 1, 'An offset is not a time zone'],
    ['an abbreviation for a zone', ['* * * * *', '--zone', 'KST'], 1, 'Asia/Seoul'],
    ['a time that is none', ['* * * * *', '--from', 'tomorrow'], 1, 'from: This is not a time'],
    ['a count out of bounds', ['* * * * *', '--count', '101'], 2, '--count takes a whole number'],
    ['no expression', [], 2, 'in quotes'],
    ['an expression without its quotes', ['0', '9', '*', '*', '*'], 2, 'in quotes'],
    ['an option that there is not', ['* * * * *', '--zon', 'UTC'], 2, '--zon'],
  ])('%s ends with words on stderr, and nothing on stdout', async (_, args, expected, said) => {
    const { code, out, errors } = await next(args)
    expect({ code, out }).toEqual({ code: expected, out: '' })
    expect(errors).toContain(said)
    expect(errors).not.toContain('    at ')
  })
})
