import { Button, Checkbox, Popover, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { Icon } from '../../app/icons.tsx'
import { useSearchState, writeSearch } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../action-button.tsx'
import type { BulkKind } from '../bulk/bulk-dialog.tsx'
import classes from './list.module.css'
import { readViews, type View, writeViews } from './saved-views.ts'
import { texts } from './texts.ts'
import type { ColumnChoice } from './use-column-choice.ts'

export const ColumnChooser = ({ columns }: { columns: ColumnChoice }) => {
  const t = useTexts(texts)
  return (
    <Popover position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<Icon name="columns" size={16} />}>
          {t.chooseColumns}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t.chooseColumns}>
        <div className={classes.choices}>
          {columns.choices.map(({ id, title }) => (
            <Checkbox
              key={id}
              size="xs"
              label={title}
              checked={columns.shows(id)}
              onChange={() => columns.toggle(id)}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Filters, sort and all under a name of one's own, in this browser. */
export const SavedViews = ({ stored }: { stored: string }) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const [search] = useSearchState()
  const [views, setViews] = useState(() => readViews(stored))
  const [name, setName] = useState('')
  const keep = (next: View[]) => {
    setViews(next)
    writeViews(stored, next)
  }
  const save = (event: SubmitEvent) => {
    event.preventDefault()
    const title = name.trim()
    if (title === '') return
    keep([...views.filter((view) => view.name !== title), { name: title, search: { ...search } }])
    setName('')
  }
  return (
    <Popover position="bottom-end" shadow="md" width={280} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<Icon name="star" size={16} />}>
          {t.views}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t.views}>
        <ul className={classes.views}>
          {views.map((view) => (
            <li key={view.name}>
              <button
                type="button"
                aria-current={writeSearch(view.search) === writeSearch(search) ? 'true' : undefined}
                onClick={() => void navigate({ to: '.', search: view.search })}
              >
                {view.name}
              </button>
              <button
                type="button"
                aria-label={t.dropView(view.name)}
                onClick={() => keep(views.filter((other) => other !== view))}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
        <form className={classes.saveView} onSubmit={save}>
          <TextInput
            size="xs"
            label={t.nameOfView}
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" disabled={name.trim() === ''}>
            {t.saveView}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

export const BulkButtons = ({ onBulk }: { onBulk: (kind: BulkKind) => void }) => {
  const t = useTexts(texts)
  return (
    <>
      <ActionButton needs="operate" variant="default" size="xs" onClick={() => onBulk('retry')}>
        {t.bulk.retry}
      </ActionButton>
      <ActionButton needs="operate" variant="default" size="xs" onClick={() => onBulk('cancel')}>
        {t.bulk.cancel}
      </ActionButton>
    </>
  )
}
