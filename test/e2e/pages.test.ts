import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { blocksOf, differences, stepsOf } from './readme-blocks.ts'
import { ROOT } from './site.ts'

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

test('the README can be read in one sitting', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200)
  expect(read('CONTRIBUTING.md').trimEnd().split('\n').length).toBeLessThanOrEqual(80)
})

test('the Korean README has the same commands and answers, and links to the same pages', () => {
  const [english, korean] = [read('README.md'), read('README.ko.md')]
  expect(blocksOf(korean)).toEqual(blocksOf(english))
  expect(stepsOf(korean)).toEqual(stepsOf(english))
  const linksOf = (markdown: string) =>
    [...markdown.matchAll(/\]\(((?!README)[^)]+)\)/gu)].map(([, link]) => link)
  expect(linksOf(korean)).toEqual(linksOf(english))
})

test.each(['README.md', 'README.ko.md'])(
  'the path of a notification in %s leads through files that exist',
  (page) => {
    const [, table = ''] = /\n\| [^\n]*`src\/`[^\n]*\n([\s\S]*?)\n\n/u.exec(read(page)) ?? []
    const files = [...table.matchAll(/`([a-z/-]+(?:\.ts|\/))`/gu)].map(([, file = '']) => file)
    expect(files.length).toBeGreaterThanOrEqual(9)
    expect(files.filter((file) => !existsSync(path.join(ROOT, 'src', file)))).toEqual([])
  },
)

test('docs/architecture.md has the import table that is checked', () => {
  const [, source = ''] =
    /const arrows[^=]*= \{\n([\s\S]*?)\n\}/u.exec(read('test/architecture.test.ts')) ?? []
  const names = (text: string) => text.match(/[a-z*][a-z-]*|\*/gu) ?? []
  const checked = [...source.matchAll(/([\w'-]+): \[([^\]]*)\]/gu)].map(([, unit = '', others = '']) => [
    names(unit)[0],
    names(others),
  ])
  const shown = [...read('docs/architecture.md').matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gmu)].map(
    ([, unit, others = '']) => {
      if (others === 'everything') return [unit, ['*']]
      return [unit, others === 'nothing' ? [] : names(others)]
    },
  )
  const units = new Set(checked.map(([unit]) => unit))
  // The table of tables further down has rows of the same form.
  expect(shown.slice(0, checked.length)).toEqual(checked)
  expect(units.size).toBeGreaterThan(10)
})

test('an answer that is not as shown is found', () => {
  const shown = {
    id: '01a2009b-2f8f-71c0-a547-2e065421892e',
    at: '2026-01-01T00:00:00.000Z',
    due: '2030-01-01T00:00:00.000Z',
    n: 1,
    waitMs: 3,
    text: 'from …',
    list: [{}],
  }
  const same = {
    ...shown,
    id: '01a2009b-2f8f-71c0-a547-2e065421892f',
    at: '2027-01-01T00:00:00.000Z',
    waitMs: 4,
    text: 'from here',
    more: 1,
  }
  expect(differences(shown, same)).toEqual([])
  expect(
    differences(shown, {
      ...same,
      id: 'x',
      due: '2030-01-01T00:00:00.001Z',
      n: '1',
      waitMs: -1,
      text: 'to',
      list: [],
    }),
  ).toHaveLength(6)
})
