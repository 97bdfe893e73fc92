import { TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { api } from '../../api/client.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/query-view.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useDraft } from '../../parts/use-draft.ts'
import { useOnce } from '../../parts/use-once.ts'
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

interface Draft {
  title: string
  /** Null: those that were given. */
  items: readonly ReleaseItem[] | null
  /** Of the release that is made of it; empty until it is sent for the first time. */
  key: string
}

const PUBLISHED = { action: 'publish', revision: null } as const
const withoutItems = (draft: Draft): Draft => ({ ...draft, items: null })

/** Items that go live together; with those that were chosen in a list, if any were. */
export const NewRelease = ({ items: given, onClose }: { items: readonly Identity[]; onClose(): void }) => {
  const t = useTexts(texts)
  const navigate = useNavigate()
  const initial = useMemo<Draft>(() => {
    const items = given.map(({ type, id, locale }) => ({ ...{ type, id, locale }, ...PUBLISHED }))
    return { key: '', title: '', items }
  }, [given])
  const hasGiven = given.length > 0
  // What was chosen in a list is what was chosen just now.
  const [draft, change, forget] = useDraft(
    hasGiven ? 'release.chosen' : 'release.new',
    initial,
    hasGiven ? withoutItems : undefined,
  )
  const { title } = draft
  const items = draft.items ?? initial.items ?? []
  const setItems = (next: readonly ReleaseItem[]) => change({ items: next })
  const once = useOnce({ id: draft.key }, ({ id }) => change({ key: id }))
  const make = useAction({
    run: () => {
      const body = { title: title.trim(), items: bodyOf(items) }
      return api.post('/v1/releases', { body, idempotencyKey: once.keyFor(body) })
    },
    touches: [['releases']],
    isShownThere: true,
    done: () => t.made,
    onDone: ({ id }) => {
      once.done()
      forget()
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
          onChange={(event) => change({ title: event.currentTarget.value })}
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
