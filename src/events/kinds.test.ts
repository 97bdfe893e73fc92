import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ALL_KINDS, EVENT_TYPES, kindOf, KINDS } from './kinds.ts'

const root = path.join(import.meta.dirname, '../..')
const page = readFileSync(path.join(root, 'docs/events.md'), 'utf8')

test('docs/events.md lists every type with what it tells, and no other', () => {
  const listed = [...page.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \| (.*) \|$/gmu)].map(([, type, text]) => [
    type,
    text,
  ])
  expect(listed).toEqual(Object.entries(EVENT_TYPES))
})

test('docs/events.md lists every kind with its scope', () => {
  const rows = [...page.matchAll(/^\| ((?:`[a-z]+` ?)+) \| `([a-z]+(?::read)?)` \|$/gmu)]
  const listed = rows.flatMap(([, kinds = '', scope = '']) =>
    [...kinds.matchAll(/`([a-z]+)`/gu)].map(([, kind]) => [kind, scope]),
  )
  expect(Object.fromEntries(listed)).toEqual(KINDS)
})

test('every type that the program names as a text is listed', () => {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
  const pattern = new RegExp(`['"\`]((?:${ALL_KINDS.join('|')})\\.[a-z]{4,}d)['"\`]`, 'gu')
  const named = sources.flatMap((file) =>
    [...readFileSync(path.join(root, 'src', file), 'utf8').matchAll(pattern)].map(([, type]) => type),
  )
  expect(
    [...new Set(named)].filter((type) => type === undefined || !Object.hasOwn(EVENT_TYPES, type)),
  ).toEqual([])
})

test('every type is of a kind', () => {
  for (const type of Object.keys(EVENT_TYPES)) expect(ALL_KINDS).toContain(kindOf(type))
})
