import { problemsTable } from '../src/platform/problems.ts'
import { SECTIONS, SETTINGS, type Setting } from '../src/settings.ts'

/** A file of which at least a part comes from the code. A test holds each equal to what `render` makes of it. */
export interface GeneratedDoc {
  path: string
  /** The whole file as it should be; `current` is what there is, so that hand-written parts are kept. */
  render: (current: string) => string
}

const settings = Object.entries<Setting>(SETTINGS)
const bySection = SECTIONS.map((section) => ({
  section,
  entries: settings.filter(([, setting]) => setting.section === section),
}))

export const generatedDocs: readonly GeneratedDoc[] = [
  { path: 'docs/configuration.md', render: (current) => replaceBlock(current, 'settings', settingsTables()) },
  { path: '.env.example', render: () => envExample() },
  { path: 'docs/errors.md', render: (current) => replaceBlock(current, 'problems', problemsTable()) },
]

function settingsTables(): string {
  return bySection
    .map(({ section, entries }) => {
      const rows = entries.map(
        ([name, setting]) =>
          `| \`${name}\` | ${defaultOf(setting)} | ${valuesOf(setting)} | ${setting.doc} |`,
      )
      return [
        `### ${section}`,
        '',
        '| setting | default | values | meaning |',
        '| --- | --- | --- | --- |',
        ...rows,
      ]
    })
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function envExample(): string {
  const head = [
    '# Every setting, with its default. Copy this file to .env and take away the "#" of what you change;',
    '# the real environment wins over .env. Written by `npm run docs`; docs/configuration.md says more.',
  ]
  const body = bySection.flatMap(({ section, entries }) => [
    '',
    `## ${section}`,
    ...entries.flatMap(([name, setting]) => [
      '',
      ...wrap(setting.doc.replaceAll('`', ''), 100).map((line) => `# ${line}`),
      `#${name}=${setting.default ?? setting.example ?? ''}`,
    ]),
  ])
  return [...head, ...body, ''].join('\n')
}

function defaultOf(setting: Setting): string {
  return setting.default === null ? 'none' : `\`${setting.default}\``
}

function valuesOf(setting: Setting): string {
  switch (setting.kind) {
    case 'integer':
      return `${setting.min} to ${setting.max}${setting.unit ? ` ${setting.unit}` : ''}`
    case 'enum':
      return setting.choices.map((choice) => `\`${choice}\``).join(' ')
    case 'path':
      return 'a folder, relative to where the program is started'
    case 'url':
      return setting.protocols.map((protocol) => `\`${protocol}…\``).join(' ')
    case 'string':
      return setting.shape ?? 'any text'
  }
}

/** Fails where the marks are missing: the part would silently no longer be generated. */
function replaceBlock(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, '<!-- /generated -->']
  const from = document.indexOf(begin)
  const to = document.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`the marks "${begin}" and "${end}" are missing`)
  return `${document.slice(0, from)}${begin}\n\n${content}\n\n${document.slice(to)}`
}

function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
