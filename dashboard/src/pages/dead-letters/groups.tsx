import { Link } from '@tanstack/react-router'
import type { DeadLetterGroup } from '../../api/types.ts'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import type { BulkChange, BulkKind } from '../../parts/bulk/bulk-dialog.tsx'
import { subjectOfKind } from '../../parts/bulk/subjects.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import { Relative } from '../../parts/moments.tsx'
import classes from './dead-letters.module.css'
import type { DeadFilter, GroupBy } from './queries.ts'
import { filterOfGroup } from './filter-of-group.ts'
import { texts } from './texts.ts'

interface GroupsProps {
  by: GroupBy
  data: { groups: DeadLetterGroup[]; more: boolean }
  filter: DeadFilter
  onBulk: (change: BulkChange) => void
}

/** The causes, those with the most failures first, each with its newest, and what can be done to all of it. */
export const Groups = ({ by, data, filter, onBulk }: GroupsProps) => {
  const t = useTexts(texts)
  const format = useFormat()
  const kinds: Readonly<Record<string, string>> = t.kindNames
  const button = ({ key, kind: of }: DeadLetterGroup, kind: BulkKind & keyof typeof t.groupActions) => {
    const subject = subjectOfKind(of)
    if (subject === null) return null
    return (
      <ActionButton
        needs="operate"
        variant="default"
        size="xs"
        aria-label={t.allWith(t.groupActions[kind], kinds[of] ?? of, key)}
        onClick={() => onBulk({ subject, kind, filter: filterOfGroup(subject, filter, by, key) })}
      >
        {t.groupActions[kind]}
      </ActionButton>
    )
  }
  const columns: Column<DeadLetterGroup>[] = [
    {
      id: 'key',
      title: by === 'error' ? t.error : t.provider,
      cell: ({ key, kind }) => (
        <Link to="/dead-letters" search={by === 'error' ? { error: key, kind } : { groupBy: 'provider' }}>
          <code>
            <InertLine text={key} most={100} />
          </code>
        </Link>
      ),
    },
    { id: 'kind', title: t.kind, cell: ({ kind }) => kinds[kind] ?? kind },
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
          {button(group, 'retry')}
          {button(group, 'resolve')}
        </span>
      ),
    },
  ]
  return (
    <>
      <DataTable
        label={t.causes}
        columns={columns}
        rows={data.groups}
        keyOf={({ key, kind }) => `${kind} ${key}`}
      />
      {data.more && <p className={classes.dimmed}>{t.counted}</p>}
    </>
  )
}
