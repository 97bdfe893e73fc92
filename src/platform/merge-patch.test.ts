import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergePatch } from './merge-patch.ts'

/** Appendix A of RFC 7396, in its order. */
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched with %j is %j', (target, patch, result) => {
  expect(mergePatch(target, patch)).toEqual(result)
})

const json = fc.jsonValue({ maxDepth: 4 })
const objects = fc.dictionary(fc.string({ maxLength: 3 }), json, { maxKeys: 5 })

test('what is left out stays, what is null goes, and the target is never written to', () => {
  fc.assert(
    fc.property(objects, objects, (target, patch) => {
      const before = structuredClone(target)
      const merged = new Map(Object.entries(mergePatch(target, patch) as object))
      expect(target).toEqual(before)
      for (const [key, value] of Object.entries(target))
        if (!Object.hasOwn(patch, key)) expect(merged.get(key)).toEqual(value)
      for (const [key, value] of Object.entries(patch)) expect(merged.has(key)).toBe(value !== null)
    }),
  )
})

test('patching twice with the same patch changes nothing more', () => {
  fc.assert(
    fc.property(json, json, (target, patch) => {
      const once = mergePatch(target, patch)
      expect(mergePatch(once, patch)).toEqual(once)
    }),
  )
})

test('a member named __proto__ stays a member', () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__":{"admin":true}}'))
  expect(JSON.stringify(merged)).toBe('{"__proto__":{"admin":true}}')
  expect(Reflect.get({}, 'admin')).toBeUndefined()
})
