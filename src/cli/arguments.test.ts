import { expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'
import { defineCommand, UsageError } from './command.ts'

const doc = { en: 'a', ko: '가' }
const command = defineCommand({
  name: 'probe',
  summary: doc,
  usage: [''],
  options: {
    flag: { type: 'boolean', short: 'f', doc },
    text: { type: 'string', doc },
    many: { type: 'string', multiple: true, doc },
  },
  most: 2,
  run: async () => 0,
})

const parse = (...args: string[]) => parseArguments(command, args, 'en')

test('what is left out is false, nothing or an empty list', () => {
  expect(parse()).toEqual({
    values: { flag: false, text: undefined, many: [] },
    positionals: [],
    wantsHelp: false,
  })
})

test('options and arguments may stand in any order, and -- ends the options', () => {
  expect(parse('a', '-f', '--many', '1', '--many=2', '--text=-x', '--', '--text')).toMatchObject({
    values: { flag: true, text: '-x', many: ['1', '2'] },
    positionals: ['a', '--text'],
  })
})

test('a number below zero and the dash for the input are values', () => {
  expect(parse('--many', '-5', '--text', '-').values).toMatchObject({ many: ['-5'], text: '-' })
})

test.each([
  ['an unknown option', ['--txet', 'x'], "Unknown option '--txet', did you mean '--text'?"],
  ['a name of every object', ['--constructor'], "Unknown option '--constructor'"],
  ['an unknown letter', ['-x'], "Unknown option '-x'"],
  ['a value that looks like an option', ['--text', '--flag'], "'--text' needs a value"],
  ['no value at all', ['--text'], "'--text' needs a value"],
  ['a value for a flag', ['--flag=yes'], "'--flag' takes no value"],
  ['a text given twice', ['--text', 'a', '--text', 'b'], "'--text' was given twice"],
  ['an argument too many', ['a', 'b', 'c'], '"probe" takes at most 2, got also: c'],
])('%s is refused in words', (_, args, said) => {
  expect(() => parse(...args)).toThrow(UsageError)
  expect(() => parse(...args)).toThrow(said)
})

test('--help is heard among anything that is right', () => {
  expect(parse('a', 'b', 'c', '-h').wantsHelp).toBe(true)
})

test('in Korean where asked', () => {
  expect(() => parseArguments(command, ['--txet'], 'ko')).toThrow('알 수 없는 옵션')
})
