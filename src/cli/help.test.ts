import { expect, test } from 'vitest'
import { commands } from './commands.ts'
import { findCommand, helpOf, overview } from './help.ts'

const HANGUL = /[가-힣]/u

test('every command and every option is told in both languages, each in its own', () => {
  for (const command of commands) {
    const texts = [command.summary, ...(command.details ? [command.details] : [])]
    for (const text of texts) {
      expect(text.ko, command.name).toMatch(HANGUL)
      expect(text.en, command.name).not.toMatch(HANGUL)
    }
    for (const [name, { doc }] of Object.entries(command.options)) {
      expect(doc.en, name).not.toMatch(HANGUL)
      expect(helpOf(command, 'ko')).toContain(`--${name}`)
    }
  }
})

test('the overview names each command on a line of its own', () => {
  for (const { name, summary } of commands)
    expect(overview(commands, 'en')).toContain(`  ${name.padEnd(11)}${summary.en}`)
})

test('a misspelt command is suggested, whatever the language', () => {
  expect(() => findCommand(commands, 'cansel', 'en')).toThrow(
    'unknown command "cansel", did you mean "cancel"?',
  )
  expect(() => findCommand(commands, 'cansel', 'ko')).toThrow('"cancel"입니까?')
  expect(() => findCommand(commands, 'zzzzzz', 'en')).toThrow(/^unknown command "zzzzzz"$/u)
})
