import type { StatementResult } from './repository-sql.ts'
import { pad } from './table.ts'
import { visible } from './visible.ts'
import { widthOf } from './width.ts'

/** Types whose values are aligned to the right: int8, int2, int4, oid, float4, float8, money, numeric. */
const NUMBERS = new Set([20, 21, 23, 26, 700, 701, 790, 1700])
const BOOL = 16
const JSONS = new Set([114, 3802])

const NULL_TEXT = 'NULL'

const summaryOf = ({ columns, command, rowCount }: StatementResult): string =>
  columns.length > 0
    ? `(${rowCount} ${rowCount === 1 ? 'row' : 'rows'})`
    : [command, ...(rowCount === null ? [] : [String(rowCount)])].join(' ')

/** As psql draws it. */
export const tableOf = (result: StatementResult): string => {
  const { columns, rows } = result
  if (columns.length === 0) return summaryOf(result)
  const cells = rows.map((row) => row.map((value) => (value === null ? NULL_TEXT : visible(value))))
  const headings = columns.map(({ name }) => visible(name))
  const widths = headings.map((heading, i) =>
    Math.max(widthOf(heading), ...cells.map((row) => widthOf(row[i] ?? ''))),
  )
  const line = (texts: readonly string[], side: (i: number) => 'left' | 'right') =>
    ` ${texts.map((text, i) => pad(text, widths[i] ?? 0, side(i))).join(' | ')}`.trimEnd()
  return [
    line(headings, () => 'left'),
    widths.map((width) => '-'.repeat(width + 2)).join('+'),
    ...cells.map((row) => line(row, (i) => (NUMBERS.has(columns[i]?.type ?? 0) ? 'right' : 'left'))),
    summaryOf(result),
  ].join('\n')
}

/** Numbers that JSON can hold exactly stay numbers, the others texts: an id must not lose its last digits. */
const valueOf = (text: string | null, type: number): unknown => {
  if (text === null) return null
  if (type === BOOL) return text === 't'
  if (JSONS.has(type)) return JSON.parse(text) as unknown
  const isExact = NUMBERS.has(type) && String(Number(text)) === text
  return isExact ? Number(text) : text
}

/** A second column of one name gets a number behind it, as an object would lose the first. */
const namesOf = ({ columns }: StatementResult): string[] => {
  const seen = new Map<string, number>()
  return columns.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}_${count}`
  })
}

/** An array of objects, a row a line; of a statement without rows, what it did. */
export const jsonOf = (result: StatementResult): string => {
  if (result.columns.length === 0)
    return JSON.stringify({ command: result.command, rowCount: result.rowCount })
  const names = namesOf(result)
  const rows = result.rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(
        names.map((name, i) => [name, valueOf(row[i] ?? null, result.columns[i]?.type ?? 0)]),
      ),
    ),
  )
  return rows.length === 0 ? '[]' : `[${rows.join(',\n ')}]`
}
