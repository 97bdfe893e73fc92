import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { API_TYPES, apiTypes } from '../scripts/api-types.ts'
import { PAGES } from '../src/http/dashboard.ts'

const root = path.join(import.meta.dirname, '..')

test('the dashboard’s types of the API are those of the OpenAPI document; `npm run types` writes them', async () => {
  expect(readFileSync(path.join(root, API_TYPES), 'utf8')).toBe(await apiTypes())
})

test('the server knows the addresses of the dashboard’s pages, and no page is the API’s', () => {
  const source = readFileSync(path.join(root, 'dashboard/src/app/pages.ts'), 'utf8')
  const segments = [...source.matchAll(/^ +path: '\/([a-z-]*)/gmu)].map(([, segment = '']) => segment)
  const known = new Set<string>(PAGES)
  expect(segments.length).toBeGreaterThan(0)
  expect(segments.filter((segment) => segment !== '' && !known.has(segment))).toEqual([])
})
