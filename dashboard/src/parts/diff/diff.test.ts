import { expect, test } from 'vitest'
import { diffLines } from './lines.ts'
import { memberChanges, mergePatchOf } from './members.ts'

const told = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, pieces }) => {
    const sign = { same: ' ', added: '+', removed: '-' }[kind]
    return sign + pieces.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join('')
  })

test('lines that stay are found around those that do not, and words within lines that were changed', () => {
  expect(told('one\ntwo three\nfour', 'one\ntwo drei\nfour\nfive')).toEqual([
    ' one',
    '-two [three]',
    '+two [drei]',
    ' four',
    '+five',
  ])
  expect(told('a\nb\nc\nd', 'b\nx\nd')).toEqual(['-a', ' b', '-c', '+x', ' d'])
  expect(told('same', 'same')).toEqual([' same'])
  expect(told('오늘의 소식', '내일의 소식')).toEqual(['-[오늘의] 소식', '+[내일의] 소식'])
})

test('large texts end soon: what is too much to compare is told as a whole, long lines where they differ', () => {
  const lines = (name: string) => Array.from({ length: 5_000 }, (_, i) => `${name} ${i}`).join('\n')
  const found = diffLines(`start\n${lines('a')}\nend`, `start\n${lines('b')}\nend`)
  expect(found).toHaveLength(10_002)
  expect([found[0]?.kind, found.at(-1)?.kind]).toEqual(['same', 'same'])
  const long = 'x'.repeat(100_000)
  const [removed, added] = told(`${long}old${long}`, `${long}new${long}`)
  expect(removed).toBe(`-…${'x'.repeat(60)}[old]${'x'.repeat(60)}…`)
  expect(added).toBe(`+…${'x'.repeat(60)}[new]${'x'.repeat(60)}…`)
})

test('members differ by value, not by the order of what is in them', () => {
  expect(
    memberChanges({ a: { x: 1, y: 2 }, b: 'old', c: 1 }, { a: { y: 2, x: 1 }, b: 'new', d: [1] }),
  ).toEqual([
    { name: 'b', kind: 'changed', before: 'old', after: 'new' },
    { name: 'd', kind: 'added', before: '', after: '[\n  1\n]' },
    { name: 'c', kind: 'removed', before: '1', after: '' },
  ])
})

test('a merge patch names what differs and nothing else', () => {
  expect(
    mergePatchOf({ a: 1, b: { x: 1, y: 2 }, c: [1], d: 'gone' }, { a: 1, b: { x: 1, z: 3 }, c: [2] }),
  ).toEqual({ d: null, b: { y: null, z: 3 }, c: [2] })
  expect(mergePatchOf({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toEqual({})
})
