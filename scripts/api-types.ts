import { createRequire } from 'node:module'
import path from 'node:path'
import { loadConfig } from '../src/config.ts'
import { createLog } from '../src/platform/log.ts'
import { createApi, createShared } from '../src/roles/index.ts'

export const API_TYPES = 'dashboard/src/api/openapi.d.ts'

const HEAD = '// Written by `npm run types` from /openapi.json; a test holds it equal to that.\n\n'

interface Generator {
  default: (document: string, options: { defaultNonNullable: boolean }) => Promise<unknown>
  astToString: (ast: unknown) => string
}

/** It needs the API of an older TypeScript, and so stands in the dashboard's own packages. */
const loadGenerator = (): Generator =>
  createRequire(path.join(import.meta.dirname, '../dashboard/package.json'))(
    'openapi-typescript',
  ) as Generator

/** What `/openapi.json` answers. No database is asked for that. */
export const readDocument = async (): Promise<string> => {
  const log = createLog({ format: 'json', level: 'silent' })
  const config = loadConfig({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1/none' }, cwd: '/' })
  const shared = createShared({
    ...{ config, log, roles: { api: true, worker: false }, keepsSettings: () => false },
    connection: () => {
      throw new Error('the document needs no database')
    },
  })
  const { app } = createApi(shared, {
    isReady: () => ({ ready: true }),
    checks: async () => ({ status: 'ready', checks: {} }),
  })
  const { statusCode, body } = await app.inject({ url: '/openapi.json', headers: { host: 'localhost' } })
  if (statusCode !== 200) throw new Error(`/openapi.json answered ${statusCode}: ${body}`)
  return body
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** Prose, headers and refusals, which are all of one form, would be nine tenths of the types. */
const LEFT_OUT = new Set(['description', 'headers', 'examples', 'summary', 'x-scope', 'security'])

const essential = (value: Json, within = ''): Json => {
  if (Array.isArray(value)) return value.map((each) => essential(each))
  if (typeof value !== 'object' || value === null) return value
  const isSchema = within === 'properties'
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => isSchema || !LEFT_OUT.has(name))
      .filter(([name]) => within !== 'responses' || name.startsWith('2'))
      .map(([name, each]) => [name, essential(each, name)]),
  )
}

/** The text of `API_TYPES`. */
export const apiTypes = async (): Promise<string> => {
  const { default: generate, astToString } = loadGenerator()
  const document = essential(JSON.parse(await readDocument()) as Json)
  const written = astToString(await generate(JSON.stringify(document), { defaultNonNullable: false }))
  // Every path repeats which of its methods it does not have, and what it does not take.
  const short = written
    .replaceAll(/^ +\w+\?: never;\n/gmu, '')
    .replaceAll(/^ +headers: \{\n +\[name: string\]: unknown;\n +\};\n/gmu, '')
    .replaceAll(/^ +parameters: \{\n +\};\n/gmu, '')
  return HEAD + short
}
