import { expect, test } from 'vitest'
import { isComplete, piecesOf } from './sql-script.ts'

test.each([
  ['', true],
  ['  \n ', true],
  ['-- only a remark', true],
  ['select 1;', true],
  ['select 1; -- done', true],
  ['select 1', false],
  ["select ';'", false],
  ["select ';", false],
  ["select 'it''s;';", true],
  ['select "a;', false],
  ['do $$ begin perform 1;', false],
  ['do $$ begin perform 1; end $$;', true],
  ['do $a$ select $$;$$; $a$;', true],
  ['select 1; /* and', false],
  ['select 1; select 2', false],
])('%j: complete is %s', (text, complete) => {
  expect(isComplete(text)).toBe(complete)
})

test('a line that begins with a backslash stands by itself, unless it is inside a statement', () => {
  expect(piecesOf("select 1\n as a;\n\\dt\nselect '\n\\d\n';")).toEqual([
    { kind: 'statements', text: 'select 1\n as a;' },
    { kind: 'meta', line: '\\dt' },
    { kind: 'statements', text: "select '\n\\d\n';" },
  ])
  expect(piecesOf('\n\n')).toEqual([])
})
