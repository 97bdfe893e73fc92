import { readdirSync } from 'node:fs'
import path from 'node:path'

/** Says of a path below the context, with `/` in between, whether the build gets it. */
export type Includes = (file: string) => boolean

interface Rule {
  pattern: RegExp
  /** Where it begins without a wildcard. */
  stem: string
  includes: boolean
}

/** As Docker reads a `.dockerignore`: the last rule that fits a path, or a folder above it, decides. */
export const readDockerignore = (text: string): { includes: Includes; mayInclude: Includes } => {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): Rule => {
      const bare = path.posix.normalize(line.replace(/^!/u, '').replace(/^\//u, '')).replace(/\/$/u, '')
      return {
        pattern: patternOf(bare),
        stem: /^[^*?[]*/u.exec(bare)?.[0] ?? '',
        includes: line.startsWith('!'),
      }
    })
  const includes: Includes = (file) => {
    const places = file.split('/').map((_, depth, parts) => parts.slice(0, depth + 1).join('/'))
    const last = rules.findLast((rule) => places.some((place) => rule.pattern.test(place)))
    return last?.includes ?? true
  }
  return {
    includes,
    // A folder that is left out may hold something that a later rule brings back.
    mayInclude: (folder) =>
      includes(folder) || rules.some((rule) => rule.includes && `${rule.stem}/`.startsWith(`${folder}/`)),
  }
}

/** The files of the context, sorted, with `/` in between. */
export const contextFiles = (root: string, dockerignore: string): string[] => {
  const { includes, mayInclude } = readDockerignore(dockerignore)
  const walk = (folder: string): string[] =>
    readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const file = path.posix.join(folder, entry.name)
      if (entry.isDirectory()) return mayInclude(file) ? walk(file) : []
      return includes(file) ? [file] : []
    })
  return walk('').toSorted()
}

const patternOf = (pattern: string): RegExp => {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|[.+^${}()|\\]/gu, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    return `\\${token}`
  })
  return new RegExp(`^${source}$`, 'u')
}
