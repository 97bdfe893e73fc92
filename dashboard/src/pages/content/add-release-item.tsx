import { NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTexts } from '../../i18n/preferences.tsx'
import { ActionButton } from '../../parts/action-button.tsx'
import classes from './content.module.css'
import { texts as itemTexts } from './item-texts.ts'
import { type ReleaseItem, typesQuery } from './queries.ts'
import { texts } from './release-texts.ts'
import { type Action, ACTIONS } from './steps.ts'

interface AddReleaseItemProps {
  onAdd(item: ReleaseItem): void
  unless?: string | null
  isBusy?: boolean
}

/** One more item, by its name. */
export const AddReleaseItem = ({ onAdd, unless = null, isBusy = false }: AddReleaseItemProps) => {
  const t = useTexts(texts)
  const { actions } = useTexts(itemTexts)
  const { data: types = [] } = useQuery(typesQuery)
  const own = types.filter(({ external }) => !external).map(({ name }) => name)
  const [type, setType] = useState('')
  const [id, setId] = useState('')
  const [locale, setLocale] = useState('')
  const [action, setAction] = useState<Action>('publish')
  const [revision, setRevision] = useState<number | ''>('')
  const add = () => {
    onAdd({
      ...{ type: type === '' ? (own[0] ?? 'story') : type, id: id.trim(), locale, action },
      revision: action === 'publish' && revision !== '' ? revision : null,
    })
    setId('')
    setRevision('')
  }
  return (
    <div className={classes.pair} role="group" aria-label={t.add}>
      <NativeSelect
        size="xs"
        label={t.addType}
        value={type}
        data={own}
        onChange={(event) => setType(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label={t.addId}
        maxLength={200}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        w="5rem"
        label={t.addLocale}
        maxLength={35}
        value={locale}
        onChange={(event) => setLocale(event.currentTarget.value.trim())}
      />
      <NativeSelect
        size="xs"
        label={t.columns.action}
        value={action}
        data={ACTIONS.map((value) => ({ value, label: actions[value] }))}
        onChange={(event) => setAction(event.currentTarget.value as Action)}
      />
      {action === 'publish' && (
        <NumberInput
          size="xs"
          w="6.5rem"
          label={t.addRevision}
          placeholder={t.draft}
          min={1}
          allowDecimal={false}
          value={revision}
          onChange={(value) => setRevision(typeof value === 'number' ? value : '')}
        />
      )}
      <ActionButton
        needs="content:publish"
        variant="default"
        size="xs"
        unless={unless ?? (id.trim() === '' ? t.noId : null)}
        loading={isBusy}
        onClick={add}
      >
        {t.addButton}
      </ActionButton>
    </div>
  )
}
