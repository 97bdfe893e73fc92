import { TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { AddReleaseItem } from './add-release-item.tsx'
import classes from './content.module.css'
import { type Identity, type ReleaseItem, subjectOf } from './queries.ts'
import { ReleaseItems } from './release-items.tsx'
import { texts } from './release-texts.ts'
import type { Action } from './steps.ts'

const NO_FAULTS: ReadonlyMap<number, string[]> = new Map()

/** What the API takes of an item: nothing for what it decides itself. */
export const bodyOf = (items: readonly ReleaseItem[]) =>
  items.map(({ type, id, locale, action, revision }) => ({
    ...{ type, id, locale, action: action as Action },
    ...(revision !== null && { revision }),
  }))

/** Items that go live together; with those that were chosen in a list, if any were. */
export const NewRelease = ({ items: given, onClose }: { items: readonly Identity[]; onClose(): void }) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const [items, setItems] = useState<readonly ReleaseItem[]>(() =>
    given.map(({ type, id, locale }) => ({ type, id, locale, action: 'publish', revision: null })),
  )
  const make = useAction({
    run: () =>
      api.post('/v1/releases', {
        body: { title: title.trim(), items: bodyOf(items) },
        idempotencyKey: key,
      }),
    touches: [['releases']],
    done: () => t.made,
    onDone: ({ id }) => {
      onClose()
      void navigate({ to: '/content/release/$id', params: { id } })
    },
  })
  return (
    <Dialog onClose={onClose} title={t.fresh} size="xl">
      <div className={classes.form}>
        <p className={classes.dimmed}>{t.explain}</p>
        <TextInput
          size="sm"
          label={t.releaseTitle}
          maxLength={200}
          data-autofocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {items.length > 0 && (
          <ReleaseItems
            items={items}
            faults={NO_FAULTS}
            unless={null}
            onDrop={(at) => setItems(items.filter((_, i) => i !== at))}
          />
        )}
        <AddReleaseItem
          onAdd={(item) => setItems([...items.filter((one) => subjectOf(one) !== subjectOf(item)), item])}
        />
        {make.error !== null && <Failure problem={make.error} retry={() => make.mutate()} />}
        <div className={classes.buttons}>
          <ActionButton
            needs="content:publish"
            size="xs"
            unless={title.trim() === '' ? t.noTitle : items.length === 0 ? t.noItems : null}
            loading={make.isPending}
            onClick={() => make.mutate()}
          >
            {t.make}
          </ActionButton>
        </div>
      </div>
    </Dialog>
  )
}
