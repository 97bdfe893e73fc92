import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePosition, partsOf, positionOf, startOf } from './position.ts'

const xids = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)
const ids = fc.bigInt({ min: 1n, max: 999_999_999n }).map(String)
const places = fc.record({ xid: xids, id: ids })

test('a position is read back from what is shown of it', () => {
  fc.assert(
    fc.property(places, (place) => {
      const position = positionOf(place)
      expect(parsePosition(String(position))).toBe(position)
      expect(partsOf(position)).toEqual(place)
    }),
  )
})

test('positions rise by transaction, then by number', () => {
  fc.assert(
    fc.property(places, places, (a, b) => {
      const isBefore = BigInt(a.xid) < BigInt(b.xid) || (a.xid === b.xid && BigInt(a.id) < BigInt(b.id))
      expect(positionOf(a) < positionOf(b)).toBe(isBefore)
    }),
  )
})

test('the start of a transaction is before its events, and after those of the one before', () => {
  expect(startOf('8')).toBeLessThan(positionOf({ xid: '8', id: '1' }))
  expect(startOf('8')).toBeGreaterThan(positionOf({ xid: '7', id: '999999999' }))
})

test.each(['', '-1', '1.5', '1e9', ' 1', '0x1', '9'.repeat(29), '9'.repeat(30), 'null'])(
  '%o is no position',
  (text) => {
    expect(parsePosition(text)).toBeNull()
  },
)
