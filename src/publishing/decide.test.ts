import { expect, test } from 'vitest'
import { type Due, noOpOf, reduce, retryDelaySeconds } from './decide.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 11, 1, 9, minutes))
const due = (id: string, minutes: number, o: Partial<Due> = {}): Due => ({
  ...{ id, action: 'publish', dueAt: at(minutes), createdAt: at(0), maxLateSeconds: null },
  ...o,
})
const fine = () => null
const states = (found: ReturnType<typeof reduce>) =>
  Object.fromEntries(found.endings.map(({ publication, state }) => [publication.id, state]))

test('of what is due the last wins, however it is handed in', () => {
  const found = reduce([due('b', 2), due('c', 3), due('a', 1)], at(5), fine)
  expect(found.winner?.id).toBe('c')
  expect(found.endings.map(({ publication }) => publication.id)).toEqual(['a', 'b', 'c'])
  expect(states(found)).toEqual({ a: 'superseded', b: 'superseded', c: 'succeeded' })
  expect(found.endings[0]?.reason).toBe('by c')
})

test('at one instant the one that was made later wins, then the greater id', () => {
  expect(reduce([due('a', 1, { createdAt: at(1) }), due('b', 1)], at(5), fine).winner?.id).toBe('a')
  expect(reduce([due('b', 1), due('a', 1)], at(5), fine).winner?.id).toBe('b')
})

test('one whose publish and unpublish are both over is unpublished, never live', () => {
  const found = reduce([due('on', 1), due('off', 2, { action: 'unpublish' })], at(5), fine)
  expect(found.winner?.id).toBe('off')
  expect(states(found)).toEqual({ on: 'superseded', off: 'succeeded' })
})

test('what is later than it may be is missed, and takes no part', () => {
  const found = reduce([due('a', 1), due('b', 2, { maxLateSeconds: 60 })], at(5), fine)
  expect(states(found)).toEqual({ a: 'succeeded', b: 'missed' })
  expect(reduce([due('b', 2, { maxLateSeconds: 180 })], at(5), fine).winner?.id).toBe('b')
})

test('what may not go live leaves what was due before it in force', () => {
  const fault = { code: 'invalid-request', message: 'no title' }
  const found = reduce([due('a', 1), due('b', 2)], at(5), (p) => (p.id === 'b' ? fault : null))
  expect(states(found)).toEqual({ a: 'succeeded', b: 'failed' })
  expect(found.endings[1]).toMatchObject({ reason: 'invalid', error: fault })
  expect(reduce([due('a', 1)], at(5), () => fault).winner).toBeNull()
})

test('a job that has nothing to do says why', () => {
  const standing = { generation: 2, isPending: true, nextAt: at(1) }
  expect(noOpOf(2, undefined, true, at(5))).toBe('gone')
  expect(noOpOf(2, { ...standing, isPending: false }, true, at(5))).toBe('ended')
  expect(noOpOf(1, standing, true, at(5))).toBe('other_generation')
  expect(noOpOf(2, standing, false, at(5))).toBe('content_gone')
  expect(noOpOf(2, standing, true, at(0))).toBe('not_due')
  expect(noOpOf(2, standing, true, at(1))).toBeNull()
})

test('a retry waits 5, 10, 20 seconds and up to a tenth more', () => {
  expect([1, 2, 3].map((n) => retryDelaySeconds(n, () => 0))).toEqual([5, 10, 20])
  expect(retryDelaySeconds(1, () => 1)).toBe(5.5)
  expect(retryDelaySeconds(100, () => 0)).toBe(3_600)
})
