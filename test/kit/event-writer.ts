export interface WrittenEvents {
  type?: string
  subject?: string
  project?: number
  actor?: object | null
  data?: object | null
  /** So many alike; one unless told. */
  count?: number
}

/** What takes a statement: a database, or a session with a transaction of the test's own. */
interface Writable {
  query(text: string, values: unknown[]): Promise<unknown>
}

const json = (value: object | null) => (value === null ? null : JSON.stringify(value))

/** Events as features write them: `notification.created` in the first project, unless told. */
export const writeEvents = async (
  to: Writable,
  {
    type = 'notification.created',
    subject = 's',
    project = 1,
    actor = null,
    data = null,
    count = 1,
  }: WrittenEvents,
): Promise<void> => {
  await to.query(
    `insert into yeyak.events (project_id, kind, subject_id, type, actor, data)
     select $1, split_part($2, '.', 1), $3, $2, $4::jsonb, $5::jsonb from generate_series(1, $6::int)`,
    [project, type, subject, json(actor), json(data), count],
  )
}
