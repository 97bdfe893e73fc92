import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ROLES, SCOPES_OF } from '../src/access/index.ts'
import { ALL_SCOPES, SCOPES } from '../src/http/index.ts'

const page = readFileSync(path.join(import.meta.dirname, '../docs/access.md'), 'utf8')

test('docs/access.md lists the scopes that there are, and what each allows', () => {
  const block = page.split('<!-- scopes -->')[1]?.split('<!-- /scopes -->')[0]?.trim()
  const rows = ALL_SCOPES.map((scope) => `| \`${scope}\` | ${SCOPES[scope]} |`)
  expect(block?.split('\n')).toEqual(['| scope | allows |', '| --- | --- |', ...rows])
})

test('each role has what the one before it has, and the page names what is added', () => {
  let before: ReadonlySet<string> = new Set()
  for (const role of ROLES) {
    const scopes = SCOPES_OF[role]
    expect([...before].every((scope) => [...scopes].some((own) => own === scope))).toBe(true)
    const row = page.split('\n').find((line) => line.startsWith(`| \`${role}\` |`)) ?? ''
    const added = [...scopes].filter((scope) => !before.has(scope))
    if (role === 'viewer') expect(added.every((scope) => scope.endsWith(':read'))).toBe(true)
    else if (role === 'admin') expect(scopes.size).toBe(ALL_SCOPES.length)
    else expect([...row.matchAll(/`([a-z]+(?::[a-z]+)?)`/gu)].map(([, name]) => name).slice(1)).toEqual(added)
    before = scopes
  }
})
