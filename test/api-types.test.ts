import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { API_TYPES, apiTypes, readDocument } from '../scripts/api-types.ts'
import { PAGES } from '../src/http/dashboard.ts'
import { compileBody } from '../src/http/index.ts'

const root = path.join(import.meta.dirname, '..')

test('the dashboard’s types of the API are those of the OpenAPI document; `npm run types` writes them', async () => {
  expect(readFileSync(path.join(root, API_TYPES), 'utf8')).toBe(await apiTypes())
})

interface Operation {
  parameters?: { name: string; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
}

test('whatever a route takes is described by a schema that compiles: servers compile each when it is first used', async () => {
  const { paths } = JSON.parse(await readDocument()) as { paths: Record<string, Record<string, Operation>> }
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  const bodies = operations.flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}))
  const parameters = operations.flatMap((operation) => operation.parameters ?? [])
  expect([bodies.length > 40, parameters.length > 150]).toEqual([true, true])
  for (const { schema } of [...bodies, ...parameters]) compileBody(schema)
})

test('the server knows the addresses of the dashboard’s pages, and no page is the API’s', () => {
  const source = readFileSync(path.join(root, 'dashboard/src/app/pages.ts'), 'utf8')
  const segments = [...source.matchAll(/^ +path: '\/([a-z-]*)/gmu)].map(([, segment = '']) => segment)
  const known = new Set<string>(PAGES)
  expect(segments.length).toBeGreaterThan(0)
  expect(segments.filter((segment) => segment !== '' && !known.has(segment))).toEqual([])
})
