import { Link } from '@tanstack/react-router'
import { useFormat, useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { InertLine } from '../../parts/inert.tsx'
import classes from './content.module.css'
import { texts as itemTexts } from './item-texts.ts'
import { type ReleaseItem, subjectOf } from './queries.ts'
import { texts } from './release-texts.ts'
import { ACTIONS } from './steps.ts'

interface ReleaseItemsProps {
  items: readonly ReleaseItem[]
  /** By the place of the item. */
  faults: ReadonlyMap<number, string[]>
  /** Why none can be taken out. */
  unless: string | null
  onDrop(at: number): void
}

export const ReleaseItems = ({ items, faults, unless, onDrop }: ReleaseItemsProps) => {
  const t = useTexts(texts)
  const names: Record<string, string> = useTexts(itemTexts).actions
  const format = useFormat()
  const rows = items.map((item, at) => ({ ...item, at }))
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    {
      id: 'item',
      title: t.columns.item,
      cell: (item) => (
        <>
          <Link
            to="/content/$type/$id"
            params={{ type: item.type, id: item.id }}
            search={item.locale === '' ? {} : { locale: item.locale }}
          >
            <InertLine text={subjectOf(item)} most={120} />
          </Link>
          {faults.get(item.at)?.map((fault) => (
            <div key={fault} className={classes.fault}>
              {fault}
            </div>
          ))}
        </>
      ),
    },
    {
      id: 'action',
      title: t.columns.action,
      cell: ({ action }) => (ACTIONS.some((one) => one === action) ? names[action] : action),
    },
    {
      id: 'revision',
      title: t.columns.revision,
      cell: ({ action, revision }) =>
        action === 'publish' && (revision === null ? t.draft : format.number(revision)),
    },
    {
      id: 'act',
      title: t.columns.act,
      cell: (item) => (
        <ActionButton
          needs="content:publish"
          variant="default"
          size="compact-xs"
          unless={unless}
          aria-label={t.drop(subjectOf(item))}
          onClick={() => onDrop(item.at)}
        >
          {t.dropShort}
        </ActionButton>
      ),
    },
  ]
  return <DataTable label={t.items} columns={columns} rows={rows} keyOf={subjectOf} />
}
