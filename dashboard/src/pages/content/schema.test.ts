import { expect, test } from 'vitest'
import { faultsOf, fieldsOf, fits } from './schema.ts'

const words = {
  missing: 'missing',
  kind: (wanted: string) => `kind ${wanted}`,
  short: (least: number) => `short ${least}`,
  long: (most: number) => `long ${most}`,
  small: (least: number) => `small ${least}`,
  large: (most: number) => `large ${most}`,
  choice: (choices: string) => `choice ${choices}`,
  pattern: 'pattern',
}
const STORY = {
  type: 'object',
  required: ['title'],
  properties: { title: { type: 'string', minLength: 1, maxLength: 300 }, body: { type: 'string' } },
}

test('a flat type has a form, another one has none', () => {
  expect(fieldsOf(STORY)?.map(({ name, kind, isRequired }) => [name, kind, isRequired])).toEqual([
    ['title', 'line', true],
    ['body', 'text', false],
  ])
  expect(fieldsOf({ type: 'object', properties: { tags: { type: 'array' } } })).toBeNull()
  expect(fieldsOf({ type: 'object' })).toBeNull()
  expect(fits(fieldsOf(STORY) ?? [], { title: 5 })).toBe(false)
  expect(fits(fieldsOf(STORY) ?? [], { title: 'x', more: [1] })).toBe(true)
})

test('what a draft lacks is named by its path', () => {
  const schema = {
    ...STORY,
    properties: {
      ...STORY.properties,
      rank: { type: 'integer', minimum: 1, maximum: 9 },
      tone: { enum: ['a', 'b'] },
      tags: { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' } },
    },
  }
  const told = (data: unknown) =>
    faultsOf(schema, data, words).map(({ path, message }) => `${path} ${message}`)
  expect(told({ title: 'x' })).toEqual([])
  expect(told({})).toEqual(['data.title missing'])
  expect(told({ title: '', rank: 10, tone: 'c', tags: ['ok', 'NO', 5] })).toEqual([
    'data.title short 1',
    'data.rank large 9',
    'data.tone choice a, b',
    'data.tags[1] pattern',
    'data.tags[2] kind string',
  ])
  expect(told({ title: 'x', rank: 1.5 })).toEqual(['data.rank kind integer'])
  expect(told([])).toEqual(['data kind object'])
})
