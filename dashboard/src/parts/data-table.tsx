import type { ReactNode } from 'react'
import classes from './parts.module.css'

export interface Column<Row> {
  id: string
  title: string
  cell(row: Row): ReactNode
  /** Figures stand at the right, so that they can be compared. */
  isNumber?: boolean
}

interface DataTableProps<Row> {
  /** What the table shows, for those who listen. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf(row: Row): string
}

/**
 * A table that fits on a page. On a narrow screen each row becomes a small list, with the titles of the columns beside;
 * the roles are said again, as a browser forgets them with the layout.
 */
export const DataTable = <Row,>({ label, columns, rows, keyOf }: DataTableProps<Row>) => (
  <div className={classes.tableScroll} role="group" aria-label={label} tabIndex={0}>
    <table className={classes.table} role="table">
      <caption className={classes.hidden}>{label}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ id, title, isNumber }) => (
            <th key={id} scope="col" role="columnheader" data-number={isNumber}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ id, title, cell, isNumber }) => (
              <td key={id} role="cell" data-title={title} data-number={isNumber}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
