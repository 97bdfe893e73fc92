import type { Database } from '../platform/database.ts'
import { type FieldError, YeyakError } from '../platform/errors.ts'
import { suggest } from '../platform/suggest.ts'
import {
  COLUMN_MEMBERS,
  type ColumnMember,
  fault,
  type Mapping,
  type RowStatus,
  STATUSES,
} from './external-model.ts'
import type { Catalog, CatalogColumn } from './repository-external-catalog.ts'

/** A mapping whose names were found in the catalog. */
export interface ExternalTable {
  schema: string
  name: string
  columns: Partial<Record<ColumnMember, CatalogColumn>> & { id: CatalogColumn }
  values: Readonly<Record<RowStatus, string>>
}

/** What can be told of instants: a `timestamp` without a zone holds UTC, as Prisma writes it. */
const INSTANTS = new Set(['timestamptz', 'timestamp'])
const NUMBERS = new Set(['int2', 'int4', 'int8', 'numeric'])
const KINDS: Partial<Record<ColumnMember, ReadonlySet<string>>> = {
  publishAt: INSTANTS,
  unpublishAt: INSTANTS,
  publishedAt: INSTANTS,
  version: NUMBERS,
}

/** Throws `invalid-request` naming each name that the database does not know, with the one that was probably meant. */
export const findTable = async (
  db: Database,
  catalog: Catalog,
  model: string,
  mapping: Mapping,
): Promise<ExternalTable> => {
  const at = `models.${model}.`
  const refuse = (errors: FieldError[]): YeyakError => new YeyakError('invalid-request', { errors })
  const table = await catalog.find(db, mapping.table)
  if (table === null) {
    const meant = suggest(mapping.table, await catalog.names(db))
    throw refuse([
      fault(
        `${at}table`,
        `there is no table "${mapping.table}"`,
        `"${mapping.table}" 테이블이 없습니다.`,
        meant,
      ),
    ])
  }
  const names = table.columns.map(({ name }) => name)
  const errors: FieldError[] = []
  const columns: Partial<Record<ColumnMember, CatalogColumn>> = {}
  for (const member of COLUMN_MEMBERS) {
    const name = member === 'id' ? (mapping.id ?? 'id') : mapping[member]
    if (name === undefined) continue
    const column = table.columns.find((one) => one.name === name)
    const kinds = KINDS[member]
    if (column === undefined)
      errors.push(
        fault(
          at + member,
          `"${mapping.table}" has no column "${name}"`,
          `"${mapping.table}"에 "${name}" 열이 없습니다.`,
          suggest(name, names),
        ),
      )
    else if (kinds !== undefined && !kinds.has(column.kind))
      errors.push(
        fault(
          at + member,
          `"${name}" is a ${column.kind}; it must be one of ${[...kinds].join(', ')}`,
          `"${name}" 열의 형식은 ${column.kind}인데, ${[...kinds].join(', ')} 중 하나여야 합니다.`,
        ),
      )
    else columns[member] = column
  }
  const values = Object.fromEntries(
    STATUSES.map((status) => [status, mapping.values?.[status] ?? status]),
  ) as Record<RowStatus, string>
  const labels = columns.status?.labels ?? []
  // Archived is never written: it need not be among them.
  for (const status of labels.length === 0 ? [] : STATUSES.filter((one) => one !== 'archived'))
    if (!labels.includes(values[status]))
      errors.push(
        fault(
          `${at}values.${status}`,
          `"${values[status]}" is none of the labels of its type: ${labels.join(', ')}`,
          `"${values[status]}"은(는) 열 형식의 값이 아닙니다: ${labels.join(', ')}`,
          suggest(values[status], labels),
        ),
      )
  if (errors.length > 0 || columns.id === undefined) throw refuse(errors)
  return { schema: table.schema, name: table.name, columns: { ...columns, id: columns.id }, values }
}
