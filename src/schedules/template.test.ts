import { expect, test } from 'vitest'
import { YeyakError } from '../platform/errors.ts'
import { compileTarget } from './template.ts'

const scope = {
  occurrence: {
    ...{
      at: '2026-12-01T00:00:00.000Z',
      local: '2026-12-01T09:00:00',
      date: '2026-12-01',
      timeZone: 'Asia/Seoul',
    },
  },
  schedule: { name: 'daily' },
}
const fill = (text: string) => compileTarget({ message: text }, ['message'])(scope)['message']

const pathOf = (work: () => unknown): string | undefined => {
  try {
    work()
  } catch (error) {
    if (error instanceof YeyakError) return error.fieldErrors[0]?.path
    throw error
  }
  return undefined
}

test('texts are filled in, deep within a payload too, and the rest stays what it is', () => {
  const target = {
    payload: { at: '{{ occurrence.at }}', list: ['{{ occurrence.date }}', 1, null] },
    to: '{{ x }}',
  }
  expect(compileTarget(target, ['payload'])(scope)).toEqual({
    ...{ payload: { at: scope.occurrence.at, list: ['2026-12-01', 1, null] }, to: '{{ x }}' },
  })
  expect(fill('{% if occurrence.date contains "12" %}December{% endif %}')).toBe('December')
  expect(fill('{{ occurrence.local | date: "%d.%m.%Y" }}')).toBe('01.12.2026')
  expect(fill('{% raw %}{{ name }}{% endraw %}')).toBe('{{ name }}')
})

test('a bad text is refused with the name of its field', () => {
  for (const text of [
    '{{ occurrence.at',
    '{% nothing %}',
    '{{ x }}',
    '{{ occurrence.at | nothing }}',
    '{% if %}',
  ])
    expect(
      pathOf(() => fill(text)),
      text,
    ).toBe('message')
  expect(pathOf(() => compileTarget({ payload: { a: [{ b: '{{' }] } }, ['payload'])(scope))).toBe(
    'payload.a[0].b',
  )
})

test('nothing in it repeats, reads files, or reaches beyond its values', () => {
  for (const tag of [
    'for i in (1..9)',
    'tablerow i in (1..9)',
    'include "x"',
    'render "x"',
    'layout "x"',
    'cycle 1, 2',
    'capture x',
  ])
    expect(
      pathOf(() => fill(`{% ${tag} %}`)),
      tag,
    ).toBe('message')
  expect(pathOf(() => fill('{{ occurrence.constructor }}'))).toBe('message')
  expect(pathOf(() => fill('{{ occurrence.__proto__ }}'))).toBe('message')
})

test('one that grows without end is stopped, and soon', () => {
  const bomb = `{% assign x = "${'x'.repeat(1000)}" %}${'{% assign x = x | append: x %}'.repeat(40)}{{ x }}`
  const beginMs = performance.now()
  expect(pathOf(() => fill(bomb))).toBe('message')
  expect(performance.now() - beginMs).toBeLessThan(1_000)
})
