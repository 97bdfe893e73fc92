import { expect, test } from 'vitest'
import { type Header, planSizes } from './plan.ts'

const header = (o: Partial<Header> = {}): Header => ({
  ...{ format: 'jpeg', width: 4000, height: 3000, frames: 1, sha256: 'ab'.repeat(32) },
  ...o,
})
const sidesOf = (of: Header, sizes: number[]) =>
  planSizes(of, { sizes }).map(({ recipe }) => recipe && [recipe.width, recipe.height])

test('a size is a width, and the height follows', () => {
  expect(sidesOf(header(), [320, 640])).toEqual([
    [320, 240],
    [640, 480],
  ])
  expect(sidesOf(header({ width: 3000, height: 4000 }), [300])).toEqual([[300, 400]])
})

test('nothing is made larger, and nothing vanishes', () => {
  expect(sidesOf(header({ width: 200, height: 100 }), [100, 200, 201, 8000])).toEqual([
    [100, 50],
    [200, 100],
    [200, 100],
    [200, 100],
  ])
  expect(sidesOf(header({ width: 8000, height: 3 }), [10])).toEqual([[10, 1]])
})

test('320 and 640 are made where no sizes are given, in the format of the image', () => {
  const made = planSizes(header({ format: 'webp' }), {})
  expect(made.map(({ size, recipe }) => [size, recipe?.format])).toEqual([
    [320, 'webp'],
    [640, 'webp'],
  ])
})

test('a size that its format cannot have is refused alone', () => {
  const [first, second] = planSizes(header({ width: 100, height: 20_000 }), {
    ...{ sizes: [50, 100], format: 'webp' },
  })
  expect(first?.recipe).toMatchObject({ width: 50, height: 10_000 })
  expect(second?.error).toBe('100 × 20000 is more than WEBP can have: 16,383 a side')
})

const namesOf = (data: Parameters<typeof planSizes>[1], of = header()) =>
  planSizes(of, { sizes: [320], ...data }).map(({ name }) => name)

test('the same image and the same wishes have the same name, and others another', () => {
  const plain = namesOf({})
  expect(namesOf({ format: 'jpeg', background: '#FFFFFF', keepMetadata: false })).toEqual(plain)
  expect(plain[0]).toMatch(/^ab\/(ab){20}-320-[0-9a-f]{12}\.jpg$/)
  const others = [
    namesOf({ quality: 70 }),
    namesOf({ format: 'avif' }),
    namesOf({ keepMetadata: true }),
    namesOf({ background: '#000000' }),
    namesOf({ sizes: [321] }),
    namesOf({}, header({ sha256: 'cd'.repeat(32) })),
    plain,
  ].flat()
  expect(new Set(others).size).toBe(7)
})

test('only a WebP keeps the frames of an animation', () => {
  const animated = header({ format: 'webp', frames: 3 })
  expect(planSizes(animated, { sizes: [10] })[0]?.recipe?.isAnimated).toBe(true)
  expect(planSizes(animated, { sizes: [10], format: 'avif' })[0]?.recipe?.isAnimated).toBe(false)
})
