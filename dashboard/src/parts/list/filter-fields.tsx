import { NativeSelect, TextInput } from '@mantine/core'
import { useSearchState } from '../../app/search.ts'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { toInstant, toLocal } from '../../i18n/zone.ts'
import { useTyped, wholeLocal } from '../use-typed.ts'
import { type ShownState, stateTexts } from '../state-badge.tsx'
import { Chips } from './chips.tsx'
import classes from './list.module.css'
import { texts } from './texts.ts'

export const TypedFilter = ({ name, label }: { name: string; label: string }) => {
  const [search, change] = useSearchState()
  const given = search[name] ?? ''
  const [typed, setTyped] = useTyped({
    ...{ given, read: (text) => text.trim() },
    take: (value) => change({ [name]: value === '' ? undefined : value }),
  })
  return (
    <TextInput
      size="xs"
      label={label}
      maxLength={name === 'q' ? 200 : 255}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  )
}

/** In the zone of the page, which stands beside. */
export const TimeFilter = ({ name, label }: { name: string; label: string }) => {
  const { timeZone, format } = usePreferences()
  const [search, change] = useSearchState()
  const [typed, setTyped] = useTyped({
    given: search[name] === undefined ? '' : toLocal(search[name], timeZone),
    read: (text) => (text === '' ? text : wholeLocal(text)),
    take: (text) => change({ [name]: toInstant(text, timeZone) ?? undefined }),
  })
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      label={`${label} (${format.zone()})`}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  )
}

/** Any of the states, a button each. */
export const StateFilter = ({ states }: { states: readonly ShownState[] }) => {
  const t = useTexts(texts)
  const names = useTexts(stateTexts)
  const [search, change] = useSearchState()
  return (
    <Chips
      {...{ label: t.state, className: classes.states, all: states, chosen: search['state'] ?? '' }}
      nameOf={(state) => names[state]}
      onChange={(state) => change({ state })}
    />
  )
}

interface SortFilterProps {
  /** The first where the address names none. */
  sorts: readonly string[]
  names: Readonly<Record<string, string>>
}

export const SortFilter = ({ sorts, names }: SortFilterProps) => {
  const t = useTexts(texts)
  const [search, change] = useSearchState()
  const chosen = sorts.find((sort) => sort === search['sort']) ?? sorts[0]
  return (
    <NativeSelect
      size="xs"
      label={t.sort}
      value={chosen}
      onChange={({ currentTarget: { value } }) => change({ sort: value === sorts[0] ? undefined : value })}
      data={sorts.map((value) => ({ value, label: names[value] ?? value }))}
    />
  )
}
