import { Link } from '@tanstack/react-router'
import type { DeadLetterGroup } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import type { BulkKind } from '../../parts/bulk-dialog.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Relative } from '../../parts/moments.tsx'
import classes from './dead-letters.module.css'
import type { DeadFilter, GroupBy } from './queries.ts'
import { texts } from './texts.ts'

interface GroupsProps {
  by: GroupBy
  data: { groups: DeadLetterGroup[]; more: boolean }
  filter: DeadFilter
  onBulk: (bulk: { kind: BulkKind; filter: Record<string, string> }) => void
}

/** The causes, those with the most failures first, each with its newest, and what can be done to all of it. */
export const Groups = ({ by, data, filter, onBulk }: GroupsProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  /** The same as the group's, as the list of notifications takes it. */
  const filterOf = (key: string): Record<string, string> => ({
    state: 'failed',
    ...(filter.queue !== undefined && { channel: filter.queue }),
    ...(filter.error !== undefined && { error: filter.error }),
    [by]: key,
  })
  /** Bulk calls exist for notifications; others are repaired one by one. */
  const whyNot = ({ sample }: DeadLetterGroup): string | null =>
    sample.every(({ kind }) => kind === 'notification') ? null : t.notInBulk
  const columns: Column<DeadLetterGroup>[] = [
    {
      id: 'key',
      title: by === 'error' ? t.error : t.provider,
      cell: ({ key }) => (
        <Link to="/dead-letters" search={by === 'error' ? { error: key } : { groupBy: 'provider' }}>
          <code>
            <InertLine text={key} most={100} />
          </code>
        </Link>
      ),
    },
    {
      id: 'count',
      title: t.count,
      isNumber: true,
      cell: ({ count }) => <strong>{format.number(count)}</strong>,
    },
    {
      id: 'sample',
      title: t.newest,
      cell: ({ sample: [first] }) =>
        first !== undefined && (
          <span className={classes.sample}>
            <InertLine text={first.error?.message ?? first.title} most={140} />
          </span>
        ),
    },
    { id: 'at', title: t.at, cell: ({ sample: [first] }) => <Relative at={first?.finishedAt ?? null} /> },
    {
      id: 'actions',
      title: t.actions,
      isNumber: true,
      cell: (group) => (
        <span className={classes.buttons}>
          <ActionButton
            needs="operate"
            variant="default"
            size="xs"
            unless={whyNot(group)}
            aria-label={t.retryGroup(group.key)}
            onClick={() => onBulk({ kind: 'retry', filter: filterOf(group.key) })}
          >
            {t.retry}
          </ActionButton>
          <ActionButton
            needs="operate"
            variant="default"
            size="xs"
            unless={whyNot(group)}
            aria-label={t.resolveGroup(group.key)}
            onClick={() => onBulk({ kind: 'resolve', filter: filterOf(group.key) })}
          >
            {t.resolve}
          </ActionButton>
        </span>
      ),
    },
  ]
  return (
    <>
      <DataTable label={t.causes} columns={columns} rows={data.groups} keyOf={({ key, kind }) => `${kind} ${key}`} />
      {data.more && <p className={classes.dimmed}>{t.counted}</p>}
    </>
  )
}
