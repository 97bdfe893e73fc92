import { widthOf } from './width.ts'

export const pad = (text: string, width: number, side: 'left' | 'right' = 'left'): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return side === 'left' ? text + space : space + text
}

/** Columns that only grow, so that the pages of a long list stay aligned as far as can be known. */
export const createColumns = (count: number) => {
  const widths = Array.from({ length: count }, () => 0)
  return {
    /** The lines of these rows, aligned. The last column is not padded. */
    lines(rows: readonly (readonly string[])[]): string[] {
      for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))))
      return rows.map((row) =>
        row.map((cell, i) => (i === row.length - 1 ? cell : pad(cell, widths[i] ?? 0))).join('  '),
      )
    },
  }
}

/** Rows of cells, aligned. */
export const align = (rows: readonly (readonly string[])[]): string[] =>
  createColumns(Math.max(0, ...rows.map((row) => row.length))).lines(rows)
