import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { generatedDocs } from '../scripts/generated-docs.ts'

const root = path.join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>
  engines: { node: string }
}

const pages = [
  ...readdirSync(root),
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map(
    (file) => `docs/${file}`,
  ),
].filter((file) => file.endsWith('.md'))

/** `npm start` and `npm test` are scripts without `run`; a name that ends in `:*` or `…` stands for several. */
function unknownScripts(markdown: string, scripts: Readonly<Record<string, string>>): string[] {
  const named = [...markdown.matchAll(/\bnpm (?:run )?(start|test)\b(?![\w:-])|\bnpm run ([a-z][\w:-]*)/g)]
  return named.flatMap(([, short, name = short ?? '']) => (name in scripts ? [] : [name]))
}

/** Relative links whose file, or whose heading in a page of ours, is not there. */
function brokenLinks(
  page: string,
  markdown: string,
  readPage: (file: string) => string | undefined,
): string[] {
  const text = withoutCode(markdown)
  const links = [
    ...text.matchAll(/\]\(\s*<?([^)\s>]+)/g),
    ...text.matchAll(/^\s*\[[^\]]+\]:\s*<?([^\s>]+)/gm),
  ]
  return links.flatMap(([, link = '']) => {
    if (/^[a-z][a-z+.-]*:/i.test(link)) return []
    const [file = '', heading] = decodeURI(link).split('#')
    const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file)
    const content = target === page ? markdown : readPage(target)
    if (content === undefined) return [link]
    return heading && target.endsWith('.md') && !headings(content).includes(heading) ? [link] : []
  })
}

/** The anchors that GitHub makes of the headings of a page. */
function headings(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#+ +(.+)$/gm)].map(([, title = '']) =>
    title
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^ *```.*?^ *```/gms, '')
}

function readIfThere(file: string): string | undefined {
  if (file.startsWith('..') || !existsSync(path.join(root, file))) return undefined
  return file.endsWith('.md') ? read(file) : ''
}

test.each(pages)('%s names only npm scripts that exist, and its links lead somewhere', (page) => {
  expect(unknownScripts(read(page), manifest.scripts)).toEqual([])
  expect(brokenLinks(page, read(page), readIfThere)).toEqual([])
})

test('every page of docs/ can be reached from the README', () => {
  const readme = read('README.md')
  const top = pages.filter((page) => /^docs\/[^/]+\.md$/.test(page))
  expect(top.filter((page) => !readme.includes(`(${page}`))).toEqual([])
})

test.each(generatedDocs)('$path is what `npm run docs` makes of it', ({ path: file, render }) => {
  expect(read(file)).toBe(render(read(file)))
})

test('a script, a file or a heading that is not there is found', () => {
  expect(
    unknownScripts('`npm start`, `npm test`, `npm run test:unit`, npm run nope', { start: '', test: '' }),
  ).toEqual(['test:unit', 'nope'])
  const markdown =
    '# Eins, 둘\n[a](b.md) [c](#eins-둘) [d](#zwei) [e](https://x.y/z) [f](../g.md#h)\n[i]: j.md\n```\n[k](l)\n```'
  const files: Record<string, string> = { 'g.md': '## H' }
  expect(brokenLinks('docs/a.md', markdown, (file) => files[file])).toEqual(['b.md', '#zwei', 'j.md'])
})
