import { expect, test } from 'vitest'
import { channelsOf } from './wake.ts'

test('installations on one database do not hear each other', () => {
  const own = Object.values(channelsOf('yeyak'))
  expect(new Set(own).size).toBe(own.length)
  expect(own.filter((channel) => Object.values(channelsOf('yeyak_b')).includes(channel))).toEqual([])
})
