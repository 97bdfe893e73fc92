import { expect, test } from 'vitest'
import { languageOf } from './accept-language.ts'

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['ko', 'ko'],
  ['ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7', 'ko'],
  ['en-US,en;q=0.9,ko;q=0.8', 'en'],
  ['en;q=0.1, ko;q=0.2', 'ko'],
  ['fr, ko;q=0.1', 'ko'],
  ['fr, de', 'en'],
  ['ko;q=0, *', 'en'],
  ['ko;q=0', 'en'],
  ['*', 'en'],
  ['*;q=0.5, ko', 'ko'],
  ['*, ko;q=0.5', 'en'],
  ['ko, en', 'ko'],
  ['en, ko', 'en'],
  ['KO', 'ko'],
  ['kok', 'en'],
  ['ko;q=abc, en;q=0.1', 'en'],
  [',;q=,', 'en'],
])('Accept-Language %s is answered in %s', (header, language) => {
  expect(languageOf(header)).toBe(language)
})
