import { expect, test } from 'vitest'
import { isForeign } from './foreign-page.ts'

const host = 'localhost:3000'

test.each([
  [{}],
  [{ origin: 'http://localhost:3000' }],
  [{ origin: 'http://LOCALHOST:3000' }],
  [{ 'sec-fetch-site': 'same-origin' }],
  [{ 'sec-fetch-site': 'none' }],
  [{ 'sec-fetch-site': 'same-origin', origin: 'https://yeyak.example.com' }],
])('%j is no foreign page', (headers) => {
  expect(isForeign({ host, ...headers })).toBe(false)
})

test.each([
  [{ origin: 'https://evil.example' }],
  [{ origin: 'http://localhost:3001' }],
  [{ origin: 'http://localhost.evil.example:3000' }],
  [{ origin: 'null' }],
  [{ origin: '' }],
  [{ origin: 'http://localhost:3000@evil.example' }],
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }],
  [{ 'sec-fetch-site': 'none', origin: 'https://evil.example' }],
])('%j is one', (headers) => {
  expect(isForeign({ host, ...headers })).toBe(true)
})
