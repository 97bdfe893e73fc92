import { Checkbox } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { InertLine, visible } from '../../parts/inert.tsx'
import { Instant } from '../../parts/moments.tsx'
import { StateBadge } from '../../parts/state-badge.tsx'
import type { WideColumn } from '../../parts/virtual-table.tsx'
import classes from './content.module.css'
import type { Row } from './rows.ts'
import { texts } from './texts.ts'

/** What is chosen goes into a release. */
export interface Chosen {
  has(row: Row): boolean
  toggle(row: Row): void
}

export const useColumns = (chosen: Chosen): WideColumn<Row>[] => {
  const t = useTexts(texts)
  const format = useFormat()
  return [
    {
      id: 'chosen',
      title: t.columns.chosen,
      rem: 2,
      cell: (row) => (
        <span className={classes.choose}>
          <Checkbox
            size="xs"
            aria-label={t.choose(visible(row.title))}
            checked={chosen.has(row)}
            onChange={() => chosen.toggle(row)}
          />
        </span>
      ),
    },
    {
      id: 'title',
      title: t.columns.title,
      rem: 12.5,
      grow: 3,
      cell: (row) => (
        <Link
          to="/content/$type/$id"
          params={{ type: row.type, id: row.id }}
          search={row.locale === '' ? {} : { locale: row.locale }}
        >
          <InertLine text={row.title} />
        </Link>
      ),
    },
    {
      id: 'state',
      title: t.columns.status,
      rem: 6,
      cell: ({ status }) => <StateBadge state={status} />,
    },
    { id: 'locale', title: t.columns.locale, rem: 3.5, cell: ({ locale }) => locale },
    {
      id: 'dueAt',
      title: t.columns.next,
      rem: 12.5,
      cell: ({ next }) =>
        next !== null && (
          <>
            {t.actions[next.action]} <Instant at={next.dueAt} precision="minute" />
          </>
        ),
    },
    {
      id: 'revisions',
      title: t.columns.revisions,
      rem: 5.5,
      cell: ({ liveRevision, draftRevision, draftAhead }) => (
        <span className={draftAhead ? classes.ahead : undefined} title={draftAhead ? t.ahead : undefined}>
          {liveRevision === null ? '–' : format.number(liveRevision)} / {format.number(draftRevision)}
        </span>
      ),
    },
    {
      id: 'updatedAt',
      title: t.columns.updatedAt,
      rem: 9,
      cell: ({ updatedAt }) => <Instant at={updatedAt} />,
    },
  ]
}
