import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database.ts'
import type { Tables } from '../platform/tables.ts'
import type { RowStatus } from './external-model.ts'
import type { ExternalTable } from './external-table.ts'
import type { CatalogColumn } from './repository-external-catalog.ts'

type Part = RawBuilder<unknown>

export interface Setter {
  column: CatalogColumn
  value: Part
}

export const nameOf = (table: ExternalTable): Part => sql.id(table.schema, table.name)
/** Column names may hold dots, which `sql.ref` would read as a path. */
const ownOf = (column: CatalogColumn): Part => sql`r.${sql.id(column.name)}`

const asId = (table: ExternalTable, text: Part): Part => sql`${text}::${sql.raw(table.columns.id.type)}`
export const idOf = (table: ExternalTable): Part => ownOf(table.columns.id)
const statusText = (column: CatalogColumn): Part => sql`${ownOf(column)}::text`
const literal = (text: string, column: CatalogColumn): Part => sql`${sql.lit(text)}::${sql.raw(column.type)}`
const instant = (at: Part, column: CatalogColumn): Part =>
  column.kind === 'timestamp' ? sql`(${at} at time zone 'UTC')` : sql`${at}`
const nothing = (column: CatalogColumn): Part => sql`null::${sql.raw(column.type)}`

/** Where one column holds both, it is not cleared: it says when the row went live. */
const publishAtAlone = ({ columns }: ExternalTable): CatalogColumn | null =>
  columns.publishAt !== undefined &&
  columns.publishAt.nullable &&
  columns.publishAt.name !== columns.publishedAt?.name
    ? columns.publishAt
    : null

const cleared = (column: CatalogColumn | null | undefined): Setter[] =>
  column?.nullable === true ? [{ column, value: nothing(column) }] : []

const raised = (column: CatalogColumn | undefined): Setter[] =>
  column === undefined ? [] : [{ column, value: sql`${ownOf(column)} + 1` }]

/** The last that sets a column wins: two members may name one. */
const distinct = (setters: readonly Setter[]): Setter[] => [
  ...new Map(setters.map((setter) => [setter.column.name, setter])).values(),
]

/** Of a publish that happens at `at`. */
export const publishing = (table: ExternalTable, at: Part, isLast: boolean): Setter[] => {
  const { columns, values } = table
  return distinct([
    ...(columns.status === undefined
      ? []
      : [{ column: columns.status, value: literal(values.published, columns.status) }]),
    // Without a column for when it went live, `publishAt` keeps on telling it.
    ...(columns.publishedAt === undefined ? [] : cleared(publishAtAlone(table))),
    ...(isLast ? cleared(columns.unpublishAt) : []),
    ...(columns.publishedAt === undefined
      ? []
      : [{ column: columns.publishedAt, value: instant(at, columns.publishedAt) }]),
    ...raised(columns.version),
  ])
}

/** The status back to a draft, where it is one of `from`. */
const redrafted = ({ columns: { status }, values }: ExternalTable, from: readonly RowStatus[]): Setter[] => {
  if (status === undefined) return []
  const literals = sql.join(from.map((one) => sql.lit(values[one])))
  const value = sql`case when ${statusText(status)} in (${literals}) then ${literal(values.draft, status)}
    else ${ownOf(status)} end`
  return [{ column: status, value }]
}

export const unpublishing = (table: ExternalTable): Setter[] => {
  const { columns } = table
  return distinct([
    ...redrafted(table, ['published', 'scheduled']),
    ...cleared(publishAtAlone(table)),
    ...cleared(columns.unpublishAt),
    ...raised(columns.version),
  ])
}

/** Of a schedule: the instants are expressions, null where nothing of that kind is wanted. What is live stays live. */
export const scheduling = (table: ExternalTable, publishAt: Part, unpublishAt: Part): Setter[] => {
  const { columns, values } = table
  const { status } = columns
  const isSame = columns.publishAt?.name === columns.publishedAt?.name
  const setters: Setter[] = []
  if (status !== undefined)
    setters.push({
      column: status,
      value: sql`case
        when ${publishAt} is not null and ${statusText(status)} is distinct from ${sql.lit(values.published)} then ${literal(values.scheduled, status)}
        when ${publishAt} is null and ${statusText(status)} = ${sql.lit(values.scheduled)} then ${literal(values.draft, status)}
        else ${ownOf(status)} end`,
    })
  for (const [column, at, keeps] of [
    [columns.publishAt, publishAt, isSame],
    [columns.unpublishAt, unpublishAt, false],
  ] as const) {
    if (column === undefined) continue
    const value = instant(at, column)
    setters.push({
      column,
      value: keeps || !column.nullable ? sql`coalesce(${value}, ${ownOf(column)})` : value,
    })
  }
  return distinct(setters)
}

/** Of a cancellation. */
export const canceling = (table: ExternalTable): Setter[] => {
  return distinct([
    ...redrafted(table, ['scheduled']),
    ...cleared(publishAtAlone(table)),
    ...cleared(table.columns.unpublishAt),
  ])
}

/** Changes the row with this id, only where something differs; null where nothing of it is mapped. `from` may name more. */
export const change = (
  table: ExternalTable,
  setters: readonly Setter[],
  o: { id: Part; from?: Part; where?: Part },
): Part | null => {
  if (setters.length === 0) return null
  const list = (parts: readonly Part[]) => sql.join(parts)
  return sql`update ${nameOf(table)} r
    set ${list(setters.map(({ column, value }) => sql`${sql.id(column.name)} = ${value}`))}
    ${o.from === undefined ? sql`` : sql`from ${o.from}`}
    where ${idOf(table)} = ${asId(table, o.id)} ${o.where === undefined ? sql`` : sql`and ${o.where}`}
      and row(${list(setters.map(({ column }) => ownOf(column)))}) is distinct from row(${list(setters.map(({ value }) => value))})`
}

export interface LockedRow {
  id: string
  /** As the table calls it; null where it is not mapped. */
  status: string | null
}

const statusOf = ({ columns }: ExternalTable): Part =>
  columns.status === undefined ? sql`null::text` : statusText(columns.status)

/** The row as JSON, under its lock, which lets others point at it. */
export const lockedRow = (table: ExternalTable, id: Part): Part => sql`
  select jsonb_build_object('id', ${idOf(table)}::text, 'status', ${statusOf(table)}) as "row"
  from ${nameOf(table)} r where ${idOf(table)} = ${asId(table, id)} for no key update`

export const lockRow = async (tx: Database, table: ExternalTable, id: string): Promise<LockedRow | null> => {
  const { rows } = await sql<{ found: string }>`
    select l."row"::text as found from (${lockedRow(table, sql`${id}::text`)}) l`.execute(tx)
  return rows[0] === undefined ? null : (JSON.parse(rows[0].found) as LockedRow)
}

/** What a publication does to a row that the caller has locked. */
export const actOn = async (
  tx: Database,
  table: ExternalTable,
  id: string,
  action: 'publish' | 'unpublish',
  at: Date,
): Promise<void> => {
  const setters =
    action === 'publish' ? publishing(table, sql`${at}::timestamptz`, false) : unpublishing(table)
  await change(table, setters, { id: sql`${id}::text` })?.execute(tx)
}

export interface RowOf {
  projectId: number
  model: string
  id: string
}

/** Makes a row that the caller holds say what is pending for it, where that has changed without the application. */
export const settleRow = async (
  tx: Database,
  t: Tables,
  table: ExternalTable,
  { projectId, model, id }: RowOf,
): Promise<void> => {
  const pending = (action: string) => sql`max(due_at) filter (where action = ${sql.lit(action)})`
  await change(table, scheduling(table, sql`w.publish_due`, sql`w.unpublish_due`), {
    id: sql`${id}::text`,
    from: sql`(select ${pending('publish')} as publish_due, ${pending('unpublish')} as unpublish_due
      from ${t.publications} where project_id = ${projectId} and type = ${model} and resource_id = ${id} and external
        and finished_at is null) w`,
  })?.execute(tx)
}
