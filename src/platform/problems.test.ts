import { expect, test } from 'vitest'
import { YeyakError } from './errors.ts'
import { isProblemCode, PROBLEMS, type Problem } from './problems.ts'

const problems = Object.entries<Problem>(PROBLEMS)

test('every problem has a title and a detail in English and in Korean', () => {
  for (const [code, { title, detail }] of problems) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    for (const text of [title.en, detail.en]) expect(text, code).toMatch(/^[\u0000-\u007f…]+$/)
    for (const text of [title.ko, detail.ko]) expect(text, code).toMatch(/[가-힣]/)
    expect(detail.ko, code).toMatch(/니다\./)
  }
})

test('the words that Korean clients know are kept', () => {
  expect(new YeyakError('publish-at-not-future').detail.ko).toBe('publishAt은 미래 시각이어야 합니다.')
})

test('the catalogue cannot be changed', () => {
  expect(Object.isFrozen(PROBLEMS)).toBe(true)
  for (const [, problem] of problems)
    expect(Object.isFrozen(problem) && Object.isFrozen(problem.detail)).toBe(true)
})

test('a code is known by the catalogue alone', () => {
  expect(isProblemCode('too-late')).toBe(true)
  expect(isProblemCode('toString')).toBe(false)
})
