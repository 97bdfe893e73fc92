import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../app/icons.tsx'
import { useSearchState } from '../../app/search.ts'
import { usePermission } from '../../app/session.tsx'
import { usePreferences, useTexts } from '../../i18n/preferences.tsx'
import { toInstant, toLocal } from '../../i18n/zone.ts'
import { ChoiceOf } from '../../parts/choice-of.tsx'
import { stateTexts } from '../../parts/state-badge.tsx'
import { filterOf, FILTERS, SORTS, sortOf, STATES } from './filter.ts'
import classes from './list.module.css'
import { channelsQuery } from './queries.ts'
import { texts } from './texts.ts'

const TYPING_MS = 350
const MORE = ['to', 'tag', 'groupKey', 'dedupeKey', 'error', 'provider'] as const
const TIMES = ['dueFrom', 'dueTo', 'createdFrom', 'createdTo'] as const

/** Asked for when the typing pauses, so that not every letter is a question. */
const TypedFilter = ({ name, label }: { name: string; label: string }) => {
  const [search, change] = useSearchState()
  const given = search[name] ?? ''
  const [typed, setTyped] = useState(given)
  const sent = useRef(given)
  useEffect(() => {
    if (sent.current !== given) setTyped(given)
    sent.current = given
  }, [given])
  useEffect(() => {
    if (typed.trim() === sent.current) return
    const timer = setTimeout(() => {
      sent.current = typed.trim()
      change({ [name]: sent.current === '' ? undefined : sent.current })
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, name, change])
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

const TimeFilter = ({ name, label }: { name: string; label: string }) => {
  const { timeZone } = usePreferences()
  const [search, change] = useSearchState()
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      label={label}
      value={search[name] === undefined ? '' : toLocal(search[name], timeZone)}
      onChange={(event) => change({ [name]: toInstant(event.currentTarget.value, timeZone) ?? undefined })}
    />
  )
}

const States = () => {
  const t = useTexts(texts)
  const names = useTexts(stateTexts)
  const [search, change] = useSearchState()
  const chosen = new Set((search['state'] ?? '').split(',').filter((state) => state !== ''))
  const toggle = (state: string) => {
    const next = STATES.filter((one) => (one === state ? !chosen.has(one) : chosen.has(one)))
    change({ state: next.length === 0 ? undefined : next.join(',') })
  }
  return (
    <div className={classes.states} role="group" aria-label={t.filters.state}>
      {STATES.map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={chosen.has(state)}
          className={classes.chip}
          onClick={() => toggle(state)}
        >
          {names[state]}
        </button>
      ))}
    </div>
  )
}

/** Every filter of the API, in the address; the more special ones are folded away until they are used. */
export const Filters = () => {
  const t = useTexts(texts)
  const { format } = usePreferences()
  const [search, change] = useSearchState()
  const filter = filterOf(search)
  const hasSpecial = [...MORE, ...TIMES].some((name) => name in filter)
  const [isOpen, setOpen] = useState(hasSpecial)
  const permission = usePermission('notifications:read')
  const { data: channels = [] } = useQuery({ ...channelsQuery, enabled: permission.allowed })
  return (
    <div className={classes.filters}>
      <States />
      <div className={classes.fields}>
        <TypedFilter name="q" label={t.filters.q} />
        <ChoiceOf
          isLabeled
          label={t.filters.channel}
          any={t.any}
          value={search['channel']}
          choices={channels.map(({ name }) => ({ value: name, label: name }))}
          onChange={(channel) => change({ channel })}
        />
        <NativeSelect
          size="xs"
          label={t.sort}
          value={sortOf(search)}
          onChange={(event) =>
            change({ sort: event.currentTarget.value === SORTS[0] ? undefined : event.currentTarget.value })
          }
          data={SORTS.map((value) => ({ value, label: t.sorts[value] }))}
        />
        <Button
          variant="subtle"
          size="xs"
          aria-expanded={isOpen}
          rightSection={<Icon name="down" size={14} />}
          onClick={() => setOpen((is) => !is)}
        >
          {t.moreFilters}
        </Button>
        {Object.keys(filter).length > 0 && (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
          >
            {t.clear}
          </Button>
        )}
      </div>
      {isOpen && (
        <div className={classes.fields}>
          {MORE.map((name) => (
            <TypedFilter key={name} name={name} label={t.filters[name]} />
          ))}
          {TIMES.map((name) => (
            <TimeFilter key={name} name={name} label={`${t.filters[name]} (${format.zone()})`} />
          ))}
        </div>
      )}
    </div>
  )
}
