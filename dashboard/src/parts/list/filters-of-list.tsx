import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Icon } from '../../app/icons.tsx'
import { useSearchState } from '../../app/search.ts'
import { useTexts } from '../../i18n/preferences.tsx'
import type { ShownState } from '../state-badge.tsx'
import { SortFilter, StateFilter, TimeFilter, TypedFilter } from './filter-fields.tsx'
import classes from './list.module.css'
import { texts } from './texts.ts'

interface FiltersOfListProps {
  /** Names in the address: all that `Clear filters` takes away. */
  filters: readonly string[]
  states: readonly ShownState[]
  sorts: readonly string[]
  sortNames: Readonly<Record<string, string>>
  /** Folded away until they are used: what is typed, and the times. */
  typed: readonly string[]
  times: readonly string[]
  names: Readonly<Record<string, string>>
  /** Between the states and the order. */
  children: ReactNode
}

/** Every filter of the API, in the address; the more special ones are folded away until they are used. */
export const FiltersOfList = (o: FiltersOfListProps) => {
  const t = useTexts(texts)
  const [search, change] = useSearchState()
  const isUsed = (name: string): boolean => (search[name] ?? '') !== ''
  const [isOpen, setOpen] = useState([...o.typed, ...o.times].some(isUsed))
  return (
    <div className={classes.filters}>
      <StateFilter states={o.states} />
      <div className={classes.fields}>
        {o.children}
        <SortFilter sorts={o.sorts} names={o.sortNames} />
        <Button
          variant="subtle"
          size="xs"
          aria-expanded={isOpen}
          rightSection={<Icon name="down" size={14} />}
          onClick={() => setOpen((is) => !is)}
        >
          {t.moreFilters}
        </Button>
        {o.filters.some(isUsed) && (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => change(Object.fromEntries(o.filters.map((name) => [name, undefined])))}
          >
            {t.clear}
          </Button>
        )}
      </div>
      {isOpen && (
        <div className={classes.fields}>
          {o.typed.map((name) => (
            <TypedFilter key={name} name={name} label={o.names[name] ?? name} />
          ))}
          {o.times.map((name) => (
            <TimeFilter key={name} name={name} label={o.names[name] ?? name} />
          ))}
        </div>
      )}
    </div>
  )
}
